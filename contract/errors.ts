import { z } from 'zod';

/**
 * Every code an expected failure can carry. `docs/errors.md` explains each one; a test holds the two together.
 * Codes are stable: programs may branch on them, people read the words beside them.
 */
export const errorCodes = [
  'invalid-input',
  'not-found',
  'already-exists',
  'conflict',
  'not-allowed',
  'cancelled',
  'disconnected',
  'too-large',
  'too-many',
  'home-in-use',
  'store-damaged',
  'store-read-only',
  'disk-full',
  'cannot-start',
  'file-unreadable',
  'damaged-object',
  'unsupported',
  'internal',
] as const;

export const errorCode = z.enum(errorCodes);
export type ErrorCode = z.infer<typeof errorCode>;

/** The one shape of a failure, on every wire and in every log. */
export const errorShape = z.object({
  code: errorCode,
  /** What happened, as one sentence, with the offending value in it. */
  what: z.string(),
  /** What shows it: a path, a line of output, a validation message. */
  evidence: z.string().optional(),
  /** What the reader can do now. */
  next: z.string().optional(),
  /** Where in a text that was given (a filter, a query) the trouble lies, in UTF-16 units. */
  at: z.object({ offset: z.number(), length: z.number() }).optional(),
});
export type ErrorShape = z.infer<typeof errorShape>;
