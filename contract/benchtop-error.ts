import type { ErrorCode, ErrorShape } from './errors.ts';

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
