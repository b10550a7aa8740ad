import Database from 'better-sqlite3';
import fc from 'fast-check';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHome, type OpenHome } from '../../fixture-home.ts';
import { migrations } from '../../migrations.ts';
import { metricHistory, sampledHistory } from '../metric-history.ts';
import { seriesViews } from '../series-view.ts';
import { createTracking, type Tracking } from '../tracking.ts';
import { pointBytesOfRuns } from './bytes-of-runs.ts';
import type { Point } from './point-batch.ts';
import { compareByTime, comparePoints, type SeriesPoint } from './point-columns.ts';

let folder: string;
let opened = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-points-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Opened = OpenHome & { readonly tracking: Tracking };

async function open(path: string): Promise<Opened> {
  const opened = await openHome(path);
  return { ...opened, tracking: createTracking(opened.store, Date.now) };
}

/** What the disk holds at this moment, opened as if the engine had been killed now. The one before is closed. */
async function killed(before: Opened): Promise<Opened> {
  const path = join(folder, `home-${++opened}`);
  cpSync(before.home.path, path, {
    recursive: true,
    filter: (file) => !file.endsWith('engine.lock') && !file.endsWith('open') && !file.endsWith('-shm'),
  });
  await before.close();
  return open(path);
}

const newRun = (tracking: Tracking) =>
  tracking.createRun({
    projectId: null,
    status: 'running',
    command: [],
    workingFolder: null,
    source: 'runner',
    createdAt: 1,
    startedAt: 1,
  });

type Operation =
  | { kind: 'log'; points: readonly Point[] }
  | { kind: 'repeat'; which: number; last: number }
  | { kind: 'read' }
  | { kind: 'kill' };

const value = fc.oneof(
  { weight: 4, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 2, arbitrary: fc.integer({ min: -3, max: 3 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1),
  },
);
const key = fc.constantFrom('a', 'b');
/** Few steps and times, so that points meet, overlap and repeat. */
const scattered = fc.array(
  fc.record({ key, step: fc.integer({ min: -20, max: 20 }), timeMs: fc.integer({ min: 0, max: 30 }), value }),
  { minLength: 1, maxLength: 60 },
);
/** A training loop: steps and times go on from somewhere, sometimes from before. */
const ordered = fc
  .record({
    key,
    from: fc.integer({ min: 0, max: 6000 }),
    count: fc.integer({ min: 1, max: 3000 }),
    stride: fc.constantFrom(1, 1, 1, 10),
    tick: fc.constantFrom(0, 1, 7),
    shift: fc.integer({ min: 0, max: 3 }),
    odd: value,
  })
  .map(({ key: own, from, count, stride, tick, shift, odd }) =>
    Array.from({ length: count }, (_, index) => ({
      key: own,
      step: from + index * stride,
      timeMs: 1_767_225_600_000 + shift * 500 + from * tick + index * tick,
      value: index % 97 === 13 ? odd : Math.sin(from + index),
    })),
  );
const far = fc
  .record({
    key,
    step: fc.constantFrom(-(2 ** 53) + 1, 2 ** 53 - 1, 2 ** 51),
    timeMs: fc.constantFrom(0, 2 ** 53 - 1),
    value,
  })
  .map((point) => [point]);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: ordered.map((points) => ({ kind: 'log', points }) as const) },
  { weight: 3, arbitrary: scattered.map((points) => ({ kind: 'log', points }) as const) },
  { weight: 1, arbitrary: far.map((points) => ({ kind: 'log', points }) as const) },
  {
    weight: 2,
    arbitrary: fc
      .record({ which: fc.nat(20), last: fc.constantFrom(1, 2, 5000) })
      .map((own) => ({ kind: 'repeat', ...own }) as const),
  },
  { weight: 3, arbitrary: fc.constant({ kind: 'read' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'kill' } as const) },
);

const seriesPoint = ({ step, timeMs, value: own }: Point): SeriesPoint => ({
  step,
  time: timeMs,
  value: own,
});

/** All that was logged of a key, each point once, by (step, time, value). */
function naiveSeries(logged: readonly Point[], own: string): SeriesPoint[] {
  const sorted = logged
    .filter((point) => point.key === own)
    .map(seriesPoint)
    .toSorted(comparePoints);
  return sorted.filter((point, index) => index === 0 || comparePoints(sorted[index - 1]!, point) !== 0);
}

/** M4 over all points, one after the other. */
function naiveView(points: readonly SeriesPoint[], axis: 'step' | 'time', buckets: number): SeriesPoint[] {
  if (points.length <= buckets * 4) return [...points];
  const start = points[0]![axis];
  const width = (points.at(-1)![axis] - start) / buckets || 1;
  const groups = Map.groupBy(points, (point) =>
    Math.min(buckets - 1, Math.floor((point[axis] - start) / width)),
  );
  return [...groups.values()].flatMap((all) => {
    const numbers = all.filter((point) => !Number.isNaN(point.value));
    const holes = all.filter((point) => Number.isNaN(point.value));
    const least = numbers.reduce<SeriesPoint | undefined>(
      (best, own) => (best && best.value <= own.value ? best : own),
      undefined,
    );
    const greatest = numbers.reduce<SeriesPoint | undefined>(
      (best, own) => (best && best.value >= own.value ? best : own),
      undefined,
    );
    const marks = new Set([all[0], least, greatest, all.at(-1), holes[0], holes.at(-1)]);
    return all.filter((point) => marks.has(point));
  });
}

