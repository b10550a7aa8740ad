import { constants } from 'node:os';
import type { Run, RunStatus } from '../../contract/index.ts';
import { endOnStartClock } from './ending-time.ts';
import type { RunRecord } from './run-folder.ts';

/** How a run ended, as it is recorded. */
export interface RunEnd {
  readonly status: Extract<RunStatus, 'finished' | 'failed' | 'killed' | 'lost'>;
  /** In words, and no more than is known. */
  readonly ending: string;
  /** Null when the process did not end by exiting. */
  readonly exitCode: number | null;
  /** Milliseconds UTC. */
  readonly endedAt: number;
}

/** What the supervisor and the engine have written down about a run whose child ended under supervision. */
export function endOf(told: {
  /** Null when the supervisor ended before it could tell that the command began. */
  start: RunRecord<'start'> | null;
  end: RunRecord<'end'>;
  cancel: RunRecord<'cancel'> | null;
  /** The exit is that of the shell that was to become the command, and could not. */
  isRefused: boolean;
  oomKillsBefore: number | null;
}): RunEnd {
  const { start, end, cancel, isRefused, oomKillsBefore } = told;
  const how = end.isSignal ? `killed by ${signalName(end.status - 128)}` : `exit code ${end.status}`;
  const exitCode = end.isSignal ? null : end.status;
  const endedAt = start === null ? end.at : endOnStartClock(start, end).endedAt;
  const oomKills = end.oomKills === null || oomKillsBefore === null ? 0 : end.oomKills - oomKillsBefore;

  if (cancel !== null && isBefore(cancel, end)) {
    const word = cancel.reason === 'user' ? 'cancelled' : 'time limit reached';
    return { status: 'killed', ending: `${word} (${how})`, exitCode, endedAt };
  }
  if (isRefused) {
    const why = end.status === 127 ? 'the command was not found' : 'the command could not be executed';
    return { status: 'failed', ending: `could not start: ${why}`, exitCode, endedAt };
  }
  if (end.isSignal && end.status === 128 + constants.signals.SIGKILL && oomKills > 0) {
    // The kernel's count is of the whole machine: strong evidence, not proof.
    return { status: 'killed', ending: 'killed by SIGKILL, probably out of memory', exitCode: null, endedAt };
  }
  if (end.isSignal) return { status: 'killed', ending: how, exitCode: null, endedAt };
  if (end.status === 0) return { status: 'finished', ending: how, exitCode: 0, endedAt };
  const silent = silentSignal(end.status);
  const doubt = silent === null ? '' : ` (the code of an end by ${silent})`;
  const memory = oomKills > 0 ? '; the system killed a process for lack of memory meanwhile' : '';
  return { status: 'failed', ending: `${how}${doubt}${memory}`, exitCode: end.status, endedAt };
}

type Moment = Pick<RunRecord<'end'>, 'at' | 'uptimeS'>;
const isBefore = (one: Moment, other: Moment) =>
  one.uptimeS !== null && other.uptimeS !== null ? one.uptimeS <= other.uptimeS : one.at <= other.at;

/** No end was recorded, and none will be. */
export function lost(why: string, endedAt: number): RunEnd {
  return { status: 'lost', ending: `lost: ${why}`, exitCode: null, endedAt };
}

export function cancelledBeforeStart(endedAt: number): RunEnd {
  return { status: 'killed', ending: 'cancelled before it started', exitCode: null, endedAt };
}

/** The two signals after which a shell says nothing, so that they look like an exit with 128 + n. */
function silentSignal(status: number): string | null {
  if (status === 128 + constants.signals.SIGINT) return 'SIGINT';
  return status === 128 + constants.signals.SIGPIPE ? 'SIGPIPE' : null;
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;
}

/** The end of a run that is over; `lost` for one that no engine follows any more. */
export function recordedEnd({ status, ending, exitCode, endedAt }: Run): RunEnd {
  if (status === 'queued' || status === 'running') return lost('nobody follows it', endedAt ?? 0);
  return { status, ending: ending ?? status, exitCode, endedAt: endedAt ?? 0 };
}

/** True where the system ended it, or a process of it, for lack of memory. */
export const isOutOfMemory = ({ ending }: Pick<RunEnd, 'ending'>): boolean =>
  /out of memory|lack of memory/.test(ending);

/** True where nobody saw its end and it is certain that nothing of it runs any more. */
export const mayBeginAgain = ({ status, ending }: Pick<RunEnd, 'status' | 'ending'>): boolean =>
  status === 'lost' && /machine restarted|before it (began|started)/.test(ending);
