import type { Migration } from '../store/index.ts';
import { recordFoundModels } from './found-models.ts';

export const migrations: readonly Migration[] = [
  {
    number: 6,
    name: 'registry: models, versions, aliases, tags',
    sql: `
      CREATE TABLE registered_model (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        description TEXT NOT NULL,
        created_at INTEGER NOT NULL,      -- ms UTC, as all times here
        updated_at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE registered_model_tag (
        model INTEGER NOT NULL REFERENCES registered_model (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (model, key)
      ) WITHOUT ROWID, STRICT;

      -- A deleted version keeps its number, so that the number is never given out again.
      CREATE TABLE model_version (
        model INTEGER NOT NULL REFERENCES registered_model (id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        description TEXT NOT NULL,
        stage TEXT NOT NULL DEFAULT 'None',
        source TEXT NOT NULL,             -- as the client named it
        storage_location TEXT NOT NULL,   -- where the files are, as URI
        run_id TEXT NOT NULL,
        run_link TEXT NOT NULL,
        model_id TEXT NOT NULL,           -- the logged model it came from, or ''
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        is_deleted INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (model, version)
      ) WITHOUT ROWID, STRICT;
      CREATE INDEX model_version_by_run ON model_version (run_id) WHERE run_id != '';
      CREATE TABLE model_version_tag (
        model INTEGER NOT NULL,
        version INTEGER NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (model, version, key),
        FOREIGN KEY (model, version) REFERENCES model_version (model, version) ON DELETE CASCADE
      ) WITHOUT ROWID, STRICT;
      CREATE TABLE model_alias (
        model INTEGER NOT NULL,
        alias TEXT NOT NULL,
        version INTEGER NOT NULL,
        PRIMARY KEY (model, alias),
        FOREIGN KEY (model, version) REFERENCES model_version (model, version) ON DELETE CASCADE
      ) WITHOUT ROWID, STRICT;
    `,
  },
  {
    number: 24,
    name: 'registry: history, use and cards of models',
    sql: `
      -- The entry with which the model's history began.
      ALTER TABLE registered_model ADD COLUMN history INTEGER;

      -- Every change of the registry, each chained to the one before by its hash (docs/models.md). Nothing is changed or removed.
      CREATE TABLE registry_history (
        seq INTEGER PRIMARY KEY,          -- 1, 2, 3 … without a gap
        at_ms INTEGER NOT NULL,           -- UTC
        who TEXT NOT NULL,
        via TEXT NOT NULL,
        kind TEXT NOT NULL,
        subject INTEGER NOT NULL,         -- the entry with which the model's history began: its identity, whatever it is called
        model TEXT NOT NULL,              -- its name then
        version INTEGER,
        item TEXT NOT NULL,               -- the alias, or the key of a tag
        before_value TEXT,
        after_value TEXT,
        reason TEXT NOT NULL,
        evidence TEXT,                    -- JSON
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL
      ) STRICT;
      CREATE INDEX registry_history_by_subject ON registry_history (subject, seq);
      CREATE INDEX registry_history_by_version ON registry_history (subject, version, seq);
      CREATE INDEX registry_history_by_model ON registry_history (model, seq);
      CREATE INDEX registry_history_by_alias ON registry_history (subject, item, at_ms, seq)
        WHERE kind IN ('alias-set', 'alias-rolled-back', 'alias-removed');
      CREATE TRIGGER registry_history_is_kept BEFORE DELETE ON registry_history BEGIN
        SELECT raise(ABORT, 'The history of the registry is only ever added to.');
      END;
      CREATE TRIGGER registry_history_is_fixed BEFORE UPDATE ON registry_history BEGIN
        SELECT raise(ABORT, 'The history of the registry is only ever added to.');
      END;
      CREATE TRIGGER registry_history_is_chained BEFORE INSERT ON registry_history
        WHEN new.seq != coalesce((SELECT max(seq) FROM registry_history), 0) + 1
          OR new.previous_hash != coalesce((SELECT hash FROM registry_history ORDER BY seq DESC LIMIT 1),
            '0000000000000000000000000000000000000000000000000000000000000000') BEGIN
        SELECT raise(ABORT, 'An entry of the history of the registry follows the last one.');
      END;

      CREATE INDEX model_version_by_logged ON model_version (model_id) WHERE model_id != '';

      -- Runs that asked for the files of a version.
      CREATE TABLE model_version_use (
        model INTEGER NOT NULL,
        version INTEGER NOT NULL,
        run_id TEXT NOT NULL,
        at_ms INTEGER NOT NULL,           -- for the first time
        PRIMARY KEY (model, version, run_id),
        FOREIGN KEY (model, version) REFERENCES model_version (model, version) ON DELETE CASCADE
      ) WITHOUT ROWID, STRICT;
      CREATE INDEX model_version_use_by_run ON model_version_use (run_id);

      -- What a person wrote for the card of a version.
      CREATE TABLE model_card (
        model INTEGER NOT NULL,
        version INTEGER NOT NULL,
        answers TEXT NOT NULL,            -- JSON
        updated_at INTEGER NOT NULL,
        PRIMARY KEY (model, version),
        FOREIGN KEY (model, version) REFERENCES model_version (model, version) ON DELETE CASCADE
      ) WITHOUT ROWID, STRICT;
    `,
    run: recordFoundModels,
  },
  {
    number: 28,
    name: 'registry: deleted models can come back',
    sql: `
      -- What it was called until it was deleted; NULL while it is there. A deleted model has its number for a name, behind a slash,
      -- which no model can have. Versions that went with it have is_deleted = 2.
      ALTER TABLE registered_model ADD COLUMN deleted_name TEXT;
      CREATE INDEX registered_model_deleted ON registered_model (deleted_name) WHERE deleted_name IS NOT NULL;
    `,
  },
];
