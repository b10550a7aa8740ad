import { BenchtopError, causeAtMost, type TriggerEvent } from '../../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { Surroundings } from './look-out.ts';
import { quietUntil } from './quiet-until.ts';
import { addEvent, saveTrigger, type TriggerRow, type WaitingStart } from './trigger-rows.ts';

export interface StartsOptions extends Pick<Surroundings, 'latestExecutions'> {
  readonly store: Store;
  readonly now: () => number;
  readonly isOnMains: () => boolean;
  /** Starts the pipeline of a project. @throws {BenchtopError} where it cannot run. */
  start(
    projectId: string,
    what: { stages: readonly string[]; isForced: boolean; cause: string },
  ): Promise<{ readonly id: string }>;
  cancel(executionId: string): void;
}

type NewEvent = Omit<TriggerEvent, 'id'>;

/** What starts the pipeline of a trigger that is due, or keeps the start until nothing speaks against it. */
export interface Starts {
  /** Writes down what changed of a trigger together with what is told of it. */
  change(
    row: TriggerRow,
    changed: Partial<TriggerRow>,
    events?: readonly NewEvent[],
  ): Promise<TriggerEvent[]>;
  /** Starts now. A start that was refused is an event too. */
  start(row: TriggerRow, cause: string): Promise<TriggerEvent>;
  /** Starts what waits, or says why it goes on waiting. */
  release(row: TriggerRow, waiting: WaitingStart): Promise<void>;
  eventOf(row: TriggerRow, outcome: TriggerEvent['outcome'], cause: string, note: string | null): NewEvent;
}

export function createStarts(options: StartsOptions): Starts {
  const { store, now } = options;

  async function release(row: TriggerRow, waiting: WaitingStart): Promise<void> {
    const at = now();
    const { startingAt } = waiting;
    const latest = options.latestExecutions(row.projectId);
    const begun =
      startingAt === null
        ? undefined
        : latest.find(({ cause, startedAt }) => cause === waiting.cause && startedAt >= startingAt);
    if (begun !== undefined) {
      await started(row, waiting.cause, begun.id);
      return;
    }
    const running = latest.filter(({ status }) => status === 'running');
    const hold = heldBy(row, at, running.length > 0);
    if (hold === 'skip') {
      const note = 'The pipeline is running.';
      await change(row, { waiting: null }, [eventOf(row, 'skipped', waiting.cause, note)]);
    } else if (hold === 'replace') {
      for (const { id } of running) options.cancel(id);
      await wait(row, waiting, { why: 'The execution before it is being cancelled.', until: null });
    } else if (hold !== null) {
      await wait(row, waiting, hold);
    } else {
      await start(row, waiting.cause);
    }
  }

  async function wait(
    row: TriggerRow,
    waiting: WaitingStart,
    hold: Pick<WaitingStart, 'why' | 'until'>,
  ): Promise<void> {
    if (waiting.why === hold.why && waiting.until === hold.until) return;
    const events = waiting.why === '' ? [eventOf(row, 'held', waiting.cause, hold.why)] : [];
    await change(row, { waiting: { ...waiting, ...hold } }, events);
  }

  function heldBy(
    row: TriggerRow,
    at: number,
    isBusy: boolean,
  ): Pick<WaitingStart, 'why' | 'until'> | 'skip' | 'replace' | null {
    const { quietHours, timeZone, isOnlyOnMains, coolDownMs, whenBusy } = row.settings;
    const quiet = quietHours === null ? null : quietUntil(at, quietHours, timeZone);
    if (quiet !== null && quietHours !== null)
      return { why: `It is quiet from ${quietHours.from} to ${quietHours.to}.`, until: quiet };
    if (isOnlyOnMains && !options.isOnMains())
      return { why: 'The machine runs on its battery.', until: null };
    const coolUntil = (row.lastStart?.at ?? -Infinity) + coolDownMs;
    if (at < coolUntil) return { why: 'It started not long ago.', until: coolUntil };
    if (!isBusy) return null;
    return whenBusy === 'queue' ? { why: 'The pipeline is running.', until: null } : whenBusy;
  }

  async function start(row: TriggerRow, cause: string): Promise<TriggerEvent> {
    const { stages, isForced } = row.settings;
    const waiting = { since: now(), why: '', until: null, ...row.waiting, cause, startingAt: now() };
    await change(row, { waiting });
    try {
      const { id } = await options.start(row.projectId, { stages, isForced, cause });
      return await started(row, cause, id);
    } catch (error) {
      if (!(error instanceof BenchtopError)) throw error;
      const [event] = await change(row, { waiting: null }, [eventOf(row, 'failed', cause, error.message)]);
      if (event === undefined) throw error;
      return event;
    }
  }

  async function started(row: TriggerRow, cause: string, executionId: string): Promise<TriggerEvent> {
    const [event] = await change(row, { waiting: null, lastStart: { at: now(), executionId } }, [
      { ...eventOf(row, 'started', cause, null), executionId },
    ]);
    if (event === undefined) throw new Error('an event that was written is not there');
    return event;
  }

  const eventOf = (
    row: TriggerRow,
    outcome: TriggerEvent['outcome'],
    cause: string,
    note: string | null,
  ) => ({
    triggerId: row.id,
    at: now(),
    outcome,
    cause,
    note,
    executionId: null,
  });

  async function change(
    row: TriggerRow,
    changed: Partial<TriggerRow>,
    events: readonly NewEvent[] = [],
  ): Promise<TriggerEvent[]> {
    const next = { ...row, ...changed };
    const written = await store.write('pipelines.trigger', (db) => {
      saveTrigger(db, next);
      return events.map((event) => addEvent(db, event));
    });
    Object.assign(row, changed);
    return written;
  }

  return { change, start, release, eventOf };
}

/** What an execution carries as its cause, whole: by this text it is found again after a crash. */
export const causeOf = ({ settings }: TriggerRow, what: string): string =>
  `${settings.name}: ${what}`.slice(0, causeAtMost);
