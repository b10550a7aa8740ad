import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentStart, gearMemory } from './gear-roll.ts';
import { createCutter, maxChunkBytes, minChunkBytes } from './gear.ts';

const memory = gearMemory(4 << 20);

/** The definition, in the plainest words: what the module and its slices are held against. */
function cutsOf(content: Uint8Array): number[] {
  const cuts: number[] = [];
  const hashes = [0, 0, 0, 0];
  for (let at = 0, word = 0, start = 0; at < content.length; at++) {
    word = (word >>> 8) | (content[at]! << 24);
    const hash = (hashes[at % 4]! * 2 + word) | 0;
    hashes[at % 4] = hash;
    const size = at + 1 - start;
    const limit = 2 ** 31 - 1 - 2 ** (size <= 48 * 1024 ? 15 : 17);
    if (size === maxChunkBytes || (size > minChunkBytes && Math.imul(hash, 0x9e3779b1) > limit)) {
      cuts.push(at + 1);
      start = at + 1;
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
    bytes.set(slice, contentStart);
    const end = contentStart + slice.length;
    for (let at = contentStart; ;) {
      at = cutter.next(at, end);
      if (at === -1) break;
      cuts.push(from + at - contentStart);
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

test('sizes keep their limits and gather around 64 KiB', () => {
  const content = noise(7, 8 << 20);
  const cuts = cutsInSlices(content, [2 << 20]);
  const sizes = cuts.map((cut, index) => cut - (cuts[index - 1] ?? 0));
  expect(Math.min(...sizes)).toBeGreaterThan(minChunkBytes);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(maxChunkBytes);
  const mean = content.length / sizes.length / 1024;
  expect(mean).toBeGreaterThan(50);
  expect(mean).toBeLessThan(90);
});

test('a byte that goes on and on is cut at the most, whichever it is', () => {
  const content = new Uint8Array(maxChunkBytes + 1);
  for (let byte = 0; byte < 256; byte++)
    expect(cutsInSlices(content.fill(byte), [content.length])).toEqual([maxChunkBytes]);
});

// Little differs from byte to byte in such data, as in most that is not noise.
test.each<[string, (index: number, noise: number) => number]>([
  ['text of numbers', (_, noise) => '0123456789.,'.charCodeAt(noise % 12)],
  ['int64 below 1000', (index, noise) => (index % 8 === 0 ? noise : index % 8 === 1 ? noise & 3 : 0)],
  ['masks of 0 and 1', (_, noise) => noise & 1],
])('%s is cut as often as noise', (_, byteOf) => {
  const words = new Uint32Array(noise(3, 8 << 20).buffer);
  const content = new Uint8Array(words.length);
  for (let index = 0; index < words.length; index++) content[index] = byteOf(index, words[index]! >>> 3);
  const mean = content.length / cutsInSlices(content, [1 << 20]).length / 1024;
  expect(mean).toBeGreaterThan(45);
  expect(mean).toBeLessThan(100);
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
