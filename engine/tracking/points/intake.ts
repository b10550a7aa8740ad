import type Database from 'better-sqlite3';
import { prepared, type Deferred, type Store } from '../../store/index.ts';
import { addPoints, sealSeries } from './add-points.ts';
import { beginBytes, endBytes, readPoints, readVarint, writePoints, writeVarint } from './point-bytes.ts';
import { batchSize, pointsOfKey, type PointBatch } from './point-batch.ts';
import type { PointColumns } from './point-columns.ts';
import { createSeriesNumbers, type PointOrigin } from './series-numbers.ts';

/** So many points wait at most before they are put into their series at once; a hundred thousand are 2.4 MB. */
const maxWaitingPoints = 32_768;
/** Points that nobody reads wait this long for more of their series to come. */
const restMs = 3000;
/** A slice of the work in the background: a request that comes meanwhile waits no longer than this. */
const sliceMs = 3;
/** The next try after one that failed, as on a full disk. */
const retryMs = 5000;

/**
 * Where points arrive. A batch is one row of `intake`, whatever its series, so that an acknowledgement costs one small
 * commit; the points wait in memory too and are put into their series together, when many have come, when nothing comes
 * any more, or when anybody reads (the store asks before each read). They are put there in slices, and the rows removed
 * after the last one: a crash in between repeats some, which adds nothing.
 */
export interface Intake {
  /** Stores a batch in the open transaction. Returns what `accepted` is to be called with after the commit. */
  append(
    db: Database.Database,
    run: { id: number; runId: string },
    batch: PointBatch,
    origin: PointOrigin,
  ): Arrival | null;
  accepted(arrival: Arrival | null): void;
  /** Names of series were changed, or will be otherwise for what comes. */
  forgetNames(): void;
}

/** A batch that is on its way to the disk. */
export interface Arrival {
  readonly row: number;
  readonly series: Float64Array;
  /** With the names that its metrics have in the store. */
  readonly batch: PointBatch;
}

interface Waiting {
  readonly steps: number[];
  readonly times: number[];
  readonly values: number[];
}

