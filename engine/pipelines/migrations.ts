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
    `,
  },
];
