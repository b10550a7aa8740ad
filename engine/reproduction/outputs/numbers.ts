import type { Tolerance } from '../../../contract/index.ts';

/** Named arrays of numbers that a file holds, each with its shape. */
export type NamedArrays = ReadonlyMap<string, { shape: readonly number[]; values: NumberColumn }>;
export type NumberColumn = ArrayLike<number>;

/** How far two lists of numbers are apart. */
export interface Distance {
  readonly isWithin: boolean;
  /** The greatest |a - b|; NaN where one side only is a number. */
  readonly greatest: number;
}

/** Elements that are compared before others have a turn. */
const elementsAtOnce = 2_000_000;

/** Two values within a tolerance, NaN beside NaN and an infinity beside itself included: NumPy's `allclose` with `equal_nan`. */
export function isClose(a: number, b: number, { absolute, relative }: Tolerance): boolean {
  if (Object.is(a, b) || a === b) return true;
  return Math.abs(a - b) <= absolute + relative * Math.abs(b) && Number.isFinite(a) && Number.isFinite(b);
}

/** Compares element by element; lists of another length are apart. Lets others have a turn in between. */
export async function distance(a: NumberColumn, b: NumberColumn, tolerance: Tolerance): Promise<Distance> {
  if (a.length !== b.length) return { isWithin: false, greatest: Number.NaN };
  let isWithin = true;
  let greatest = 0;
  for (let from = 0; from < a.length; from += elementsAtOnce) {
    const to = Math.min(a.length, from + elementsAtOnce);
    for (let at = from; at < to; at++) {
      const one = a[at] ?? Number.NaN;
      const other = b[at] ?? Number.NaN;
      if (one === other || (Number.isNaN(one) && Number.isNaN(other))) continue;
      isWithin &&= isClose(one, other, tolerance);
      const apart = Math.abs(one - other);
      if (!(apart <= greatest)) greatest = apart;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { isWithin, greatest };
}
