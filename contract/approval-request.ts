import { z } from 'zod';
import { gateEnvironment } from './gate-report.ts';

/** Somebody asks that a version be promoted; a version has one that waits for an environment at most. */
export const approvalRequest = z.object({
  id: z.number(),
  model: z.string(),
  version: z.number(),
  environment: gateEnvironment,
  state: z.enum(['waiting', 'approved', 'refused']),
  requestedBy: z.string(),
  requestedAt: z.number(),
  comment: z.string(),
  /** When the version was judged for the environment last; null where it never was. */
  judgedAt: z.number().nullable(),
  /** Null while it waits. */
  decidedBy: z.string().nullable(),
  decidedAt: z.number().nullable(),
  decision: z.string(),
  /** Whether who asked and who decided are one person. Null while it waits. */
  isSelfDecided: z.boolean().nullable(),
  /** The report that it was decided by; null where there was none. */
  reportId: z.string().nullable(),
});
export type ApprovalRequest = z.infer<typeof approvalRequest>;