const zipped = (columns: { steps: Float64Array; times: Float64Array; values: Float64Array }): SeriesPoint[] =>
  Array.from(columns.steps, (step, index) => ({
    step,
    time: columns.times[index]!,
    value: columns.values[index]!,
  }));

/** -0 and 0 are one number to a metric. */
const plain = (points: readonly SeriesPoint[]) =>
  points.map(({ step, time, value: own }) => [step, time, own === 0 ? 0 : own]);

function check({ store, tracking }: Opened, runId: string, logged: readonly Point[]): void {
  const run = tracking.run(runId);
  const keys = [...new Set(logged.map((point) => point.key))].toSorted();
  expect(Object.keys(run.metrics).toSorted()).toEqual(keys);
  store.now((db) => {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.prepare('SELECT count(*) FROM intake').pluck().get()).toBe(0);
    for (const own of keys) {
      const all = naiveSeries(logged, own);
      const finite = all.map((point) => point.value).filter(Number.isFinite);
      expect(run.metrics[own]).toMatchObject({
        count: all.length,
        lastStep: all.at(-1)!.step,
        min: finite.length === 0 ? null : finite.reduce((a, b) => Math.min(a, b)),
        max: finite.length === 0 ? null : finite.reduce((a, b) => Math.max(a, b)),
      });
      const byTime = all.toSorted(compareByTime);
      expect(plain(historyOf(db, runId, own, 1_000_000))).toEqual(plain(byTime));
      expect(plain(historyOf(db, runId, own, Math.max(7, Math.ceil(all.length / 9))))).toEqual(plain(byTime));
      const sampled = sampledHistory(db, { runId, key: own, limit: 10, steps: { from: -5, to: 2000 } });
      const within = all.filter(({ step }) => step >= -5 && step <= 2000);
      expect(sampled.length).toBe(Math.min(10, within.length));
      expect(plain(sampled.map(seriesPoint)).at(-1)).toEqual(plain(within).at(-1));
      for (const [axis, points] of [
        ['step', all],
        ['time', byTime],
      ] as const) {
        for (const [buckets, from, to] of [
          [10, undefined, undefined],
          [40, 3, 2500],
          [200, undefined, 1_767_225_603_000],
        ] as const) {
          const [view] = seriesViews(db, { runIds: [runId], keys: [own], axis, from, to, points: buckets });
          const inRange = points.filter(
            (point) =>
              point[axis] >= (from ?? Number.NEGATIVE_INFINITY) &&
              point[axis] <= (to ?? Number.POSITIVE_INFINITY),
          );
          expect(view!.pointCount).toBe(inRange.length);
          expect(plain(zipped(view!))).toEqual(plain(naiveView(inRange, axis, buckets)));
        }
      }
    }
    const segments = db
      .prepare(
        'SELECT series, first_step, first_time, last_step, last_time, count FROM segment ORDER BY series, first_step, first_time, part',
      )
      .all() as Record<string, number>[];
    for (const [index, segment] of segments.entries()) {
      const before = segments[index - 1];
      expect(segment.count).toBeLessThanOrEqual(2048);
      if (before?.series !== segment.series) continue;
      const isBehind =
        segment.first_step! > before!.last_step! ||
        (segment.first_step === before!.last_step && segment.first_time! >= before!.last_time!);
      expect(isBehind).toBe(true);
    }
  });
}

function historyOf(db: Database.Database, runId: string, own: string, limit: number): SeriesPoint[] {
  const found: SeriesPoint[] = [];
  let after: SeriesPoint | null = null;
  do {
    const page: ReturnType<typeof metricHistory> = metricHistory(db, { runId, key: own, after, limit });
    found.push(...page.points.map(seriesPoint));
    after = page.next;
  } while (after !== null);
  return found;
}

test(
  'whatever is logged, again, out of order and around kills, every reading equals that of a plain list',
  { timeout: 240_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 2, maxLength: 25 }), async (operations) => {
        let now = await open(join(folder, `home-${++opened}`));
        const { id } = await newRun(now.tracking);
        const batches: (readonly Point[])[] = [];
        for (const own of operations) {
          if (own.kind === 'kill') now = await killed(now);
          else if (own.kind === 'read') now.tracking.run(id);
          else {
            const points =
              own.kind === 'log'
                ? own.points
                : batches[own.which % Math.max(1, batches.length)]?.slice(-own.last);
            if (points === undefined) continue;
            batches.push(points);
            await now.tracking.logPoints(id, points, { origin: 'told' });
          }
        }
        check(now, id, batches.flat());
        expect(now.store.damage()).toBeNull();
        await now.close();
        rmSync(now.home.path, { recursive: true, force: true });
      }),
      { numRuns: Number(process.env.BENCHTOP_CASES ?? 15) },
    );
  },
);