export function createIntake(store: Store): Intake {
  const numbers = createSeriesNumbers();
  /** Points by the number of their series, and the last row that they came from. Rows have ascending numbers. */
  let waiting = new Map<number, Waiting>();
  let waitingPoints = 0;
  let acceptedRow = 0;
  let givenRow = 0;
  /** What is being put into its series slice by slice, and the last row that it came from. */
  let placing = new Map<number, Waiting>();
  let placingRow = 0;
  const sealable = new Set<number>();
  let timer: NodeJS.Timeout | undefined;
  let isWorking = false;
  const leave = new AbortController();

  function keep(series: number, { steps, times, values }: PointColumns): void {
    let own = waiting.get(series);
    if (own === undefined) waiting.set(series, (own = { steps: [], times: [], values: [] }));
    for (let index = 0; index < steps.length; index++) {
      own.steps.push(steps[index] ?? 0);
      own.times.push(times[index] ?? 0);
      own.values.push(values[index] ?? 0);
    }
    waitingPoints += steps.length;
  }

  /** Makes what waits the next to be placed. This is memory only, so it holds even where the transaction does not. */
  function takeNext(): void {
    placing = waiting;
    placingRow = acceptedRow;
    waiting = new Map();
    waitingPoints = 0;
  }

  /** Puts points into their series, at least one and then until the time is over. Returns what is to be told after the commit. */
  function place(db: Database.Database, untilMs: number): () => void {
    if (placing.size === 0) takeNext();
    const current = placing;
    const done: number[] = [];
    for (const [series, points] of current) {
      if (done.length > 0 && performance.now() > untilMs) break;
      placeSeries(db, series, points);
      done.push(series);
    }
    if (done.length === current.size) prepared(db, 'DELETE FROM intake WHERE id <= ?').run(placingRow);
    return () => done.forEach((series) => current.delete(series));
  }

  function placeSeries(db: Database.Database, series: number, points: Waiting): void {
    const columns = {
      steps: Float64Array.from(points.steps),
      times: Float64Array.from(points.times),
      values: Float64Array.from(points.values),
    };
    // A series that is not full after all, because this is undone, is found to be so when its turn comes.
    if (addPoints(db, series, columns)) sealable.add(series);
  }

  function seal(db: Database.Database, untilMs: number): () => void {
    const done: number[] = [];
    for (const series of sealable) {
      if (done.length > 0 && performance.now() > untilMs) break;
      sealSeries(db, series);
      done.push(series);
    }
    return () => done.forEach((series) => sealable.delete(series));
  }

  function schedule(ms: number): void {
    if (leave.signal.aborted || isWorking) return;
    if (ms > 0) {
      timer ??= setTimeout(work, ms).unref();
      return;
    }
    clearTimeout(timer);
    work();
  }

  function work(): void {
    timer = undefined;
    if (leave.signal.aborted || isWorking) return;
    isWorking = true;
    const isOver = (nextMs: number) => {
      isWorking = false;
      if (waiting.size > 0 || placing.size > 0) schedule(nextMs);
    };
    // Whoever writes next is told why it failed; the points stay where they are, on disk and in memory.
    slices().then(
      () => isOver(restMs),
      () => isOver(retryMs),
    );
  }

  /** One slice after the other, each a job of its own, so that requests get in between. */
  async function slices(): Promise<void> {
    // What arrives while this goes on waits for the next time, unless too much has come.
    for (let isFirst = true; !leave.signal.aborted; isFirst = false) {
      const isPlacing =
        placing.size > 0 || (waiting.size > 0 && (isFirst || waitingPoints > maxWaitingPoints));
      if (!isPlacing && sealable.size === 0) return;
      const part = isPlacing ? place : seal;
      await store.tidy(
        'tracking.placePoints',
        (db) => part(db, performance.now() + sliceMs),
        (placed) => placed(),
      );
    }
  }

  const deferred: Deferred = {
    isPending: () => waiting.size > 0 || placing.size > 0,
    settle(db) {
      const parts = [placing, waiting];
      for (const part of parts) for (const [series, points] of part) placeSeries(db, series, points);
      prepared(db, 'DELETE FROM intake WHERE id <= ?').run(acceptedRow);
      return () => {
        placing.clear();
        waiting.clear();
        waitingPoints = 0;
        if (sealable.size > 0) schedule(restMs);
      };
    },
    undone: numbers.forget,
    close() {
      leave.abort();
      clearTimeout(timer);
    },
  };

  if (store.readOnlyReason === null) {
    acceptedRow = givenRow = store.now((db) => takeUp(db, keep));
    store.defer(deferred);
    if (waiting.size > 0) schedule(restMs);
  }

  return {
    append(db, run, batch, origin) {
      if (batchSize(batch) === 0) return null;
      const places = batch.keys.map((key) => numbers.placeOf(db, run, key, origin));
      const series = Float64Array.from(places, ({ number }) => number);
      beginBytes(batchSize(batch));
      const { steps, times, values } = batch.columns;
      for (let number = 0; number < series.length; number++) {
        writeVarint(series[number] ?? 0);
        writePoints(steps, times, values, batch.starts[number] ?? 0, batch.starts[number + 1] ?? 0);
      }
      const row = ++givenRow;
      prepared(db, 'INSERT INTO intake (id, body) VALUES (?, ?)').run(row, endBytes());
      return { row, series, batch: { ...batch, keys: places.map(({ key }) => key) } };
    },
    forgetNames: numbers.forget,
    accepted(arrival) {
      if (arrival === null) return;
      acceptedRow = arrival.row;
      arrival.series.forEach((series, number) => keep(series, pointsOfKey(arrival.batch, number)));
      schedule(waitingPoints > maxWaitingPoints ? 0 : restMs);
    },
  };
}

/** Reads what an engine before this one accepted and had not put into its series yet. Returns the last row's number. */
function takeUp(db: Database.Database, keep: (series: number, points: PointColumns) => void): number {
  let last = 0;
  const rows = db.prepare('SELECT id, body FROM intake ORDER BY id').iterate();
  for (const row of rows as IterableIterator<{ id: number; body: Buffer }>) {
    const reader = { bytes: row.body, at: 0 };
    while (reader.at < row.body.length) {
      const series = readVarint(reader);
      keep(series, readPoints(reader));
    }
    last = row.id;
  }
  return last;
}
