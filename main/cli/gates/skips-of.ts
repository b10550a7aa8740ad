import { BenchtopError, type CheckName, type SkippedCheck } from '../../../contract/index.ts';

export interface SkipOptions {
  readonly skip: readonly CheckName[];
  readonly reason?: string;
}

/** The checks that are set aside, each with the reason. @throws {BenchtopError} `invalid-input` without one. */
export function skipsOf({ skip, reason = '' }: SkipOptions): SkippedCheck[] {
  if (skip.length > 0 && reason.trim() === '')
    throw new BenchtopError({
      code: 'invalid-input',
      what: 'A check is skipped for a reason.',
      next: 'Add --reason TEXT; it is kept in the history.',
    });
  return skip.map((check) => ({ check, reason }));
}
