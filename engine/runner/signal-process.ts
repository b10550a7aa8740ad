import { processEntry, type ProcessIdentity } from './process-identity.ts';

/** Sends a signal to the very process that was meant; nothing happens when it is gone, or belongs to another user by now. */
export function signalProcess(target: ProcessIdentity, name: NodeJS.Signals): void {
  const entry = processEntry(target.pid);
  if (entry === null || entry.startTicks !== target.startTicks || entry.pid <= 1) return;
  try {
    process.kill(target.pid, name);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // Gone in the meantime, or grown to another user (sudo): both are seen by the caller's next look.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
