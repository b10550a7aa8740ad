import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noise, openObjects, type ObjectsFixture } from './fixture-objects.ts';
import { piecesOf, placeOf } from './locate.ts';
import type { Edit } from './recut.ts';

let edited: Awaited<ReturnType<typeof openObjects>>;
let whole: Awaited<ReturnType<typeof openObjects>>;
beforeAll(async () => {
  [edited, whole] = await Promise.all([openObjects(), openObjects()]);
});
afterAll(() => Promise.all([edited.remove(), whole.remove()]));

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const partsOf = (content: Uint8Array) => Readable.from([content]);

/** Where an object is cut, and what its chunks are. */
function chunksOf({ store }: ObjectsFixture, objectId: string): [number, string][] {
  return store.now((db) => {
    const place = placeOf(db, objectId);
    if (place === undefined) throw new Error(`${objectId} is not stored.`);
    const pieces = [...piecesOf(db, objectId, place, 0, place.sizeBytes)].flat();
    return pieces.map(({ first, proof }) => [first, Buffer.from(proof).toString('hex')]);
  });
}

test('what is stored of an edited content is what is stored of it as a whole', async () => {
  const edit = fc.record({
    from: fc.nat(),
    removedBytes: fc.oneof(fc.nat(200), fc.nat(300_000)),
    addedBytes: fc.oneof(fc.nat(200), fc.nat(300_000)),
    isAtCut: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.integer({ min: 256 * 1024, max: 2_000_000 }),
      fc.array(edit, { minLength: 1, maxLength: 5 }),
      async (seed, length, drawn) => {
        const before = noise(seed, length);
        const base = sha256(before);
        await edited.objects.putStream(partsOf(before));
        const cuts = [...chunksOf(edited, base).map(([first]) => first), length];
        const edits: Edit[] = [];
        let to = 0;
        const placed = drawn.map(({ from, isAtCut, ...sizes }) => ({
          ...sizes,
          from: isAtCut ? (cuts[from % cuts.length] ?? 0) : from % (length + 1),
        }));
        for (const { from, removedBytes, addedBytes } of placed.toSorted((a, b) => a.from - b.from)) {
          if (from < to) continue;
          to = Math.min(length, from + removedBytes);
          edits.push({ from, removedBytes: to - from, addedBytes });
        }
        const parts: Buffer[] = [];
        let at = 0;
        for (const [number, { from, removedBytes, addedBytes }] of edits.entries()) {
          parts.push(before.subarray(at, from), noise(seed + number + 1, addedBytes));
          at = from + removedBytes;
        }
        const bytes = Buffer.concat([...parts, before.subarray(at)]);
        const objectId = sha256(bytes);
        if (bytes.length < 256 * 1024 || objectId === base) return;
        expect(await edited.objects.putEdited({ objectId, bytes, base, edits })).toBe(true);
        await whole.objects.putStream(partsOf(bytes));
        expect(chunksOf(edited, objectId)).toEqual(chunksOf(whole, objectId));
        const { bytes: read } = await edited.objects.read(objectId, 0, bytes.length);
        expect(bytes.equals(read)).toBe(true);
      },
    ),
    { numRuns: 25 },
  );
});

test('an edit adds little, and of a base that is no list of chunks nothing is done', async () => {
  const before = noise(5, 3_000_000);
  await edited.objects.putStream(partsOf(before));
  const bytes = Buffer.concat([
    before.subarray(0, 1_000_000),
    Buffer.from('more'),
    before.subarray(1_000_000),
  ]);
  const had = edited.packBytes();
  const edits = [{ from: 1_000_000, removedBytes: 0, addedBytes: 4 }];
  const content = { objectId: sha256(bytes), bytes, edits };
  await edited.objects.putStream(partsOf(Buffer.from('small')));
  expect(await edited.objects.putEdited({ ...content, base: sha256(Buffer.from('small')) })).toBe(false);
  expect(await edited.objects.putEdited({ ...content, base: sha256(before) })).toBe(true);
  expect(edited.packBytes() - had).toBeLessThan(2 * 256 * 1024 + 10_000);
});
