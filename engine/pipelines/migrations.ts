import type { Migration } from '../store/index.ts';

export const migrations: readonly Migration[] = [
  {
    number: 4,
    name: 'pipelines: executions',
    sql: `
      CREATE TABLE execution (
        id TEXT PRIMARY KEY,
        project_id TEXT NOT NULL,
        status TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        ended_at INTEGER,
        stages TEXT NOT NULL              -- JSON: [{name, state, runId}], in the order they run
      ) STRICT;
      CREATE INDEX execution_by_project ON execution (project_id, started_at DESC);
      CREATE INDEX execution_unfinished ON execution (status) WHERE status = 'running';
    `,
  },
  {
    number: 20,
    name: 'pipelines: results of stages',
    sql: `
      -- A run of a stage that ended well: what it read and was told, and what it wrote. Versions are the data room's.
      CREATE TABLE stage_result (
        id INTEGER PRIMARY KEY,
        project_id TEXT NOT NULL,
        stage TEXT NOT NULL,
        key TEXT,                         -- the same key is the same work; NULL when its inputs changed while it ran
        run_id TEXT NOT NULL UNIQUE REFERENCES run (run_id) ON DELETE CASCADE,
        recorded_at INTEGER NOT NULL,
        used_at INTEGER NOT NULL,         -- when its outputs were made or last brought back
        inputs TEXT NOT NULL,             -- JSON: StageInputs
        outputs TEXT NOT NULL,            -- JSON: [{path, version, isKept}]
        reasons TEXT NOT NULL,            -- JSON: the contract's StageReason, why it ran
        undeclared TEXT NOT NULL,         -- JSON: paths that it was seen reading
        lock_entry TEXT,                  -- sha256 of its entry in dvc.lock
        elapsed_ms INTEGER                -- how long its run took
      ) STRICT;
      CREATE INDEX stage_result_by_key ON stage_result (project_id, key, id) WHERE key IS NOT NULL;
      CREATE INDEX stage_result_by_stage ON stage_result (project_id, stage, used_at, id);

      CREATE TABLE stage_environment (
        id TEXT PRIMARY KEY,              -- sha256 of interpreter and packages
        content TEXT NOT NULL             -- JSON: StageEnvironment
      ) WITHOUT ROWID, STRICT;
      -- Files' times of an interpreter and its packages, and what it said when they were so.
      CREATE TABLE stage_environment_stamp (
        stamp TEXT PRIMARY KEY,
        environment TEXT NOT NULL REFERENCES stage_environment (id)
      ) WITHOUT ROWID, STRICT;
      -- What DVC calls a content.
      CREATE TABLE content_md5 (object_id TEXT PRIMARY KEY, md5 TEXT NOT NULL) WITHOUT ROWID, STRICT;
    `,
  },
  {
    number: 21,
    name: 'pipelines: a row for each stage of an execution',
    sql: `
      ALTER TABLE execution RENAME TO execution_before;
      DROP INDEX execution_by_project;
      DROP INDEX execution_unfinished;
      CREATE TABLE execution (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,          -- 16 hex
        project_id TEXT NOT NULL,
        status TEXT NOT NULL,             -- running, finished, failed, killed
        cause TEXT NOT NULL,
        settings TEXT NOT NULL,           -- JSON: {jobs, isForced, keepGoing}
        started_at INTEGER NOT NULL,      -- ms UTC
        ended_at INTEGER
      ) STRICT;
      CREATE TABLE execution_stage (
        execution INTEGER NOT NULL REFERENCES execution (number) ON DELETE CASCADE,
        position INTEGER NOT NULL,        -- from 0, in an order in which they can run
        name TEXT NOT NULL,
        state TEXT NOT NULL,
        run_id TEXT,                      -- of its last try; written before that run is
        key TEXT,                         -- what it was judged by
        reasons TEXT NOT NULL DEFAULT '[]', -- JSON: the contract's StageReason
        started_at INTEGER,               -- ms UTC
        ended_at INTEGER,
        tries INTEGER NOT NULL DEFAULT 0,
        note TEXT,
        memory_bytes INTEGER,             -- the most that its last try used; null where that was not measured
        PRIMARY KEY (execution, position)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO execution (id, project_id, status, cause, settings, started_at, ended_at)
        SELECT id, project_id, status, 'asked', '{"jobs":null,"isForced":false,"keepGoing":false}', started_at, ended_at
        FROM execution_before ORDER BY started_at;
      INSERT INTO execution_stage (execution, position, name, state, run_id)
        SELECT e.number, s.key, s.value ->> 'name', s.value ->> 'state', s.value ->> 'runId'
        FROM execution_before b JOIN execution e ON e.id = b.id, json_each(b.stages) s;
      DROP TABLE execution_before;
      CREATE INDEX execution_by_project ON execution (project_id, started_at DESC);
      CREATE UNIQUE INDEX execution_unfinished ON execution (project_id) WHERE status = 'running';
    `,
  },
  {
    number: 22,
    name: 'pipelines: triggers and what they did',
    sql: `
      CREATE TABLE pipeline_trigger (
        id TEXT PRIMARY KEY,
        project_id TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        settings TEXT NOT NULL,           -- JSON: the contract's TriggerSettings
        memory TEXT NOT NULL,             -- JSON: what it has dealt with of what it watches
        waiting TEXT,                     -- JSON: a start that is due
        last_start TEXT                   -- JSON: {at, executionId}
      ) WITHOUT ROWID, STRICT;
      CREATE TABLE pipeline_trigger_event (
        id INTEGER PRIMARY KEY,
        trigger_id TEXT NOT NULL REFERENCES pipeline_trigger (id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        cause TEXT NOT NULL,
        note TEXT,
        execution_id TEXT
      ) STRICT;
      CREATE INDEX pipeline_trigger_event_by_trigger ON pipeline_trigger_event (trigger_id, id);
    `,
  },
  {
    number: 35,
    name: 'pipelines: definitions as they were read',
    sql: `
      -- Nothing is lost with it: what is not here, or is out of date, is read again.
      CREATE TABLE pipeline_definition (
        id INTEGER PRIMARY KEY,
        project_path TEXT NOT NULL UNIQUE,
        reader TEXT NOT NULL,             -- the program that read it
        content TEXT NOT NULL             -- JSON: the states of the files that were read, and the contract's Pipeline
      ) STRICT;
    `,
  },
  {
    number: 39,
    name: 'pipelines: results by their keys alone',
    sql: `
      -- A key is a hash, which only a copy of the project has too.
      DROP INDEX stage_result_by_key;
      CREATE INDEX stage_result_by_key ON stage_result (key) WHERE key IS NOT NULL;
    `,
  },
];
