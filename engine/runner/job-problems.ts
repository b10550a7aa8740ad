import { BenchtopError } from '../../contract/index.ts';

export function notWaiting(runId: string): BenchtopError {
  return new BenchtopError({
    code: 'not-found',
    what: `Run ${runId} does not wait.`,
    next: 'Look at the queue again: it may have begun or been cancelled meanwhile.',
  });
}

export function notGoingOn(runId: string): BenchtopError {
  return new BenchtopError({
    code: 'not-found',
    what: `Run ${runId} is not going on.`,
    next: 'Look at its page for how it ended.',
  });
}
