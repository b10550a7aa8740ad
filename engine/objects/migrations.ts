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
];
