import type { Migration } from '../store/index.ts';

export const migrations: readonly Migration[] = [
  {
    number: 26,
    name: 'gates: reports on versions, predictions that they rest on, requests to promote',
    sql: `
      CREATE TABLE gate_report (
        id TEXT PRIMARY KEY,              -- 16 hex
        model INTEGER NOT NULL REFERENCES registered_model (id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        environment TEXT NOT NULL,        -- staging, production
        facts TEXT NOT NULL,              -- JSON: the contract's GateReport
        ended_at INTEGER NOT NULL         -- ms UTC, as all times here
      ) STRICT;
      CREATE INDEX gate_report_of_version ON gate_report (model, version, environment, ended_at);

      -- What a version says of held-out rows, one row a prediction. Kept by content, so that a report can be made again.
      CREATE TABLE gate_predictions (
        model INTEGER NOT NULL REFERENCES registered_model (id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        data_version TEXT NOT NULL,       -- of the held-out data; '' for a file that a person gave
        object_id TEXT NOT NULL,
        name TEXT NOT NULL,               -- of the file; its ending tells the format
        run_id TEXT,                      -- that made them; null for a file that a person gave
        latency TEXT,                     -- JSON: the contract's Latency
        at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX gate_predictions_of_version ON gate_predictions (model, version, at);

      CREATE TABLE approval_request (
        id INTEGER PRIMARY KEY,
        model INTEGER NOT NULL REFERENCES registered_model (id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        environment TEXT NOT NULL,
        state TEXT NOT NULL,              -- waiting, approved, refused
        requested_by TEXT NOT NULL,
        requested_at INTEGER NOT NULL,
        comment TEXT NOT NULL,
        decided_by TEXT,
        decided_at INTEGER,
        decision TEXT NOT NULL DEFAULT '',
        report TEXT                       -- of gate_report
      ) STRICT;
      CREATE UNIQUE INDEX approval_request_waiting ON approval_request (model, version, environment)
        WHERE state = 'waiting';
    `,
  },
  {
    number: 27,
    name: 'gates: rows in which two versions say something else, and what exactly a model was asked',
    sql: `
      -- The rows of a report, those farthest apart first.
      CREATE TABLE gate_disagreement (
        report TEXT NOT NULL REFERENCES gate_report (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,           -- from 1
        facts TEXT NOT NULL,              -- JSON: the contract's Disagreement
        PRIMARY KEY (report, place)
      ) STRICT, WITHOUT ROWID;

      -- sha256 of the files, the features and all else that a model was asked with; '' for a file that a person gave, and for what was
      -- answered before this was noted.
      ALTER TABLE gate_predictions ADD COLUMN asked TEXT NOT NULL DEFAULT '';
    `,
  },
  {
    number: 32,
    name: 'gates: how much the answers of a version rest on each column of a table',
    sql: `
      CREATE TABLE column_importance (
        model INTEGER NOT NULL REFERENCES registered_model (id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        asked TEXT NOT NULL,              -- sha256 of the table's content and how it was asked about
        facts TEXT NOT NULL,              -- JSON: the contract's ModelImportance
        PRIMARY KEY (model, version, asked)
      ) STRICT, WITHOUT ROWID;
    `,
  },
];