test('the end of a series that is sent again adds nothing, NaN and infinities among it', async () => {
  const now = await open(join(folder, `home-${++opened}`));
  const { id } = await newRun(now.tracking);
  const values = [0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 7];
  const points = values.map((measured) => ({ key: 'loss', step: 3, timeMs: 1000, value: measured }));
  for (const sent of [points, points.slice(-1), points.slice(1, 2), points.toReversed(), points]) {
    await now.tracking.logPoints(id, sent, { origin: 'told' });
    expect(now.tracking.run(id).metrics.loss?.count).toBe(5);
  }
  check(now, id, points);
  await now.close();
});

test('a kill while points are being put into their series loses none of them', async () => {
  let now = await open(join(folder, `home-${++opened}`));
  const { id } = await newRun(now.tracking);
  const keys = Array.from({ length: 1000 }, (_, index) => `key.${index}`);
  const batches = 34;
  for (let step = 0; step < batches; step++)
    await now.tracking.logPoints(
      id,
      keys.map((own, index) => ({ key: own, step, timeMs: step, value: index / 3 })),
      { origin: 'told' },
    );
  // So many wait now that they are put into their series at once, slice by slice.
  const db = new Database(join(now.home.path, 'benchtop.db'), { readonly: true });
  const placed = db.prepare('SELECT count(*) FROM segment').pluck();
  while (placed.get() === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(placed.get()).toBeLessThan(keys.length);
  db.close();
  now = await killed(now);
  const { metrics } = now.tracking.run(id);
  expect(Object.values(metrics).map(({ count }) => count)).toEqual(keys.map(() => batches));
  await now.close();
});

test('a run that is deleted for good takes its points with it, and what they took is known before', async () => {
  const now = await open(join(folder, `home-${++opened}`));
  const [kept, gone] = [await newRun(now.tracking), await newRun(now.tracking)];
  const points = Array.from({ length: 5000 }, (_, step) => ({
    key: 'loss',
    step,
    timeMs: step,
    value: Math.sin(step),
  }));
  for (const { id } of [kept, gone]) await now.tracking.logPoints(id, points, { origin: 'told' });
  const stored = (db: Database.Database) =>
    db.prepare('SELECT coalesce(sum(length(body)), 0) FROM segment').pluck().get() as number;
  const before = now.store.now(stored);
  const number = now.store.now((db) =>
    db.prepare('SELECT id FROM run WHERE run_id = ?').pluck().get(gone.id),
  );
  const expected = now.store.now((db) => pointBytesOfRuns(db, [number as number]));
  await now.store.write('test.delete', (db) => db.prepare('DELETE FROM run WHERE run_id = ?').run(gone.id));
  expect(now.store.now(stored)).toBe(before / 2);
  expect(expected / (before / 2)).toBeCloseTo(1, 1);
  expect(now.store.now((db) => pointBytesOfRuns(db, [number as number]))).toBe(0);
  await expect(now.tracking.logPoints(gone.id, points, { origin: 'told' })).rejects.toThrow(
    'There is no run',
  );
  expect(now.tracking.run(kept.id).metrics.loss?.count).toBe(5000);
  await now.close();
});

test('a store with a row a point is brought over whole', async () => {
  const own = migrations.find(({ name }) => name === 'tracking: points in segments')!.number;
  const before = await openHome(
    join(folder, `home-${++opened}`),
    migrations.filter(({ number }) => number < own),
  );
  const points = Array.from({ length: 4000 }, (_, index) => ({
    step: Math.floor(index / 2),
    time: 1000 + (index % 50),
    value: index % 100 === 7 ? Number.NaN : index,
  }));
  await before.store.write('test.points', (db) => {
    db.exec(`
      INSERT INTO run (run_id, experiment, name, status, created_at, command, source) VALUES ('old', 0, 'old', 'finished', 1, '[]', 'runner');
      INSERT INTO name (text) VALUES ('loss');
      INSERT INTO series (run, name, is_guessed, point_count) SELECT r.id, n.id, 0, 4000 FROM run r, name n WHERE n.text = 'loss';`);
    const insert = db.prepare('INSERT INTO point (series, step, time, value) VALUES (1, ?, ?, ?)');
    for (const { step, time, value: measured } of points)
      insert.run(step, time, Number.isNaN(measured) ? 'NaN' : measured);
  });
  await before.close();
  const later = await open(before.home.path);
  expect(later.store.now((db) => plain(historyOf(db, 'old', 'loss', 10_000)))).toEqual(
    plain(points.toSorted(compareByTime)),
  );
  await later.close();
});
