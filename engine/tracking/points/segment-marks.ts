import { pointAt, type PointColumns, type SeriesPoint } from './point-columns.ts';

/**
 * What a drawing may need of a stretch of points without reading them: its first, least, greatest and last point and both
 * ends of what is NaN, each with its position in the stretch. Infinities are least and greatest by themselves; of equal
 * values the first counts.
 */
export interface Mark extends SeriesPoint {
  readonly position: number;
}

/** At most so many marks has a stretch. */
export const marksAtMost = 6;

/**
 * Writes the positions of the marks of values [from, to) into `into`, in ascending order and each once. Returns how many.
 * Drawings call this for every pixel, so it makes no object.
 */
export function markPositions(values: Float64Array, from: number, to: number, into: Uint32Array): number {
  let start = from;
  while (start < to && Number.isNaN(values[start])) start++;
  let firstNaN = start > from ? from : -1;
  let lastNaN = start - 1;
  let least = start < to ? start : from;
  let greatest = least;
  let lowest = values[least] ?? Number.NaN;
  let highest = lowest;
  for (let index = start; index < to; index++) {
    const value = values[index] ?? 0;
    if (value < lowest) {
      least = index;
      lowest = value;
    } else if (value > highest) {
      greatest = index;
      highest = value;
    } else if (Number.isNaN(value)) {
      if (firstNaN < 0) firstNaN = index;
      lastNaN = index;
    }
  }
  let count = 0;
  into[count++] = from;
  count = insert(into, count, least);
  count = insert(into, count, greatest);
  if (firstNaN >= 0) {
    count = insert(into, count, firstNaN);
    count = insert(into, count, lastNaN);
  }
  return insert(into, count, to - 1);
}

/** Keeps ascending numbers ascending, and each once. Returns their new count. */
function insert(into: Uint32Array, count: number, position: number): number {
  let at = count - 1;
  while (at >= 0 && (into[at] ?? 0) > position) at--;
  if (at >= 0 && into[at] === position) return count;
  for (let index = count; index > at + 1; index--) into[index] = into[index - 1] ?? 0;
  into[at + 1] = position;
  return count + 1;
}

const positions = new Uint32Array(marksAtMost);

/** The marks of a whole stretch, as bytes: position, step, time and value of each, little-endian float64. */
export function marksOf(points: PointColumns): Buffer {
  const count = markPositions(points.values, 0, points.values.length, positions);
  const bytes = Buffer.alloc(count * 32);
  let at = 0;
  for (const position of positions.subarray(0, count)) {
    const { step, time, value } = pointAt(points, position);
    for (const number of [position, step, time, value]) at = bytes.writeDoubleLE(number, at);
  }
  return bytes;
}

export function readMarks(bytes: Buffer): Mark[] {
  return Array.from({ length: bytes.length / 32 }, (_, index) => ({
    position: bytes.readDoubleLE(index * 32),
    step: bytes.readDoubleLE(index * 32 + 8),
    time: bytes.readDoubleLE(index * 32 + 16),
    value: bytes.readDoubleLE(index * 32 + 24),
  }));
}
