import type { Migration } from '../store/index.ts';

export const migrations: readonly Migration[] = [
  {
    number: 30,
    name: 'monitoring: monitors, what they found of chunks and columns, incidents',
    sql: `
      CREATE TABLE monitor (
        id TEXT PRIMARY KEY,              -- 16 hex
        project_id TEXT NOT NULL,
        created_at INTEGER NOT NULL,      -- ms UTC, as all times here
        settings TEXT NOT NULL,           -- JSON: the contract's MonitorSettings
        memory TEXT,                      -- JSON: what its schedule has dealt with; null without one
        listing TEXT,                     -- JSON: the chunks that its source was cut into last, and of which content
        last_run TEXT,                    -- JSON: {at, elapsedMs, judgedCount, problem}
        removed_at INTEGER                -- its results go when the next engine begins
      ) WITHOUT ROWID, STRICT;

      -- Rows are only added: of a key the last one holds.
      CREATE TABLE monitor_chunk (
        id INTEGER PRIMARY KEY,
        monitor_id TEXT NOT NULL REFERENCES monitor (id) ON DELETE CASCADE,
        key TEXT NOT NULL,                -- a file's path, the begin of a period, the number of its first row
        content TEXT NOT NULL,            -- sha256 over its rows, the reference and the rules: the same one is not judged again
        judged_at INTEGER NOT NULL,
        verdict TEXT NOT NULL,            -- alarm, quiet, not-enough-data, failed
        facts TEXT NOT NULL               -- JSON: the contract's JudgedChunk without these
      ) STRICT;
      CREATE INDEX monitor_chunk_by_key ON monitor_chunk (monitor_id, key, id);

      CREATE TABLE monitor_column (
        chunk_id INTEGER NOT NULL REFERENCES monitor_chunk (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        panel TEXT NOT NULL,              -- input, output
        verdict TEXT NOT NULL,
        is_alarm INTEGER NOT NULL,
        moved REAL,
        size TEXT,
        evidence TEXT NOT NULL,           -- JSON: the contract's DriftColumn
        PRIMARY KEY (chunk_id, name)
      ) WITHOUT ROWID, STRICT;

      CREATE TABLE monitor_incident (
        id INTEGER PRIMARY KEY,
        monitor_id TEXT NOT NULL REFERENCES monitor (id) ON DELETE CASCADE,
        opened_at INTEGER NOT NULL,
        closed_at INTEGER,
        facts TEXT NOT NULL               -- JSON: the contract's Incident without these
      ) STRICT;
      CREATE INDEX monitor_incident_of_monitor ON monitor_incident (monitor_id, id);
      CREATE UNIQUE INDEX monitor_incident_open ON monitor_incident (monitor_id) WHERE closed_at IS NULL;
    `,
  },
];
