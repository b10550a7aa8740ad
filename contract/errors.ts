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

/** An expected failure. Anything else that is thrown is a defect and reaches the caller as `internal`. */
export class BenchtopError extends Error {
  readonly code: ErrorCode;
  readonly evidence: string | undefined;
  readonly next: string | undefined;
  readonly at: ErrorShape['at'];

  constructor(shape: ErrorShape, options?: { cause?: unknown }) {
    super(shape.what, options);
    this.name = 'BenchtopError';
    this.code = shape.code;
    this.evidence = shape.evidence;
    this.next = shape.next;
    this.at = shape.at;
  }

  toShape(): ErrorShape {
    return {
      code: this.code,
      what: this.message,
      ...(this.evidence === undefined ? {} : { evidence: this.evidence }),
      ...(this.next === undefined ? {} : { next: this.next }),
      ...(this.at === undefined ? {} : { at: this.at }),
    };
  }
}

/** Flattens whatever was thrown into the one shape; the unexpected becomes `internal` and keeps only its message. */
export function errorShapeOf(thrown: unknown): ErrorShape {
  if (thrown instanceof BenchtopError) return thrown.toShape();
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: 'internal',
    what: `Something inside Benchtop failed: ${message}`,
    next: 'Copy the diagnostics and open an issue; your recorded data is not affected.',
  };
}
