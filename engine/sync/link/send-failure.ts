import { BenchtopError, type ErrorShape } from '../../../contract/index.ts';

/**
 * `unreachable`: nothing was sent. `cut`: the line broke, or no answer came: what was asked may have happened. `busy`: asked to
 * come back later. `failed`: the target broke down over it. `locked`: it does not know us. `refused`: it says no.
 */
export type FailureKind = 'unreachable' | 'cut' | 'busy' | 'failed' | 'locked' | 'refused';

/** Why something could not be sent, in words, and whether trying again can help. */
export class SendFailure extends BenchtopError {
  readonly kind: FailureKind;
  /** The HTTP status, or 0. */
  readonly status: number;
  /** The target's own code, such as `RESOURCE_DOES_NOT_EXIST`, or ''. */
  readonly remoteCode: string;
  /** How long the target wants to be left alone, in ms; null where it does not say. */
  readonly retryAfterMs: number | null;

  constructor(
    kind: FailureKind,
    shape: ErrorShape,
    facts: { status?: number; remoteCode?: string; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(shape, facts.cause === undefined ? {} : { cause: facts.cause });
    this.name = 'SendFailure';
    this.kind = kind;
    this.status = facts.status ?? 0;
    this.remoteCode = facts.remoteCode ?? '';
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }
}

/** A no of the target's, for what it will say no to again. */
export const refusal = (what: string, next?: string): SendFailure =>
  new SendFailure('refused', { code: 'unsupported', what, ...(next === undefined ? {} : { next }) });

export const isMissingThere = (error: unknown): boolean =>
  error instanceof SendFailure && (error.remoteCode === 'RESOURCE_DOES_NOT_EXIST' || error.status === 404);

/** An answer, or null where the target says that there is no such thing. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isMissingThere(error)) return null;
    throw error;
  }
}
