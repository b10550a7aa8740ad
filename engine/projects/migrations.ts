import type { Migration } from '../store/index.ts';

export const migrations: readonly Migration[] = [
  {
    number: 3,
    name: 'projects and preferences',
    sql: `
      CREATE TABLE project (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        path TEXT NOT NULL UNIQUE,
        opened_at INTEGER NOT NULL,
        is_sample INTEGER NOT NULL DEFAULT 0,
        is_forgotten INTEGER NOT NULL DEFAULT 0
      ) WITHOUT ROWID, STRICT;

      CREATE TABLE preference (
        scope TEXT NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,              -- JSON
        PRIMARY KEY (scope, key)
      ) WITHOUT ROWID, STRICT;
    `,
  },
];
