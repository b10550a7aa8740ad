import { z } from 'zod';
import { procedure } from './rpc/procedure.ts';

export const sqlView = z.object({
  name: z.string(),
  about: z.string(),
  columns: z.array(z.object({ name: z.string(), about: z.string() })),
});
export type SqlView = z.infer<typeof sqlView>;

export const sqlResult = z.object({
  columns: z.array(z.string()),
  /** NaN and infinities are numbers, bytes are hex text. */
  rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
  /** True where `limit` cut the rest off. */
  isTruncated: z.boolean(),
  elapsedMs: z.number(),
});
export type SqlResult = z.infer<typeof sqlResult>;

export const sql = {
  query: procedure(
    'Answers one SELECT over the documented views. Nothing can be written; a query that takes too long is ended.',
    z.object({
      query: z.string().min(1).max(100_000),
      limit: z.number().int().min(1).max(100_000).default(10_000),
      timeoutMs: z.number().int().min(10).max(600_000).default(10_000),
    }),
    sqlResult,
  ),
  views: procedure('The views that queries are written over.', z.object({}), z.array(sqlView)),
};
