import type { Migration } from '../store/index.ts';

export const migrations: readonly Migration[] = [
  {
    number: 2,
    name: 'objects: files by content',
    sql: `
      CREATE TABLE object (
        id TEXT PRIMARY KEY,              -- sha256 of the content, hex
        size_bytes INTEGER NOT NULL,
        created_at INTEGER NOT NULL       -- ms UTC
      ) WITHOUT ROWID, STRICT;
    `,
  },
  {
    number: 17,
    name: 'objects: packs, chunks, and what files were when they were read',
    sql: `
      ALTER TABLE object ADD COLUMN layout INTEGER NOT NULL DEFAULT 0;  -- 0 a file of its own, 1 whole in a pack, 2 in chunks
      ALTER TABLE object ADD COLUMN pack INTEGER;                       -- of one that is whole in a pack
      ALTER TABLE object ADD COLUMN position INTEGER;
      CREATE TABLE pack (
        id INTEGER PRIMARY KEY,           -- the number in the name of its file
        size_bytes INTEGER NOT NULL,      -- what lies behind is left over from a crash
        created_at INTEGER NOT NULL,
        verified_at INTEGER,              -- ms UTC, when all of it was last read and found sound
        damage TEXT                       -- what was found wrong with it when it was last read
      ) STRICT;
      CREATE TABLE chunk (
        id INTEGER PRIMARY KEY,
        proof BLOB NOT NULL,              -- 16 bytes
        pack INTEGER NOT NULL,
        position INTEGER NOT NULL,        -- of its bytes
        size_bytes INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX chunk_proof ON chunk (proof);
      CREATE INDEX chunk_place ON chunk (pack, position);
      CREATE INDEX object_place ON object (pack, position) WHERE pack IS NOT NULL;
      CREATE TABLE swept_object (         -- nothing referred to it any more; its bytes are still there, so that it can come back
        id TEXT PRIMARY KEY,
        size_bytes INTEGER NOT NULL,
        layout INTEGER NOT NULL,
        pack INTEGER,
        position INTEGER,
        swept_at INTEGER NOT NULL         -- ms UTC
      ) WITHOUT ROWID, STRICT;
      CREATE INDEX swept_object_place ON swept_object (pack, position) WHERE pack IS NOT NULL;
      CREATE TABLE manifest (             -- of an object in chunks: its chunks in order, in parts
        object TEXT NOT NULL,
        first INTEGER NOT NULL,           -- where in the object the part begins
        body BLOB NOT NULL,               -- manifest-body.ts
        PRIMARY KEY (object, first)
      ) WITHOUT ROWID, STRICT;
      CREATE TABLE stat_cache (           -- the contents that files had when they were last read
        device INTEGER NOT NULL,
        block INTEGER NOT NULL,           -- of 64 inodes
        body BLOB NOT NULL,               -- stat-cache.ts
        PRIMARY KEY (device, block)
      ) WITHOUT ROWID, STRICT;
    `,
  },
  {
    number: 23,
    name: 'objects: lists of chunks are checked, what nobody looks at is forgotten, an older store is seen',
    sql: `
      ALTER TABLE manifest ADD COLUMN crc INTEGER;           -- of object, first and body (manifest-rows.ts); null in rows of before
      ALTER TABLE stat_cache ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;  -- ms UTC, when it was written or last of use, within a week
      UPDATE stat_cache SET used_at = unixepoch() * 1000;
      CREATE TABLE object_start (                             -- one row: how often these packs were opened; objects/starts has it too
        count INTEGER NOT NULL
      ) STRICT;
      INSERT INTO object_start VALUES (0);
    `,
  },
];
