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
];
