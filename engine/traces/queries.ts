import { traceCount, traceQuery } from './trace-query.ts';

/** The reads of this room that are heavy enough for a reader thread. */
export const queries = { 'traces.traceQuery': traceQuery, 'traces.traceCount': traceCount };
