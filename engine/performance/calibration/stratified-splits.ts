import { mersenneTwister, shuffle, type MersenneTwister } from './mersenne-twister.ts';

/** Rows to learn from, and rows to try it on, by their places. */
export interface Split {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Draws so many times a tenth of the rows to try something on and takes the others to learn from, both with as many of each class as
 * the rows have: scikit-learn's `StratifiedShuffleSplit(test_size=0.1, random_state=seed)`, to the same rows in the same order.
 * None where a class has one row alone, or a tenth of the rows is less than one of each class.
 */
export function* stratifiedSplits(
  labels: Uint8Array,
  classCount: number,
  count: number,
  seed: number,
): Generator<Split> {
  const testSize = Math.ceil(labels.length * 0.1);
  const trainSize = labels.length - testSize;
  const places = Array.from({ length: classCount }, (_, of) => placesOf(labels, of));
  const sizes = places.map((each) => each.length);
  if (sizes.some((each) => each < 2) || testSize < classCount) return;
  const random = mersenneTwister(seed);
  for (let round = 0; round < count; round++) {
    const ofTrain = shared(random, sizes, trainSize);
    const left = sizes.map((each, at) => each - (ofTrain[at] ?? 0));
    const ofTest = shared(random, left, testSize);
    const train: number[][] = [];
    const test: number[][] = [];
    for (const [at, own] of places.entries()) {
      const order = Uint32Array.from(own.keys());
      shuffle(random, order);
      const [some, more] = [ofTrain[at] ?? 0, ofTest[at] ?? 0];
      train.push(Array.from(order.subarray(0, some), (place) => own[place] ?? 0));
      test.push(Array.from(order.subarray(some, some + more), (place) => own[place] ?? 0));
    }
    const split = { train: Uint32Array.from(train.flat()), test: Uint32Array.from(test.flat()) };
    shuffle(random, split.train);
    shuffle(random, split.test);
    yield split;
  }
}

const placesOf = (labels: Uint8Array, of: number): Uint32Array =>
  Uint32Array.from(labels.keys()).filter((row) => labels[row] === of);

/** So many rows shared among classes by their size; what is left over goes to the largest remainders, by lot among equal ones. */
function shared(random: MersenneTwister, sizes: readonly number[], rows: number): number[] {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const exact = sizes.map((size) => (size / all) * rows);
  const whole = exact.map(Math.floor);
  let left = rows - whole.reduce((sum, each) => sum + each, 0);
  const remainders = exact.map((each, at) => each - (whole[at] ?? 0));
  for (const remainder of [...new Set(remainders)].toSorted((a, b) => b - a)) {
    if (left <= 0) break;
    const equal = [...remainders.keys()].filter((at) => remainders[at] === remainder);
    const order = Uint32Array.from(equal.keys());
    shuffle(random, order);
    const taken = Math.min(equal.length, left);
    for (const place of order.subarray(0, taken)) {
      const at = equal[place] ?? 0;
      whole[at] = (whole[at] ?? 0) + 1;
    }
    left -= taken;
  }
  return whole;
}
