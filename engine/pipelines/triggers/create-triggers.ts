import { randomBytes } from 'node:crypto';
import {
  BenchtopError,
  type RoomHandlers,
  type Trigger,
  type TriggerEvent,
  type TriggerSettings,
} from '../../../contract/index.ts';
import { given } from '../../given.ts';
import { causeOf, createStarts, type StartsOptions } from './create-starts.ts';
import { nextTimes } from './cron-times.ts';
import { createLookOut, TooManyFiles, type LookOut, type Surroundings } from './look-out.ts';
import { eventsKept, latestEvents, removeTrigger, triggerRows, type TriggerRow } from './trigger-rows.ts';
import { refuseEndless } from './refuse-endless.ts';

/** How often is looked, at most. A laptop that wakes up finds at the next look what it slept through. */
const lookEveryMs = 5000;
/** So many removed triggers can come back. */
const removedKept = 20;

type Handled =
  | 'triggers'
  | 'triggerTimes'
  | 'addTrigger'
  | 'changeTrigger'
  | 'removeTrigger'
  | 'restoreTrigger'
  | 'fireTrigger'
  | 'triggerEvents';

export interface TriggersOptions extends Surroundings, StartsOptions {
  /** The paths that a project's pipeline writes, relative to the project. */
  outputsOf(projectId: string): Promise<readonly string[]>;
  onUnexpected(error: unknown): void;
}

export interface Triggers {
  readonly handlers: Pick<RoomHandlers<'pipelines'>, Handled>;
  /** Looks from now on, what happened while nothing looked included. */
  begin(): void;
  /** One look at everything. Looks never overlap. */
  look(): Promise<void>;
  close(): Promise<void>;
}

interface Live {
  row: TriggerRow;
  lookOut: LookOut;
  problem: string | null;
}

/**
 * Starts pipelines by themselves. What is due is written down before it is started, and what is watched is remembered, so that an
 * engine that ends at any moment neither forgets a start nor makes it twice.
 */
