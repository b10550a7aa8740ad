import type { Migration } from '../store/index.ts';
import { segmentsFromPoints } from './points/segments-from-points.ts';
import { unsaidTags, waitingWords } from './search/waiting-words.ts';

export const migrations: readonly Migration[] = [
  {
    number: 1,
    name: 'tracking: experiments, runs, params, tags, series, artifacts',
    sql: `
      -- Names of params, metrics and tags, each stored once.
      CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

      CREATE TABLE experiment (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,        -- a deleted experiment keeps its name
        artifact_location TEXT,
        lifecycle TEXT NOT NULL DEFAULT 'active',
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
      INSERT INTO experiment (id, name, created_at, updated_at) VALUES (0, 'Default', 0, 0);

      CREATE TABLE run (
        id INTEGER PRIMARY KEY,
        run_id TEXT NOT NULL UNIQUE,      -- 32 hex, as MLflow has it
        experiment INTEGER NOT NULL REFERENCES experiment (id),
        project_id TEXT,
        parent_run_id TEXT,
        name TEXT NOT NULL,
        status TEXT NOT NULL,
        ending TEXT,
        exit_code INTEGER,
        created_at INTEGER NOT NULL,
        started_at INTEGER,
        ended_at INTEGER,
        command TEXT NOT NULL,            -- JSON array
        working_folder TEXT,
        source TEXT NOT NULL,
        is_starred INTEGER NOT NULL DEFAULT 0,
        note TEXT NOT NULL DEFAULT '',
        deleted_at INTEGER
      ) STRICT;
      CREATE INDEX run_by_project ON run (project_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
      CREATE INDEX run_by_created ON run (created_at DESC, id DESC) WHERE deleted_at IS NULL;
      CREATE INDEX run_unfinished ON run (status) WHERE status IN ('queued', 'running');
      CREATE INDEX run_by_parent ON run (parent_run_id) WHERE parent_run_id IS NOT NULL;

      CREATE TABLE param (
        run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        name INTEGER NOT NULL REFERENCES name (id),
        value TEXT NOT NULL,
        PRIMARY KEY (run, name)
      ) WITHOUT ROWID, STRICT;
      CREATE INDEX param_by_value ON param (name, value);

      CREATE TABLE tag (
        run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        name INTEGER NOT NULL REFERENCES name (id),
        value TEXT NOT NULL,
        PRIMARY KEY (run, name)
      ) WITHOUT ROWID, STRICT;

      -- One metric of one run, with what a table of runs shows of it. "Last" is the greatest (step, time, value).
      -- Values have no declared type: SQLite has no NaN, so NaN is stored as the text 'NaN'.
      CREATE TABLE series (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        name INTEGER NOT NULL REFERENCES name (id),
        is_guessed INTEGER NOT NULL,
        point_count INTEGER NOT NULL DEFAULT 0,
        last_step INTEGER NOT NULL DEFAULT 0,
        last_time INTEGER NOT NULL DEFAULT 0,
        last_value ANY,
        min_value ANY,
        max_value ANY,
        UNIQUE (run, name)
      );
      CREATE INDEX series_by_last ON series (name, last_value);

      -- The points themselves. The key is the whole point, so that a point sent twice is stored once.
      CREATE TABLE point (
        series INTEGER NOT NULL,
        step INTEGER NOT NULL,
        time INTEGER NOT NULL,            -- ms UTC
        value ANY NOT NULL,
        PRIMARY KEY (series, step, time, value)
      ) WITHOUT ROWID;

      CREATE TABLE artifact (
        run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        path TEXT NOT NULL,               -- forward slashes; data, never a path of this machine
        object_id TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        PRIMARY KEY (run, path)
      ) WITHOUT ROWID, STRICT;
    `,
  },
  {
    number: 5,
    name: 'tracking: what MLflow clients record beside runs',
    sql: `
      ALTER TABLE run ADD COLUMN user_id TEXT;
      -- When a client's first run became this supervised run; NULL while it may still.
      ALTER TABLE run ADD COLUMN claimed_at INTEGER;
      -- Default is as old as the store, not as time itself.
      UPDATE experiment SET created_at = unixepoch() * 1000, updated_at = unixepoch() * 1000 WHERE created_at = 0;
      CREATE INDEX run_by_experiment ON run (experiment, started_at DESC, run_id);

      CREATE TABLE experiment_tag (
        experiment INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (experiment, key)
      ) WITHOUT ROWID, STRICT;

      -- A data set that a run of an experiment logged, as MLflow describes it.
      CREATE TABLE dataset (
        id INTEGER PRIMARY KEY,
        experiment INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        digest TEXT NOT NULL,
        source_type TEXT NOT NULL,
        source TEXT NOT NULL,
        schema TEXT,
        profile TEXT,
        UNIQUE (experiment, name, digest)
      ) STRICT;
      CREATE TABLE run_dataset (
        run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        dataset INTEGER NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
        PRIMARY KEY (run, dataset)
      ) WITHOUT ROWID, STRICT;
      CREATE TABLE run_dataset_tag (
        run INTEGER NOT NULL,
        dataset INTEGER NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (run, dataset, key),
        FOREIGN KEY (run, dataset) REFERENCES run_dataset (run, dataset) ON DELETE CASCADE
      ) WITHOUT ROWID, STRICT;

      CREATE TABLE logged_model (
        id INTEGER PRIMARY KEY,
        model_id TEXT NOT NULL UNIQUE,    -- 'm-' and 32 hex, as MLflow has it
        experiment INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        model_type TEXT NOT NULL,
        source_run_id TEXT NOT NULL,
        status TEXT NOT NULL,             -- 'pending', 'ready', 'upload_failed', 'unspecified'
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        deleted_at INTEGER
      ) STRICT;
      CREATE INDEX logged_model_by_experiment ON logged_model (experiment, created_at DESC);
      CREATE TABLE logged_model_param (
        model INTEGER NOT NULL REFERENCES logged_model (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (model, key)
      ) WITHOUT ROWID, STRICT;
      CREATE TABLE logged_model_tag (
        model INTEGER NOT NULL REFERENCES logged_model (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (model, key)
      ) WITHOUT ROWID, STRICT;
      CREATE TABLE logged_model_metric (
        model INTEGER NOT NULL REFERENCES logged_model (id) ON DELETE CASCADE,
        run_id TEXT NOT NULL,
        key TEXT NOT NULL,
        time INTEGER NOT NULL,            -- ms UTC
        step INTEGER NOT NULL,
        value ANY NOT NULL,
        dataset_name TEXT,
        dataset_digest TEXT,
        PRIMARY KEY (model, key, time, step, run_id)
      ) WITHOUT ROWID;
      -- Models that a run read or produced.
      CREATE TABLE run_model (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        model_id TEXT NOT NULL,
        direction TEXT NOT NULL,          -- 'input' or 'output'
        step INTEGER,
        UNIQUE (run, direction, model_id, step)
      ) STRICT;

      -- Files below mlflow-artifacts: that belong to no run: those of logged models, and whatever a client puts elsewhere.
      CREATE TABLE proxied_file (
        path TEXT PRIMARY KEY,            -- forward slashes; data, never a path of this machine
        object_id TEXT NOT NULL,
        size_bytes INTEGER NOT NULL
      ) WITHOUT ROWID, STRICT;
    `,
  },
  {
    number: 8,
    name: 'tracking: points in segments',
    sql: `
      -- Points that were accepted and are not in their series yet: a row for each batch. docs/storage.md has the bytes.
      CREATE TABLE intake (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;

      -- Points of one series between two keys, ordered by (step, time, value). Segments of a series never overlap.
      CREATE TABLE segment (
        series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
        first_step INTEGER NOT NULL,
        first_time INTEGER NOT NULL,      -- ms UTC
        part INTEGER NOT NULL,            -- tells apart segments that begin at the same step and time
        last_step INTEGER NOT NULL,
        last_time INTEGER NOT NULL,
        count INTEGER NOT NULL,
        min_time INTEGER,                 -- both NULL where times never fall from point to point
        max_time INTEGER,
        marks BLOB,                       -- first, least, greatest, last point and the ends of what is NaN; NULL for a small one
        body BLOB NOT NULL,
        PRIMARY KEY (series, first_step, first_time, part)
      ) WITHOUT ROWID, STRICT;
    `,
    run: segmentsFromPoints,
  },
  {
    number: 10,
    name: 'tracking: indexes and words to search runs by',
    sql: `
      -- Every comparison and order of the search finds its runs in an index that also holds the run.
      DROP INDEX IF EXISTS series_by_last;
      CREATE INDEX series_by_value ON series (name, last_value, run);
      CREATE INDEX tag_by_value ON tag (name, value);
      -- The expression is numberOrText: a number where the value is written like one.
      CREATE INDEX param_by_number ON param (name,
        iif(value GLOB '*[0-9]*' AND NOT value GLOB '*[^-+.0-9eE]*' AND NOT value GLOB '*[0-9.]-*', CAST(value AS REAL), value));
      CREATE INDEX run_by_start ON run (started_at DESC, run_id);
      CREATE INDEX run_by_name ON run (name, started_at DESC, run_id);
      CREATE INDEX run_by_status ON run (status, started_at DESC, run_id);
      CREATE INDEX run_by_duration ON run ((ended_at - started_at), started_at DESC, run_id);
      CREATE INDEX run_starred ON run (is_starred) WHERE is_starred = 1;
      CREATE INDEX run_in_bin ON run (deleted_at) WHERE deleted_at IS NOT NULL;

      -- The words of runs: one row for a run's own, one for each param, one for each tag. The row's number is
      -- (run << 34) | (name << 2) | kind (0 the run's own, 1 a param, 2 a tag), so that it names the run.
      CREATE VIRTUAL TABLE run_text USING fts5 (text, content = '', contentless_delete = 1, prefix = '1 2 3',
        tokenize = "unicode61 remove_diacritics 2");
      INSERT INTO run_text (rowid, text) SELECT id << 34, run_id || ' ' || name || ' ' || note || ' ' || command FROM run;
      INSERT INTO run_text (rowid, text) SELECT ((run << 34) | (name << 2) | 1), substr(value, 1, 4000) FROM param;
      INSERT INTO run_text (rowid, text) SELECT ((t.run << 34) | (t.name << 2) | 2), substr(t.value, 1, 4000)
        FROM tag t JOIN name n ON n.id = t.name WHERE n.text != 'mlflow.log-model.history';

      CREATE TRIGGER run_text_insert AFTER INSERT ON run BEGIN
        INSERT INTO run_text (rowid, text) VALUES (new.id << 34, new.run_id || ' ' || new.name || ' ' || new.note || ' ' || new.command);
      END;
      CREATE TRIGGER run_text_update AFTER UPDATE OF name, note, command ON run
        WHEN old.name != new.name OR old.note != new.note OR old.command != new.command BEGIN
        UPDATE run_text SET text = new.run_id || ' ' || new.name || ' ' || new.note || ' ' || new.command WHERE rowid = new.id << 34;
      END;
      CREATE TRIGGER run_text_delete AFTER DELETE ON run BEGIN
        DELETE FROM run_text WHERE rowid = old.id << 34;
      END;
      CREATE TRIGGER param_text_insert AFTER INSERT ON param BEGIN
        INSERT INTO run_text (rowid, text) VALUES (((new.run << 34) | (new.name << 2) | 1), substr(new.value, 1, 4000));
      END;
      CREATE TRIGGER param_text_delete AFTER DELETE ON param BEGIN
        DELETE FROM run_text WHERE rowid = ((old.run << 34) | (old.name << 2) | 1);
      END;
      CREATE TRIGGER tag_text_insert AFTER INSERT ON tag
        WHEN (SELECT text FROM name WHERE id = new.name) != 'mlflow.log-model.history' BEGIN
        INSERT INTO run_text (rowid, text) VALUES (((new.run << 34) | (new.name << 2) | 2), substr(new.value, 1, 4000));
      END;
      CREATE TRIGGER tag_text_update AFTER UPDATE OF value ON tag
        WHEN old.value != new.value AND (SELECT text FROM name WHERE id = new.name) != 'mlflow.log-model.history' BEGIN
        UPDATE run_text SET text = substr(new.value, 1, 4000) WHERE rowid = ((new.run << 34) | (new.name << 2) | 2);
      END;
      CREATE TRIGGER tag_text_delete AFTER DELETE ON tag
        WHEN (SELECT text FROM name WHERE id = old.name) != 'mlflow.log-model.history' BEGIN
        DELETE FROM run_text WHERE rowid = ((old.run << 34) | (old.name << 2) | 2);
      END;
    `,
  },
  {
    number: 11,
    name: 'tracking: who says what a series is',
    sql: `
      -- 'told' by the program itself, or read from its 'console' or from a 'file' it wrote.
      ALTER TABLE series ADD COLUMN origin TEXT NOT NULL DEFAULT 'told';
      UPDATE series SET origin = 'console' WHERE is_guessed = 1;
      ALTER TABLE series DROP COLUMN is_guessed;
    `,
  },
  {
    number: 12,
    name: 'tracking: when runs stood still',
    sql: `
      -- JSON: the contract's RunGap, paused or asleep; NULL for a run that never stood still.
      ALTER TABLE run ADD COLUMN gaps TEXT;
      -- How much of the time from start to end they take, in ms; not part of the duration.
      ALTER TABLE run ADD COLUMN still_ms INTEGER NOT NULL DEFAULT 0;
      DROP INDEX run_by_duration;
      CREATE INDEX run_by_duration ON run ((ended_at - started_at - still_ms), started_at DESC, run_id);
    `,
  },
  {
    number: 13,
    name: 'tracking: rules for measures that were read',
    sql: `
      -- What a person said of a measure that was read from a console or a file, for all runs of a project.
      CREATE TABLE measure_rule (
        project_id TEXT NOT NULL,
        name INTEGER NOT NULL REFERENCES name (id),   -- as it is read
        shown_name INTEGER REFERENCES name (id),      -- NULL: ignored
        created_at INTEGER NOT NULL,
        PRIMARY KEY (project_id, name)
      ) WITHOUT ROWID, STRICT;
      -- The name it was read under, where a rule gives it another.
      ALTER TABLE series ADD COLUMN read_name INTEGER REFERENCES name (id);
      ALTER TABLE series ADD COLUMN is_ignored INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX series_by_read_name ON series (read_name) WHERE read_name IS NOT NULL;
    `,
  },
  {
    number: 36,
    name: 'tracking: indexes of runs that grow at their end',
    sql: `
      -- Runs come in the order of time, and a b-tree takes what comes at its end for the least work: in a descending index everything came
      -- at the beginning and split pages at nearly every insert. Read backwards, these give the newest first.
      DROP INDEX run_by_project;
      CREATE INDEX run_by_project ON run (project_id, created_at) WHERE deleted_at IS NULL;
      DROP INDEX run_by_created;
      CREATE INDEX run_by_created ON run (created_at) WHERE deleted_at IS NULL;
      DROP INDEX run_by_experiment;
      CREATE INDEX run_by_experiment ON run (experiment, started_at, run_id DESC);
      DROP INDEX run_by_start;
      CREATE INDEX run_by_start ON run (started_at, run_id DESC);
      DROP INDEX run_by_name;
      CREATE INDEX run_by_name ON run (name, started_at, run_id DESC);
      DROP INDEX run_by_status;
      CREATE INDEX run_by_status ON run (status, started_at, run_id DESC);
      -- Runs that lasted equally long are in no order of an index in any case.
      DROP INDEX run_by_duration;
      CREATE INDEX run_by_duration ON run ((ended_at - started_at - still_ms));
      -- run_by_status finds them as well.
      DROP INDEX run_unfinished;
    `,
  },
  waitingWords,
  unsaidTags,
];
