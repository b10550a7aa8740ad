import { pointAt, type PointColumns, type SeriesPoint } from './point-columns.ts';

/**
 * What a drawing may need of a stretch of points without reading them: its first, least, greatest and last point and both
 * ends of what is NaN, each with its position in the stretch. Infinities are least and greatest by themselves; of equal
 * values the first counts.
 */
export interface Mark extends SeriesPoint {
  readonly position: number;
}

/** The positions of the marks of columns [from, to), in ascending order and each once. */
export function markPositions({ values }: PointColumns, from: number, to: number): number[] {
  let least = from;
  let greatest = from;
  let lowest = values[from] ?? Number.NaN;
  let highest = lowest;
  let firstNaN = -1;
  let lastNaN = -1;
  for (let index = from; index < to; index++) {
    const value = values[index] ?? 0;
    if (value < lowest) {
      least = index;
      lowest = value;
    }
    if (value > highest) {
      greatest = index;
      highest = value;
    }
    if (value !== value) {
      if (firstNaN < 0) firstNaN = index;
      lastNaN = index;
    } else if (lowest !== lowest) {
      // Only NaN came before: this is the first number.
      least = index;
      greatest = index;
      lowest = value;
      highest = value;
    }
  }
  const positions = [from, least, greatest, to - 1];
  if (firstNaN >= 0) positions.push(firstNaN, lastNaN);
  positions.sort((a, b) => a - b);
  return positions.filter((position, index) => position !== positions[index - 1]);
}

/** The marks of a whole stretch, as bytes: position, step, time and value of each, little-endian float64. */
export function marksOf(points: PointColumns): Buffer {
  const positions = markPositions(points, 0, points.steps.length);
  const bytes = Buffer.alloc(positions.length * 32);
  let at = 0;
  for (const position of positions) {
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
