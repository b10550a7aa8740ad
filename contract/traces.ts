import { z } from 'zod';
import { procedure } from './rpc/procedure.ts';

export const traceState = z.enum(['OK', 'ERROR', 'IN_PROGRESS', 'STATE_UNSPECIFIED']);
export type TraceState = z.infer<typeof traceState>;

/** A call of an application and what it called, as one line. Times are milliseconds UTC. */
export const traceRow = z.object({
  traceId: z.string(),
  name: z.string(),
  state: traceState,
  startedAt: z.number(),
  /** Null while it goes on. */
  durationMs: z.number().nullable(),
  requestPreview: z.string().nullable(),
  responsePreview: z.string().nullable(),
  /** Tokens of language models in all its spans; null where nobody counted. */
  totalTokens: z.number().nullable(),
});
export type TraceRow = z.infer<typeof traceRow>;

const named = z.array(z.object({ key: z.string(), value: z.string() }));

/** One step of a trace. Times are milliseconds UTC with fractions; values are texts, JSON where they have parts. */
export const span = z.object({
  spanId: z.string(),
  parentSpanId: z.string().nullable(),
  name: z.string(),
  type: z.string().nullable(),
  status: z.enum(['UNSET', 'OK', 'ERROR']),
  statusMessage: z.string(),
  startedAt: z.number(),
  /** Null while it goes on. */
  endedAt: z.number().nullable(),
  inputs: z.string().nullable(),
  outputs: z.string().nullable(),
  attributes: named,
  events: z.array(z.object({ name: z.string(), at: z.number(), attributes: named })),
});
export type Span = z.infer<typeof span>;

export const assessmentNote = z.object({
  assessmentId: z.string(),
  kind: z.enum(['feedback', 'expectation', 'issue']),
  name: z.string(),
  /** JSON. */
  value: z.string(),
  rationale: z.string().nullable(),
  /** Who says it: 'HUMAN', 'LLM_JUDGE', 'CODE', and a name where there is one. */
  sourceType: z.string(),
  sourceId: z.string().nullable(),
  /** What went wrong where the judgement could not be made. */
  error: z.string().nullable(),
});
export type AssessmentNote = z.infer<typeof assessmentNote>;

export const wholeTrace = traceRow.extend({
  tags: named,
  spans: z.array(span),
  /** Those that no other has taken the place of. */
  assessments: z.array(assessmentNote),
});
export type WholeTrace = z.infer<typeof wholeTrace>;

/** A run's own traces and those linked to it, or all of its experiment. */
export const traceScope = z.enum(['run', 'experiment']);
export type TraceScope = z.infer<typeof traceScope>;

export const traces = {
  count: procedure(
    'How many traces a run and its experiment have; counted up to 10,000.',
    z.object({ runId: z.string() }),
    z.object({ ofRun: z.number(), ofExperiment: z.number() }),
  ),
  list: procedure(
    'One page of traces, the newest first.',
    z.object({
      runId: z.string(),
      scope: traceScope,
      /** Words and conditions as docs/search.md has them; nothing finds all. */
      filter: z.string().max(2000).default(''),
      limit: z.number().int().min(1).max(500).default(100),
      /** `next` of the page before. */
      after: z.string().max(2000).optional(),
    }),
    z.object({ traces: z.array(traceRow), next: z.string().nullable() }),
  ),
  trace: procedure('One trace with its spans.', z.object({ traceId: z.string() }), wholeTrace),
};
