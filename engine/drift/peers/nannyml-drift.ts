import type { PeerFinding } from '../../../contract/index.ts';
import { countDistances, sumOf } from '../../statistics/index.ts';
import { wordCounts, type PeerSample } from './peer-sample.ts';

/** The version whose defaults these are (`UnivariateDriftCalculator`). */
export const nannymlVersion = '0.13.1';
/** Both sides are cut into so many chunks of equal size, and what is left over. */
const chunkCount = 10;
/** Standard deviations above the mean of the reference's chunks. */
const wide = 3;

/**
 * What NannyML says of a column by its defaults: Jensen and Shannon's distance, to base 2, of each tenth of the current data from the whole
 * reference, in parts by Doane's rule for numbers; a chunk is told to drift above what the tenths of the reference have themselves,
 * their mean and three standard deviations. Here a column drifts where a chunk does.
 */
export function nannymlDrift(reference: PeerSample, current: PeerSample): PeerFinding | { why: string } {
  if (reference.kind !== current.kind) return { why: 'it holds numbers on one side and words on the other' };
  const [n, m] = [rowsOf(reference), rowsOf(current)];
  if (n < chunkCount || m < chunkCount)
    return { why: `NannyML cuts each side into ten chunks, and there are ${Math.min(n, m)} rows` };
  const distanceOf = distanceFrom(reference);
  if (typeof distanceOf !== 'function') return distanceOf;
  const chunksOf = (sample: PeerSample) =>
    placesOfChunks(rowsOf(sample)).map(([from, to]) => ({
      from,
      to: to - 1,
      value: distanceOf(sample, from, to),
    }));
  const had = chunksOf(reference)
    .map(({ value }) => value)
    .filter((value) => !Number.isNaN(value));
  const mean = had.reduce((sum, value) => sum + value, 0) / had.length;
  const deviation = Math.sqrt(had.reduce((sum, value) => sum + (value - mean) ** 2, 0) / had.length);
  const threshold = mean + wide * deviation;
  const chunks = chunksOf(current).map(({ value, ...place }) => ({
    ...place,
    value: Number.isNaN(value) ? null : value,
    isDrifted: value > threshold,
  }));
  const values = chunks.flatMap(({ value }) => value ?? []);
  if (values.length === 0) return { why: 'the current data have no value of it' };
  return {
    method: 'Jensen-Shannon distance',
    value: Math.max(...values),
    threshold,
    isDrifted: chunks.some(({ isDrifted }) => isDrifted),
    chunks,
  };
}

const rowsOf = (sample: PeerSample): number =>
  sample.kind === 'numbers' ? sample.values.length : sample.codes.length;

function placesOfChunks(rows: number): (readonly [from: number, to: number])[] {
  const size = Math.floor(rows / chunkCount);
  return Array.from({ length: Math.ceil(rows / size) }, (_, at) => [
    at * size,
    Math.min(rows, (at + 1) * size),
  ]);
}

type DistanceOf = (sample: PeerSample, from: number, to: number) => number;

/** How far some rows are from the whole reference; NaN for rows without a value. */
function distanceFrom(reference: PeerSample): DistanceOf | { why: string } {
  if (reference.kind === 'words') {
    const before = wordCounts(reference);
    if (before.size === 0) return { why: 'the reference has no value of it' };
    const shares = Float64Array.from(before.values());
    return (sample, from, to) => {
      if (sample.kind !== 'words') return Number.NaN;
      const now = wordCounts({ words: sample.words, codes: sample.codes.subarray(from, to) });
      const filled = [...now.values()].reduce((sum, count) => sum + count, 0);
      return distance(
        shares,
        Float64Array.from(before.keys(), (word) => now.get(word) ?? 0),
        filled,
      );
    };
  }
  const filled = reference.values.filter((value) => !Number.isNaN(value));
  if (filled.length === 0) return { why: 'the reference has no value of it' };
  if (filled.some((value) => !Number.isFinite(value))) return { why: 'NannyML stops at an infinite value' };
  const edges = doaneEdges(filled);
  const shares = histogram(filled, edges);
  return (sample, from, to) => {
    if (sample.kind !== 'numbers') return Number.NaN;
    const values = sample.values.subarray(from, to).filter((value) => !Number.isNaN(value));
    return distance(shares, histogram(values, edges), values.length);
  };
}

/** What lies in none of the reference's parts is one of its own. */
function distance(reference: Float64Array, current: Float64Array, rows: number): number {
  if (rows === 0) return Number.NaN;
  const left = rows - sumOf(current);
  return countDistances({
    reference: Float64Array.of(...reference, 0),
    current: Float64Array.of(...current, left),
  }).jensenShannon;
}

/** Ends of parts of equal width, more of them the more values there are and the more they lean (Doane, 1976; `numpy.histogram_bin_edges`). */
function doaneEdges(values: Float64Array): Float64Array {
  let [first, last] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < first) first = value;
    if (value > last) last = value;
  }
  const n = values.length;
  let parts = 1;
  if (first === last) [first, last] = [first - 0.5, last + 0.5];
  else if (n > 2) {
    const mean = sumOf(values) / n;
    let squares = 0;
    for (const value of values) squares += (value - mean) ** 2;
    const deviation = Math.sqrt(squares / n);
    let cubes = 0;
    for (const value of values) cubes += ((value - mean) / deviation) ** 3;
    const spread = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
    const width = (last - first) / (1 + Math.log2(n) + Math.log2(1 + Math.abs(cubes / n) / spread));
    parts = Math.ceil((last - first) / width);
  }
  const step = (last - first) / parts;
  return Float64Array.from({ length: parts + 1 }, (_, at) => (at === parts ? last : at * step + first));
}

/** The lower end of a part belongs to it; of the last also the upper. */
function histogram(values: Float64Array, edges: Float64Array): Float64Array {
  const counts = new Float64Array(edges.length - 1);
  const [first, last] = [edges[0] ?? 0, edges.at(-1) ?? 0];
  const step = (last - first) / counts.length;
  for (const value of values) {
    if (value < first || value > last) continue;
    let at = Math.min(counts.length - 1, Math.floor((value - first) / step));
    // The ends decide, not the division.
    while (at > 0 && value < (edges[at] ?? 0)) at--;
    while (at < counts.length - 1 && value >= (edges[at + 1] ?? 0)) at++;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}
