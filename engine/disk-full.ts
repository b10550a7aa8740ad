import { setTimeout as sleep } from 'node:timers/promises';
import { BenchtopError } from '../contract/index.ts';

/** Space comes back when somebody makes some: looking more often than this would not bring it. */
const lookMs = 1000;

/** True for an error that means: no space left, here or in what the user may take (ENOSPC, EDQUOT). */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof BenchtopError) return error.code === 'disk-full';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/**
 * Does work that must not be lost, again and again while the disk is full. The work has to begin anew each time, and is told
 * how often it has failed. Any other error, and a full disk once `leaving` is aborted, is thrown.
 */
export async function untilSpace<T>(
  work: (failures: number) => Promise<T>,
  leaving: AbortSignal,
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await work(failures);
    } catch (error) {
      if (!isDiskFull(error) || leaving.aborted) throw error;
      await sleep(lookMs, undefined, { signal: leaving }).catch(() => undefined); // left: one last attempt
    }
  }
}
