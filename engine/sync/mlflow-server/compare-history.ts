import type { Point } from '../../tracking/index.ts';
import type { RemoteMetric } from './remote.ts';
import { keptValue } from './wire-value.ts';

/** What a comparison of two histories found. */
export interface HistoryComparison {
  /** Points that both have. */
  readonly shared: number;
  /** Points here that the target lacks. */
  readonly missing: Point[];
  /** Points that the target has beyond ours: others wrote them, or they are there twice. */
  readonly extra: number;
}

/** A point of either side, with what it is told apart by. */
interface Entry {
  readonly time: number;
  readonly step: number;
  readonly value: string;
}

const before = (a: Entry, b: Entry): boolean => (a.time === b.time ? a.step < b.step : a.time < b.time);
const isTogether = (a: Entry, b: Entry): boolean => a.time === b.time && a.step === b.step;

/** More that is missing is found at the next comparison. */
const mostMissing = 50_000;

/**
 * Holds two histories against each other, both in the order (time, step), page by page: as much memory as two pages, and
 * what is missing. Points at one time and step are compared as sets, since servers order their values each in its own way.
 */
export async function compareHistory(
  local: AsyncIterable<readonly Point[]>,
  remote: AsyncIterable<readonly RemoteMetric[]>,
): Promise<HistoryComparison> {
  const missing: Point[] = [];
  let [shared, extra] = [0, 0];
  const ours = groups(entries(local, (point) => entryOf(point.timeMs, point.step, point.value)));
  const theirs = groups(entries(remote, (metric) => entryOf(metric.timestamp, metric.step, metric.value)));
  let own = await ours.next();
  let other = await theirs.next();
  const keep = (points: readonly Point[]) => {
    for (const point of points) if (missing.length < mostMissing) missing.push(point);
  };
  while (own.done !== true || other.done !== true) {
    const [mine] = own.done === true ? [] : own.value;
    const [his] = other.done === true ? [] : other.value;
    if (mine !== undefined && (his === undefined || before(mine.entry, his.entry))) {
      keep((own.value ?? []).map(({ item }) => item));
      own = await ours.next();
    } else if (his !== undefined && (mine === undefined || before(his.entry, mine.entry))) {
      extra += other.value?.length ?? 0;
      other = await theirs.next();
    } else {
      const left = new Map<string, number>();
      for (const { entry } of other.value ?? []) left.set(entry.value, (left.get(entry.value) ?? 0) + 1);
      for (const { entry, item } of own.value ?? []) {
        const count = left.get(entry.value) ?? 0;
        if (count === 0) keep([item]);
        else {
          left.set(entry.value, count - 1);
          shared++;
        }
      }
      for (const count of left.values()) extra += count;
      own = await ours.next();
      other = await theirs.next();
    }
  }
  return { shared, missing, extra };
}

const entryOf = (time: number, step: number, value: number): Entry => ({
  time,
  step,
  // -0 and 0 are one number to a database.
  value: String(keptValue(value) + 0),
});

async function* entries<T>(pages: AsyncIterable<readonly T[]>, read: (item: T) => Entry) {
  for await (const page of pages) for (const item of page) yield { item, entry: read(item) };
}

/** Entries of one time and step together. */
async function* groups<T extends { entry: Entry }>(all: AsyncIterable<T>): AsyncGenerator<T[], undefined> {
  let group: T[] = [];
  for await (const item of all) {
    const [first] = group;
    if (first !== undefined && !isTogether(first.entry, item.entry)) {
      yield group;
      group = [];
    }
    group.push(item);
  }
  if (group.length > 0) yield group;
  return undefined;
}
