import type { Migration } from '../store/index.ts';

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
];
