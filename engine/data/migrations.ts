import type { Migration } from '../store/index.ts';

export const migrations: readonly Migration[] = [
  {
    number: 14,
    name: 'data: versions of files and folders, and the runs that read them',
    sql: `
      CREATE TABLE data_set (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,        -- absolute, links resolved
        project_id TEXT,                  -- the project whose folder held it
        created_at INTEGER NOT NULL       -- ms UTC, as all times here
      ) STRICT;
      CREATE INDEX data_set_by_project ON data_set (project_id);

      CREATE TABLE data_version (
        id TEXT PRIMARY KEY,              -- sha256 of the manifest, which is stored as an object
        kind TEXT NOT NULL,               -- 'file' or 'folder'
        file_count INTEGER NOT NULL,
        link_count INTEGER NOT NULL,
        size_bytes INTEGER NOT NULL,
        only_object TEXT,                 -- of a version with one file: its content
        created_at INTEGER NOT NULL
      ) WITHOUT ROWID, STRICT;
      CREATE INDEX data_version_by_object ON data_version (only_object) WHERE only_object IS NOT NULL;

      -- Every stored file that a version needs, manifests included, so that the collector of garbage leaves it.
      CREATE TABLE data_object (object_id TEXT PRIMARY KEY) WITHOUT ROWID, STRICT;

      -- The timeline of a data set: a new row whenever it holds something else than before.
      CREATE TABLE data_moment (
        id INTEGER PRIMARY KEY,
        data_set INTEGER NOT NULL REFERENCES data_set (id) ON DELETE CASCADE,
        version TEXT NOT NULL REFERENCES data_version (id),
        first_seen_at INTEGER NOT NULL,
        last_seen_at INTEGER NOT NULL,
        files TEXT,                       -- JSON: {added, removed, changed} against the row before; NULL for the first
        problem_count INTEGER NOT NULL,
        problems TEXT NOT NULL            -- JSON: the first of the contract's DataProblem
      ) STRICT;
      CREATE INDEX data_moment_by_set ON data_moment (data_set, id);
      CREATE INDEX data_moment_by_version ON data_moment (version, id);

      CREATE TABLE run_data (
        run_id TEXT NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
        data_set INTEGER NOT NULL REFERENCES data_set (id) ON DELETE CASCADE,
        role TEXT NOT NULL,               -- 'input' or 'output'
        known_by TEXT NOT NULL,           -- JSON: the contract's DataKnownBy, each once
        state TEXT NOT NULL,              -- 'reading', 'recorded', 'changed', 'failed'
        version TEXT REFERENCES data_version (id),
        note TEXT,
        PRIMARY KEY (run_id, data_set, role)
      ) WITHOUT ROWID, STRICT;
      CREATE INDEX run_data_by_set ON run_data (data_set, run_id);
      CREATE INDEX run_data_by_version ON run_data (version) WHERE version IS NOT NULL;
      -- Who made the file that somebody read.
      CREATE INDEX artifact_by_object ON artifact (object_id);

      -- A table's profile depends on its content alone.
      CREATE TABLE table_profile (
        object_id TEXT NOT NULL,
        format TEXT NOT NULL,             -- how it was read: 'csv', 'csv.gz', 'parquet'
        profile TEXT NOT NULL,            -- JSON: the contract's TableProfile
        PRIMARY KEY (object_id, format)
      ) WITHOUT ROWID, STRICT;
    `,
  },
  {
    number: 18,
    name: 'data: what an unchanged folder is known by',
    sql: `
      -- Of a folder that was read whole: a hash of its names with inodes, sizes and times, and the version that they had then.
      CREATE TABLE data_tree (
        data_set INTEGER PRIMARY KEY REFERENCES data_set (id) ON DELETE CASCADE,
        signature BLOB NOT NULL,
        version TEXT NOT NULL REFERENCES data_version (id)
      ) STRICT;
    `,
  },
  {
    number: 19,
    name: 'data: what the parts of a folder are known by',
    sql: `
      DROP TABLE data_tree;
      -- Of a folder whose latest version was read: what its blocks of neighbouring files looked like (known-tree.ts).
      CREATE TABLE data_tree (
        data_set INTEGER PRIMARY KEY REFERENCES data_set (id) ON DELETE CASCADE,
        version TEXT NOT NULL REFERENCES data_version (id),
        blocks BLOB NOT NULL              -- 16 bytes each
      ) STRICT;
      -- Versions whose files are not all in data_object yet.
      CREATE TABLE data_unkept (version TEXT PRIMARY KEY REFERENCES data_version (id)) WITHOUT ROWID, STRICT;
    `,
  },
  {
    number: 34,
    name: 'data: the manifest of a single file beside its version',
    sql: `
      -- The text of a file's manifest: one line, for which an object of its own would be more work than the file. NULL where it is stored
      -- as an object, as those of folders are.
      ALTER TABLE data_version ADD COLUMN manifest TEXT;
    `,
  },
  {
    number: 38,
    name: 'data: what runs read and wrote, by the numbers of runs',
    sql: `
      -- The ids of runs are random, those of versions too: what was written of one run lay all over two trees and an index. By their numbers
      -- the latest runs lie together, and what one version is to a data set is found in the index that tells its runs.
      CREATE TABLE run_data_by_number (
        run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        data_set INTEGER NOT NULL REFERENCES data_set (id) ON DELETE CASCADE,
        role TEXT NOT NULL,               -- 'input' or 'output'
        known_by TEXT NOT NULL,           -- JSON: the contract's DataKnownBy, each once
        state TEXT NOT NULL,              -- 'reading', 'recorded', 'changed', 'failed'
        version TEXT REFERENCES data_version (id),
        note TEXT,
        PRIMARY KEY (run, data_set, role)
      ) WITHOUT ROWID, STRICT;
      INSERT INTO run_data_by_number
        SELECT r.id, d.data_set, d.role, d.known_by, d.state, d.version, d.note FROM run r JOIN run_data d ON d.run_id = r.run_id
        ORDER BY r.id;
      DROP TABLE run_data;
      ALTER TABLE run_data_by_number RENAME TO run_data;
      CREATE INDEX run_data_by_set ON run_data (data_set, version, run);
    `,
  },
];
