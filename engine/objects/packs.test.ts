import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noise, openObjects } from './fixture-objects.ts';

let fixture: Awaited<ReturnType<typeof openObjects>>;
beforeAll(async () => {
  fixture = await openObjects();
});
afterAll(() => fixture.remove());

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const MiB = 1 << 20;

async function streamed(objectId: string, range?: { start: number; end: number }): Promise<Buffer> {
  const { body } = await fixture.objects.stream(objectId, range);
  return Buffer.concat((await body.toArray()) as Buffer[]);
}

test('what is put is read, as file and as stream, whole and in ranges', async () => {
  const size = fc.oneof(
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 256 * 1024 - 2, max: 256 * 1024 + 2 }),
    fc.integer({ min: 0, max: 3 * MiB }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      size,
      fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 4 }),
      fc.integer({ min: 1000, max: 400_000 }),
      async (seed, length, ranges, sliceBytes) => {
        const { objects, folder } = fixture;
        const content = noise(seed, length);
        const path = join(folder, 'content');
        writeFileSync(path, content);
        const stored = { objectId: sha256(content), sizeBytes: length };
        const slices = Array.from({ length: Math.ceil(length / sliceBytes) }, (_, index) =>
          content.subarray(index * sliceBytes, (index + 1) * sliceBytes),
        );
        const ways =
          seed % 2 === 0
            ? [await objects.putStream(Readable.from(slices)), (await objects.putFiles([path]))[0]]
            : [(await objects.putFiles([path]))[0], await objects.putStream(Readable.from(slices))];
        expect(ways).toEqual([stored, stored]);
        expect((await streamed(stored.objectId)).equals(content)).toBe(true);
        for (const [one, other] of ranges) {
          if (length === 0) break;
          const [start = 0, end = 0] = [one % length, other % length].toSorted((a, b) => a - b);
          expect(
            (await streamed(stored.objectId, { start, end })).equals(content.subarray(start, end + 1)),
          ).toBe(true);
          const { bytes } = await objects.read(stored.objectId, start, end - start);
          expect(content.subarray(start, end).equals(bytes)).toBe(true);
        }
      },
    ),
    { numRuns: 12 },
  );
});

test('a large file is cut while it is hashed; a change in it adds little', async () => {
  const { objects, folder, packBytes } = fixture;
  const content = noise(3, 34 * MiB);
  const path = join(folder, 'large');
  writeFileSync(path, content);
  const progress: number[] = [];
  const stored = await objects.putFiles([path], { onProgress: ({ bytes }) => progress.push(bytes) });
  expect(stored).toEqual([{ objectId: sha256(content), sizeBytes: content.length }]);
  expect(progress.at(-1)).toBe(content.length);
  const before = packBytes();
  expect(before).toBeGreaterThan(content.length);

  const changed = Buffer.concat([content.subarray(0, 9 * MiB), noise(4, 1000), content.subarray(9 * MiB)]);
  writeFileSync(path, changed);
  await objects.putFiles([path]);
  expect(packBytes() - before).toBeLessThan(600_000);
  mkdirSync(join(folder, 'out'));
  const copy = join(folder, 'out', 'large');
  await objects.writeFiles([{ objectId: sha256(changed), path: copy }]);
  expect(readFileSync(copy).equals(changed)).toBe(true);
  const writeAgain = (to: string) => objects.writeFiles([{ objectId: sha256(changed), path: to }]);
  await expect(writeAgain(copy)).rejects.toMatchObject({ code: 'already-exists' });

  // Of a damaged one nothing is left behind, what was there already is.
  const [first = ''] = fixture.packFiles().filter((pack) => statSync(pack).size > 34 * MiB);
  const pack = readFileSync(first);
  writeFileSync(
    first,
    pack.map((byte, at) => (at === 33 * MiB ? byte ^ 1 : byte)),
  );
  await expect(writeAgain(`${copy}-2`)).rejects.toMatchObject({ code: 'damaged-object' });
  expect([existsSync(`${copy}-2`), existsSync(copy)]).toEqual([false, true]);
  writeFileSync(first, pack);
  await writeAgain(`${copy}-2`);
  expect(readFileSync(`${copy}-2`).equals(changed)).toBe(true);
});

test('the same content is kept once, however it comes', async () => {
  const { objects, folder, packBytes } = fixture;
  const content = noise(8, 2 * MiB);
  const paths = ['one', 'two', 'three'].map((name) => join(folder, name));
  for (const path of paths) writeFileSync(path, content);
  await objects.putFiles(paths.slice(0, 1));
  const before = packBytes();
  const small = noise(9, 5000);
  const again = await objects.putFiles(paths);
  await objects.putStream(Readable.from([content]));
  expect(packBytes() - before).toBe(0);
  expect(new Set(again.map((each) => 'objectId' in each && each.objectId)).size).toBe(1);
  for (const path of paths) writeFileSync(path, small);
  await objects.putFiles(paths);
  expect(packBytes() - before).toBe(5040);
});
