import { randomBytes } from 'node:crypto';
import {
  BenchtopError,
  type Incident,
  type Monitor,
  type MonitorEvent,
  type MonitorSettings,
  type ProjectPlace,
  type RoomHandlers,
} from '../../contract/index.ts';
import type { Data } from '../data/index.ts';
import type { Gates } from '../gates/index.ts';
import { given } from '../given.ts';
import { TooManyFiles, type LookOut, type Pipelines } from '../pipelines/index.ts';
import type { Store } from '../store/index.ts';
import { withProgress } from '../with-progress.ts';
import { chunkCounts, columnEvidence, judgedChunks } from './chunk-rows.ts';
import { incidentById, incidents, openIncident, saveIncident } from './incident-rows.ts';
import { eraseRemoved, markRemoved, monitorRows, saveMonitor, type MonitorRow } from './monitor-rows.ts';
import { reportPage } from './report-page.ts';
import { monitorResults } from './results.ts';
import { runMonitor } from './run-monitor.ts';
import { watchedImportance } from './watched-importance.ts';

/** How often is looked for what schedules wait for, at most. */
const lookEveryMs = 5000;
/** While a monitor is run, windows are told of what it found so often at most. */
const tellEveryMs = 1000;
/** Chunks of a monitor that are told beside it. */
const recentShown = 24;

export interface Monitoring {
  readonly handlers: RoomHandlers<'monitoring'>;
  /** Looks from now on, what happened while nothing looked included. */
  begin(): Promise<void>;
  /** One look at every schedule; what is due is run. Looks never overlap. */
  look(): Promise<void>;
  /** Ends what is being judged; what was judged stays. */
  close(): Promise<void>;
}

interface Live {
  row: MonitorRow;
  lookOut: LookOut | null;
  problem: string | null;
  isRunning: boolean;
}