export function createTriggers(options: TriggersOptions): Triggers {
  const { store, now } = options;
  const { change, start, release, eventOf } = createStarts(options);
  const live = new Map<string, Live>();
  /** The latest removed ones, with what they did, the latest first. */
  const removed = new Map<string, { row: TriggerRow; events: readonly TriggerEvent[] }>();
  let looking = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  for (const row of store.now(triggerRows)) live.set(row.id, liveOf(row));

  function liveOf(row: TriggerRow): Live {
    return { row, lookOut: createLookOut(row.projectId, row.settings, options), problem: null };
  }

  /** Everything that changes triggers goes one after the other. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = looking.then(work);
    looking = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  async function lookAtAll(): Promise<void> {
    for (const each of live.values()) {
      if (isClosed) return;
      try {
        if (each.row.settings.isEnabled) await lookAt(each);
        each.problem = null;
      } catch (error) {
        if (!(error instanceof BenchtopError || error instanceof TooManyFiles)) options.onUnexpected(error);
        each.problem = error instanceof Error ? error.message : String(error);
      }
    }
  }

  async function lookAt({ row, lookOut }: Live): Promise<void> {
    const at = now();
    const { memory, cause, missed } = await lookOut.look(at, row.memory);
    if (cause !== null) {
      // What comes while a start waits is dealt with by that start.
      const waiting = row.waiting ?? {
        since: at,
        cause: causeOf(row, cause),
        why: '',
        until: null,
        startingAt: null,
      };
      await change(row, { memory, waiting }, missed === null ? [] : [eventOf(row, 'missed', cause, missed)]);
    } else if (memory.seen !== row.memory.seen) await change(row, { memory });
    else row.memory = memory;
    if (row.waiting !== null) await release(row, row.waiting);
  }

  function known(triggerId: string): Live {
    const found = live.get(triggerId);
    if (found !== undefined) return found;
    throw new BenchtopError({
      code: 'not-found',
      what: `There is no trigger ${triggerId}.`,
      next: 'See `benchtop trigger list`.',
    });
  }

  const shown = ({ row, lookOut, problem }: Live): Trigger => ({
    ...row.settings,
    id: row.id,
    projectId: row.projectId,
    createdAt: row.createdAt,
    nextAt: row.settings.isEnabled ? lookOut.nextAt(now()) : null,
    waiting:
      row.waiting === null
        ? null
        : {
            since: row.waiting.since,
            cause: row.waiting.cause,
            why: row.waiting.why,
            until: row.waiting.until,
          },
    lastStart: row.lastStart,
    problem,
  });

  const settingsOf = (all: readonly Live[]) =>
    all.map(({ row }) => ({ projectId: row.projectId, condition: row.settings.condition }));

  /** A trigger as it would be, looked at once. @throws {BenchtopError} where it could not work. */
  async function tried(row: Omit<TriggerRow, 'memory'>, others: readonly Live[]): Promise<Live> {
    const { condition } = row.settings;
    refuseEndless(
      { projectId: row.projectId, condition },
      settingsOf(others),
      await options.outputsOf(row.projectId),
    );
    const fresh = liveOf({ ...row, memory: { until: 0, seen: null } });
    try {
      fresh.row.memory = await fresh.lookOut.begin(now());
    } catch (error) {
      if (!(error instanceof TooManyFiles)) throw error;
      throw new BenchtopError({
        code: 'too-many',
        what: error.message,
        next: 'Watch a folder below it, or a single file.',
      });
    }
    fresh.lookOut.nextAt(now());
    return fresh;
  }

  return {
    handlers: {
      triggers: ({ projectId }) =>
        [...live.values()]
          .filter(({ row }) => projectId === undefined || row.projectId === projectId)
          .map(shown),
      triggerTimes: ({ cron, timeZone }) => ({ times: nextTimes(cron, timeZone, now()) }),
      addTrigger: ({ projectId, ...settings }) =>
        inTurn(async () => {
          options.projectPath(projectId);
          const row = {
            id: randomBytes(8).toString('hex'),
            projectId,
            createdAt: now(),
            settings,
            waiting: null,
            lastStart: null,
          };
          const added = await tried(row, [...live.values()]);
          await change(added.row, {});
          live.set(row.id, added);
          return shown(added);
        }),
      changeTrigger: ({ triggerId, change: asked }) =>
        inTurn(async () => {
          const before = known(triggerId);
          const settings = { ...before.row.settings, ...given<TriggerSettings>(asked) };
          const others = [...live.values()].filter((each) => each !== before);
          const { row, lookOut } = await tried(
            { ...before.row, settings, waiting: settings.isEnabled ? before.row.waiting : null },
            others,
          );
          const isSame =
            before.row.settings.isEnabled &&
            JSON.stringify([settings.condition, settings.timeZone]) ===
              JSON.stringify([before.row.settings.condition, before.row.settings.timeZone]);
          const after = { row: isSame ? { ...row, memory: before.row.memory } : row, lookOut, problem: null };
          await change(after.row, {});
          live.set(triggerId, after);
          return shown(after);
        }),
      removeTrigger: ({ triggerId }) =>
        inTurn(async () => {
          const { row } = known(triggerId);
          const events = await store.write('pipelines.removeTrigger', (db) => {
            const own = latestEvents(db, triggerId, null, eventsKept);
            removeTrigger(db, triggerId);
            return own;
          });
          live.delete(triggerId);
          removed.set(triggerId, { row, events });
          for (const id of [...removed.keys()].slice(0, -removedKept)) removed.delete(id);
          return {};
        }),
      restoreTrigger: ({ triggerId }) =>
        inTurn(async () => {
          const gone = removed.get(triggerId);
          if (gone === undefined)
            throw new BenchtopError({
              code: 'not-found',
              what: `There is no removed trigger ${triggerId}.`,
              next: 'Add it anew.',
            });
          const back = await tried({ ...gone.row, waiting: null }, [...live.values()]);
          await change(back.row, {}, gone.events.toReversed());
          removed.delete(triggerId);
          live.set(triggerId, back);
          return shown(back);
        }),
      fireTrigger: ({ triggerId }) =>
        inTurn(async () => {
          const { row } = known(triggerId);
          return start(row, causeOf(row, 'fired by hand'));
        }),
      triggerEvents: (asked) =>
        store.now((db) => latestEvents(db, asked.triggerId ?? null, asked.projectId ?? null, asked.limit)),
    },
    begin() {
      const next = (): void => {
        void inTurn(lookAtAll)
          .catch(options.onUnexpected)
          .finally(() => {
            if (!isClosed) timer = setTimeout(next, lookEveryMs).unref();
          });
      };
      next();
    },
    look: () => inTurn(lookAtAll),
    async close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      await looking;
    },
  };
}
