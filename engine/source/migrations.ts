import type { Migration } from '../store/index.ts';
import { leftOutLists } from './left-out-lists.ts';

export const migrations: readonly Migration[] = [
  {
    number: 15,
    name: 'source: the code of each run',
    sql: `
      CREATE TABLE snapshot (
        run_id TEXT PRIMARY KEY REFERENCES run (run_id) ON DELETE CASCADE,
        repository TEXT NOT NULL CHECK (repository IN ('own', 'private')),
        repository_path TEXT NOT NULL,    -- the git folder that holds the commit
        ref TEXT NOT NULL,
        root_path TEXT NOT NULL,          -- the folder whose files it holds
        commit_id TEXT,                   -- with problem both NULL: it is being taken
        tree_id TEXT,
        parent_id TEXT,
        began_at INTEGER NOT NULL,        -- milliseconds UTC
        took_ms INTEGER,
        more_left_out INTEGER NOT NULL DEFAULT 0,
        changed_meanwhile TEXT NOT NULL DEFAULT '[]', -- JSON: paths
        problem TEXT
      ) STRICT;

      CREATE TABLE snapshot_left_out (
        run_id TEXT NOT NULL REFERENCES snapshot (run_id) ON DELETE CASCADE,
        path TEXT NOT NULL,
        reason TEXT NOT NULL,
        why TEXT NOT NULL,
        size_bytes INTEGER,
        object_id TEXT,                   -- where its content is kept
        PRIMARY KEY (run_id, path)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX snapshot_left_out_object ON snapshot_left_out (object_id) WHERE object_id IS NOT NULL;

      -- Refs of snapshots that were erased, until they are removed from their repositories too.
      CREATE TABLE erased_snapshot (
        repository_path TEXT NOT NULL,
        ref TEXT NOT NULL,
        PRIMARY KEY (repository_path, ref)
      ) STRICT, WITHOUT ROWID;
      CREATE TRIGGER snapshot_erased AFTER DELETE ON snapshot BEGIN
        INSERT OR IGNORE INTO erased_snapshot VALUES (OLD.repository_path, OLD.ref);
      END;
    `,
  },
  leftOutLists,
];