/** Holds batches against references, again and again, and tells of each time that something is amiss once. */
export function createMonitoring(options: {
  store: Store;
  data: Pick<Data, 'tables' | 'entriesAt'>;
  /** @throws {BenchtopError} `not-found`. */
  project: (projectId: string) => ProjectPlace;
  lookOut: Pipelines['lookOut'];
  importanceOf: Gates['importanceOf'];
  now: () => number;
  onChange: () => void;
  onUnexpected: (error: unknown) => void;
}): Monitoring {
  const { store, data, project, now, onChange } = options;
  const live = new Map<string, Live>();
  const removed = new Map<string, MonitorRow>();
  const closing = new AbortController();
  let turn: Promise<unknown> = Promise.resolve();
  let looking: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  for (const row of store.now(monitorRows)) {
    const each: Live = { row, lookOut: null, problem: null, isRunning: false };
    live.set(row.id, each);
    try {
      each.lookOut = lookOutOf(row);
    } catch (error) {
      // A schedule that an earlier program took.
      each.problem = error instanceof Error ? error.message : String(error);
    }
  }

  function lookOutOf({ projectId, settings: { schedule, timeZone } }: MonitorRow): LookOut | null {
    if (schedule === null) return null;
    if (schedule.kind === 'monitor')
      throw new BenchtopError({
        code: 'invalid-input',
        what: 'A monitor is run at times, or when its data have changed, and not by another monitor.',
      });
    const made = options.lookOut(projectId, { condition: schedule, timeZone });
    made.nextAt(now());
    return made;
  }

  function known(monitorId: string): Live {
    const found = live.get(monitorId);
    if (found !== undefined) return found;
    throw new BenchtopError({
      code: 'not-found',
      what: `There is no monitor ${monitorId}.`,
      next: 'See `benchtop monitor list`.',
    });
  }

  async function save(each: Live, change: Partial<MonitorRow>): Promise<void> {
    const row = { ...each.row, ...change };
    await store.write('monitoring.monitor', (db) => saveMonitor(db, row));
    each.row = row;
    onChange();
  }

  const shown = ({ row, lookOut, problem, isRunning }: Live): Monitor => {
    const { all, alarmed } = store.now((db) => chunkCounts(db, row.id));
    return {
      ...row.settings,
      id: row.id,
      projectId: row.projectId,
      createdAt: row.createdAt,
      nextAt: lookOut?.nextAt(now()) ?? null,
      isRunning,
      lastRun: row.lastRun,
      problem,
      chunkCount: all,
      alarmedCount: alarmed,
      recent: store
        .now((db) => judgedChunks(db, row.id, recentShown))
        .map(({ label, verdict, counts: { input, output } }) => ({
          label,
          verdict,
          alarmCount: input.alarms + output.alarms,
          columnCount: input.columns + output.columns,
        })),
      openIncident: store.now((db) => openIncident(db, row.id)),
    };
  };

  /** A monitor as it would be. @throws {BenchtopError} where it could not work. */
  async function tried(row: MonitorRow): Promise<Live> {
    project(row.projectId);
    const lookOut = lookOutOf(row);
    try {
      const memory = lookOut === null ? null : await lookOut.begin(now());
      return { row: { ...row, memory }, lookOut, problem: null, isRunning: false };
    } catch (error) {
      if (!(error instanceof TooManyFiles)) throw error;
      throw new BenchtopError({
        code: 'too-many',
        what: error.message,
        next: 'Watch a folder below it, or run it at times.',
      });
    }
  }

  /** One run after the other: each takes what memory and processor it can get. */
  function run(
    each: Live,
    tell: (event: MonitorEvent) => void,
    signal: AbortSignal,
  ): Promise<Extract<MonitorEvent, { kind: 'done' }>> {
    const mine = turn.then(async () => {
      if (signal.aborted) throw new BenchtopError({ code: 'cancelled', what: 'The run was cancelled.' });
      each.isRunning = true;
      onChange();
      const begun = performance.now();
      const elapsedMs = () => Math.round(performance.now() - begun);
      let toldAt = begun;
      try {
        const { id, projectId } = each.row;
        const folder = project(projectId).path;
        const { listing, ...found } = await runMonitor(
          { store, data, now },
          each.row,
          folder,
          (what, done, of) => {
            tell({ kind: 'progress', what, done, of });
            if (performance.now() - toldAt < tellEveryMs) return;
            toldAt = performance.now();
            onChange();
          },
          signal,
        );
        const { importanceOf } = options;
        const toModel = await watchedImportance(importanceOf, each.row, folder, found.judgedCount, signal);
        if (live.has(id)) {
          const lastRun = {
            at: now(),
            elapsedMs: elapsedMs(),
            judgedCount: found.judgedCount,
            problem: null,
            ...toModel,
          };
          await save(each, { listing, lastRun });
        }
        return { kind: 'done' as const, ...found, elapsedMs: elapsedMs() };
      } catch (error) {
        if (error instanceof BenchtopError && error.code !== 'cancelled' && live.has(each.row.id)) {
          const { importance = null, importanceProblem = null } = each.row.lastRun ?? {};
          const lastRun = {
            at: now(),
            elapsedMs: elapsedMs(),
            judgedCount: 0,
            problem: error.message,
            importance,
            importanceProblem,
          };
          await save(each, { lastRun });
        }
        throw error;
      } finally {
        each.isRunning = false;
        onChange();
      }
    });
    turn = mine.catch(() => undefined);
    return mine;
  }

  async function lookAt(each: Live): Promise<void> {
    const { row, lookOut } = each;
    if (lookOut === null || row.memory === null) return;
    const { memory, cause } = await lookOut.look(now(), row.memory);
    if (cause !== null) {
      // What is due is forgotten only when it was done: an engine that ends meanwhile finds it due again, and what was judged judged.
      await run(each, () => undefined, closing.signal).catch((error: unknown) => {
        if (!(error instanceof BenchtopError) || error.code === 'cancelled') throw error;
      });
    }
    if (memory.seen !== row.memory.seen || cause !== null) await save(each, { memory });
    else each.row = { ...each.row, memory };
  }

  async function lookAtAll(): Promise<void> {
    for (const each of live.values()) {
      if (closing.signal.aborted) return;
      try {
        await lookAt(each);
        each.problem = null;
      } catch (error) {
        if (closing.signal.aborted) return;
        if (!(error instanceof BenchtopError || error instanceof TooManyFiles)) options.onUnexpected(error);
        each.problem = error instanceof Error ? error.message : String(error);
      }
    }
  }

  const look = (): Promise<void> => {
    looking = looking.then(lookAtAll);
    return looking;
  };

  async function changeIncident(
    id: number,
    change: (before: Incident) => Partial<Incident>,
  ): Promise<Incident> {
    const changed = await store.write('monitoring.incident', (db) => {
      const { monitorId, id: own, ...before } = incidentById(db, id);
      return saveIncident(db, own, monitorId, { ...before, ...change({ ...before, monitorId, id: own }) });
    });
    onChange();
    return changed;
  }

  return {
    handlers: {
      monitors: ({ projectId }) =>
        [...live.values()]
          .filter(({ row }) => projectId === undefined || row.projectId === projectId)
          .map(shown),
      async add({ projectId, ...settings }) {
        const same = [...live.values()].find(
          ({ row }) => row.projectId === projectId && row.settings.name === settings.name,
        );
        if (same !== undefined)
          throw new BenchtopError({
            code: 'already-exists',
            what: `There is a monitor "${settings.name}" already.`,
            next: 'Take another name, or remove it first.',
          });
        const added = await tried({
          id: randomBytes(8).toString('hex'),
          projectId,
          createdAt: now(),
          settings,
          memory: null,
          listing: null,
          lastRun: null,
        });
        await save(added, {});
        live.set(added.row.id, added);
        onChange();
        return shown(added);
      },
      async change({ monitorId, change }) {
        const before = known(monitorId);
        const after = await tried({
          ...before.row,
          settings: { ...before.row.settings, ...given<MonitorSettings>(change) },
        });
        await save(before, { settings: after.row.settings, memory: after.row.memory });
        before.lookOut = after.lookOut;
        before.problem = null;
        return shown(before);
      },
      async remove({ monitorId }) {
        const { row } = known(monitorId);
        await store.write('monitoring.remove', (db) => markRemoved(db, monitorId, now()));
        live.delete(monitorId);
        removed.set(monitorId, row);
        onChange();
        return {};
      },
      async restore({ monitorId }) {
        const row = removed.get(monitorId);
        if (row === undefined)
          throw new BenchtopError({
            code: 'not-found',
            what: `There is no removed monitor ${monitorId}.`,
            next: 'Add it anew.',
          });
        const back = await tried(row);
        await store.write('monitoring.restore', (db) => markRemoved(db, monitorId, null));
        removed.delete(monitorId);
        live.set(monitorId, back);
        onChange();
        return shown(back);
      },
      run: ({ monitorId }, { signal }) => {
        const each = known(monitorId);
        return withProgress<MonitorEvent>(AbortSignal.any([signal, closing.signal]), (tell, ended) =>
          run(each, tell, ended),
        );
      },
      results: ({ monitorId }) => {
        const { lastRun } = known(monitorId).row;
        return store.now((db) => monitorResults(db, monitorId, lastRun?.importance ?? null));
      },
      column: ({ chunkId, name }) => store.now((db) => columnEvidence(db, chunkId, name)),
      incidents: (of) => store.now((db) => incidents(db, of)),
      changeIncident: ({ incidentId, note, snoozedUntil, isClosed }) =>
        changeIncident(incidentId, ({ closedAt }) => ({
          ...(note === undefined ? {} : { note }),
          ...(snoozedUntil === undefined ? {} : { snoozedUntil }),
          ...(isClosed === true && closedAt === null ? { closedAt: now(), closedBy: 'person' as const } : {}),
        })),
      report: ({ monitorId }) => {
        const shownOne = shown(known(monitorId));
        return store.now((db) => {
          const results = monitorResults(db, monitorId, shownOne.lastRun?.importance ?? null);
          return {
            html: reportPage({
              monitor: shownOne,
              results,
              incidents: incidents(db, { monitorId, limit: 200 }),
              columnOf: (chunkId, name) => columnEvidence(db, chunkId, name),
              at: now(),
            }),
          };
        });
      },
    },
    async begin() {
      await store.write('monitoring.eraseRemoved', eraseRemoved);
      const next = (): void => {
        void look()
          .catch(options.onUnexpected)
          .finally(() => {
            if (!closing.signal.aborted) timer = setTimeout(next, lookEveryMs).unref();
          });
      };
      next();
    },
    look,
    async close() {
      closing.abort();
      if (timer !== null) clearTimeout(timer);
      await looking;
      await turn;
    },
  };
}
