import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gearMemory, gearTable, tableBytes } from './gear-roll.ts';
import { createCutter, maxChunkBytes, minChunkBytes } from './gear.ts';

const memory = gearMemory(4 << 20);
const table = gearTable();

/** The definition, in the plainest words: what the module and its slices are held against. */
function cutsOf(content: Uint8Array): number[] {
  const cuts: number[] = [];
  let start = 0;
  for (let at = 0, hash = 0; at < content.length; at++) {
    hash = ((hash << 1) + table[content[at]!]!) | 0;
    const size = at + 1 - start;
    const zeroBits = size <= 48 * 1024 ? 17 : 15;
    if (size === maxChunkBytes || (size > minChunkBytes && hash >>> (32 - zeroBits) === 0)) {
      cuts.push(at + 1);
      start = at + 1;
      hash = 0;
    }
  }
  return cuts;
}

/** Cuts of a stream that comes in slices, the last of them repeated to the end. */
function cutsInSlices(content: Uint8Array, slices: readonly number[]): number[] {
  const cutter = createCutter(memory);
  const bytes = new Uint8Array(memory.buffer);
  const cuts: number[] = [];
  for (let from = 0, index = 0; from < content.length; index++) {
    const slice = content.subarray(from, from + (slices[Math.min(index, slices.length - 1)] ?? 1));
    bytes.set(slice, tableBytes);
    const end = tableBytes + slice.length;
    for (let at = tableBytes; ;) {
      at = cutter.next(at, end);
      if (at === -1) break;
      cuts.push(from + at - tableBytes);
    }
    from += slice.length;
  }
  return cuts;
}

/** Numbers from a seed, so that a failure can be shown again. */
function noise(seed: number, length: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  let x = seed | 1;
  for (let index = 0; index < words.length; index++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    words[index] = x;
  }
  return new Uint8Array(words.buffer, 0, length);
}

test('cut points are those of the definition, however the stream is sliced', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 0, max: 700_000 }),
      fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1, maxLength: 6 }),
      (seed, length, slices) => {
        const content = noise(seed, length);
        expect(cutsInSlices(content, slices)).toEqual(cutsOf(content));
      },
    ),
    { numRuns: 20 },
  );
});

test('sizes keep their limits and gather around 64 KiB; zeros are cut at the most', () => {
  const content = noise(7, 8 << 20);
  const cuts = cutsInSlices(content, [2 << 20]);
  const sizes = cuts.map((cut, index) => cut - (cuts[index - 1] ?? 0));
  expect(Math.min(...sizes)).toBeGreaterThan(minChunkBytes);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(maxChunkBytes);
  const mean = content.length / sizes.length / 1024;
  expect(mean).toBeGreaterThan(50);
  expect(mean).toBeLessThan(90);
  expect(cutsInSlices(new Uint8Array(600_000), [100_000])).toEqual(cutsOf(new Uint8Array(600_000)));
});

test('what is inserted in the middle moves few cuts', () => {
  const content = noise(11, 4 << 20);
  const before = new Set(cutsInSlices(content, [1 << 20]));
  const inserted = new Uint8Array(content.length + 1000);
  inserted.set(content.subarray(0, 2_000_000));
  inserted.set(noise(5, 1000), 2_000_000);
  inserted.set(content.subarray(2_000_000), 2_001_000);
  const after = cutsInSlices(inserted, [1 << 20]).map((cut) => (cut < 2_000_000 ? cut : cut - 1000));
  expect(after.filter((cut) => !before.has(cut)).length).toBeLessThan(6);
});
