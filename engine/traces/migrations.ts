import type { Migration } from '../store/index.ts';

export const migrations: readonly Migration[] = [
  {
    number: 9,
    name: 'traces: traces, spans, assessments',
    sql: `
      CREATE TABLE trace (
        id INTEGER PRIMARY KEY,
        trace_id TEXT NOT NULL UNIQUE,    -- 'tr-' and 32 hex, as MLflow has it; old clients send other words
        experiment INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
        started_at INTEGER NOT NULL,      -- ms UTC, as all times here but those of spans
        duration_ms INTEGER,              -- NULL while it goes on
        state TEXT NOT NULL,              -- 'OK', 'ERROR', 'IN_PROGRESS', 'STATE_UNSPECIFIED'
        client_request_id TEXT,
        request_preview TEXT,
        response_preview TEXT
      ) STRICT;
      CREATE INDEX trace_by_start ON trace (experiment, started_at DESC, trace_id);

      CREATE TABLE trace_tag (
        trace INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (trace, key)
      ) WITHOUT ROWID, STRICT;
      CREATE TABLE trace_metadata (
        trace INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (trace, key)
      ) WITHOUT ROWID, STRICT;
      CREATE INDEX trace_metadata_by_value ON trace_metadata (key, value);

      CREATE TABLE span (
        id INTEGER PRIMARY KEY,
        trace INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
        span_id TEXT NOT NULL,            -- 16 hex
        parent_span_id TEXT,
        name TEXT NOT NULL,
        type TEXT,
        status TEXT NOT NULL,             -- 'OK', 'ERROR', 'UNSET'
        start_ns INTEGER NOT NULL,        -- ns since 1970
        end_ns INTEGER,
        content TEXT NOT NULL,            -- JSON in the form of MLflow's Span.to_dict
        UNIQUE (trace, span_id)
      ) STRICT;

      CREATE TABLE assessment (
        id INTEGER PRIMARY KEY,
        assessment_id TEXT NOT NULL UNIQUE,
        trace INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,               -- 'feedback', 'expectation', 'issue'
        name TEXT NOT NULL,
        value TEXT NOT NULL,              -- JSON
        error TEXT,                       -- JSON, of a feedback that could not be made
        source_type TEXT NOT NULL,
        source_id TEXT,
        span_id TEXT,
        rationale TEXT,
        metadata TEXT,                    -- JSON object of texts
        overrides TEXT,                   -- the assessment that this one takes the place of
        is_valid INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX assessment_by_trace ON assessment (trace);

      -- Runs that a trace was linked to afterwards; the run it was made in is its metadata 'mlflow.sourceRun'.
      CREATE TABLE trace_run (
        trace INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
        run_id TEXT NOT NULL,
        PRIMARY KEY (trace, run_id)
      ) WITHOUT ROWID, STRICT;
      CREATE INDEX trace_run_by_run ON trace_run (run_id);
      CREATE TABLE trace_prompt (
        trace INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
        prompt TEXT NOT NULL,             -- name/version
        PRIMARY KEY (trace, prompt)
      ) WITHOUT ROWID, STRICT;
      CREATE INDEX trace_prompt_by_prompt ON trace_prompt (prompt);
    `,
  },
];
