import type { Migration } from '../store/index.ts';

export const migrations: readonly Migration[] = [
  {
    number: 16,
    name: 'reproduction: runs that were run once more, and the verdicts',
    sql: `
      CREATE TABLE reproduction (
        id TEXT PRIMARY KEY,              -- 16 hex
        of_run_id TEXT NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
        state TEXT NOT NULL,              -- preparing, running, judging, ended
        facts TEXT NOT NULL,              -- JSON: the contract's Reproduction
        started_at INTEGER NOT NULL       -- ms UTC
      ) STRICT;
      CREATE INDEX reproduction_of_run ON reproduction (of_run_id, started_at);
    `,
  },
];
