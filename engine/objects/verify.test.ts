import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { noise, openObjects } from './fixture-objects.ts';

let fixture: Awaited<ReturnType<typeof openObjects>>;
let now = 0;
const hourMs = 3_600_000;

beforeAll(async () => {
  now = 1_800_000_000_000;
  fixture = await openObjects({ now: () => now });
});
// Each test begins with nothing, in the same home: threads take long to start.
beforeEach(async () => {
  now += 2 * hourMs;
  await fixture.objects.removeUnreferenced(references([]));
  await fixture.objects.reclaim();
  expect(fixture.packFiles()).toEqual([]);
});
afterAll(() => fixture.remove());

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const nothing = { repair: false, from: null, originals: [], references: [] };

async function put(name: string, content: Uint8Array): Promise<string> {
  const path = join(fixture.folder, name);
  writeFileSync(path, content);
  await fixture.objects.putFiles([path]);
  return path;
}

/** Turns one bit of a file over. */
function flipBit(path: string, position: number): void {
  const byte = readFileSync(path)[position]!;
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.of(byte ^ 16), 0, 1, position);
  closeSync(file);
}

const readAll = (objectId: string) => fixture.objects.read(objectId, 0, 1 << 30);
const references = (ids: readonly string[]) => [`SELECT value FROM json_each('${JSON.stringify(ids)}')`];

test('a flipped bit anywhere is named, never given out, and mended from the original', async () => {
  const small = noise(1, 3000);
  const large = noise(2, 600_000);
  await put('small', small);
  const largePath = await put('large', large);
  const before = await fixture.objects.verify(nothing);
  expect(before).toMatchObject({ store: 'ok', damaged: [], readBytes: 603_000, oldestCheckAt: null });
  expect((await fixture.objects.verify(nothing)).oldestCheckAt).toBe(now);

  const hits = fixture.packFiles().map((path) => ({ path, bytes: readFileSync(path) }));
  for (const [content, at] of [
    [small, 1500],
    [large, 400_000],
  ] as const) {
    const hit = hits.find(({ bytes }) => bytes.includes(content.subarray(at, at + 64)))!;
    flipBit(hit.path, hit.bytes.indexOf(content.subarray(at, at + 64)));
    await expect(readAll(sha256(content))).rejects.toMatchObject({ code: 'damaged-object' });
    const copy = join(fixture.folder, 'copy');
    await expect(
      fixture.objects.writeFiles([{ objectId: sha256(content), path: copy }]),
    ).rejects.toMatchObject({ code: 'damaged-object' });
    expect(() => readFileSync(copy)).toThrow(/ENOENT/);
  }
  // What lies before the damage is sound and can be had.
  expect((await fixture.objects.read(sha256(large), 0, 1000)).bytes).toEqual(
    new Uint8Array(large.subarray(0, 1000)),
  );
  const found = await fixture.objects.verify(nothing);
  expect(new Map(found.damaged.map(({ objectId, isRepaired }) => [objectId, isRepaired]))).toEqual(
    new Map([
      [sha256(small), false],
      [sha256(large), false],
    ]),
  );

  // The file that is there now is another one: nothing is mended with it.
  writeFileSync(largePath, noise(9, 600_000));
  const originals = [`SELECT '${largePath}' WHERE @object = '${sha256(large)}'`];
  expect((await fixture.objects.verify({ ...nothing, repair: true, originals })).damaged.length).toBe(2);
  await expect(readAll(sha256(large))).rejects.toMatchObject({ code: 'damaged-object' });

  writeFileSync(largePath, large);
  const mended = await fixture.objects.verify({
    repair: true,
    from: fixture.folder,
    originals,
    references: [],
  });
  expect(mended.damaged.map(({ isRepaired }) => isRepaired)).toEqual([true, true]);
  expect(Buffer.from((await readAll(sha256(large))).bytes).equals(large)).toBe(true);
  expect((await fixture.objects.verify(nothing)).damaged).toEqual([]);
});

test('a pack that is cut short or gone is mended from another home', async () => {
  const contents = [noise(3, 3000), noise(4, 500_000), noise(5, 200_000)];
  for (const [index, content] of contents.entries()) await put(`f${index}`, content);
  const other = await openObjects();
  const paths = contents.map((content, index) => {
    const path = join(other.folder, `g${index}`);
    writeFileSync(path, content);
    return path;
  });
  await other.objects.putFiles(paths);
  await fixture.objects.close();
  for (const path of fixture.packFiles()) truncateSync(path, 1000);
  expect((await fixture.objects.verify(nothing)).damaged.length).toBe(3);
  const report = await fixture.objects.verify({
    repair: true,
    from: other.home.path,
    originals: [],
    references: [],
  });
  expect(report.damaged.every(({ isRepaired }) => isRepaired)).toBe(true);
  for (const content of contents)
    expect(Buffer.from((await readAll(sha256(content))).bytes).equals(content)).toBe(true);
  await other.remove();
});

test('damage in the index is named', async () => {
  const content = noise(6, 500_000);
  await put('large', content);
  await fixture.store.write('test', (db) =>
    db.prepare('DELETE FROM chunk WHERE id = (SELECT min(id) + 1 FROM chunk)').run(),
  );
  await expect(readAll(sha256(content))).rejects.toMatchObject({ code: 'damaged-object' });
  expect((await fixture.objects.verify(nothing)).damaged).toMatchObject([{ objectId: sha256(content) }]);
});

test('what is removed comes back until its room is given back, and packs shrink by it', async () => {
  const kept = noise(7, 400_000);
  const gone = noise(8, 6_000_000);
  await put('kept', kept);
  await put('gone', gone);
  const [keptId, goneId] = [sha256(kept), sha256(gone)];
  now += 2 * hourMs;
  const before = fixture.packBytes();
  expect(await fixture.objects.removeUnreferenced(references([keptId]))).toBe(gone.length);
  await expect(readAll(goneId)).rejects.toMatchObject({ code: 'not-found' });
  expect(fixture.packBytes()).toBe(before);
  expect(fixture.objects.recoverable()).toEqual({ files: 1, bytes: gone.length });

  expect(await fixture.objects.undoRemoval()).toEqual({ files: 1, bytes: gone.length });
  expect(Buffer.from((await readAll(goneId)).bytes).equals(gone)).toBe(true);
  now += 2 * hourMs;
  await fixture.objects.removeUnreferenced(references([keptId]));
  // The same content comes again: it is the one that was there.
  await put('gone', gone);
  expect(fixture.packBytes()).toBeLessThan(before + 200_000);
  expect(Buffer.from((await readAll(goneId)).bytes).equals(gone)).toBe(true);

  now += 2 * hourMs;
  await fixture.objects.removeUnreferenced(references([keptId]));
  expect(await fixture.objects.reclaim()).toBeGreaterThan(5_000_000);
  expect(fixture.packBytes()).toBeLessThan(900_000);
  expect(fixture.objects.recoverable().files).toBe(0);
  expect(Buffer.from((await readAll(keptId)).bytes).equals(kept)).toBe(true);
  expect((await fixture.objects.verify(nothing)).damaged).toEqual([]);
  // And what is gone can be stored anew.
  await put('gone', gone);
  mkdirSync(join(fixture.folder, 'out'));
  const copy = join(fixture.folder, 'out', 'gone');
  await fixture.objects.writeFiles([{ objectId: goneId, path: copy }]);
  expect(readFileSync(copy).equals(gone)).toBe(true);
});

test('what was removed seven days ago goes with the next removal', async () => {
  const gone = noise(10, 1_000_000);
  await put('gone', gone);
  now += 2 * hourMs;
  await fixture.objects.removeUnreferenced(references([]));
  now += 7 * 24 * hourMs + 1;
  await fixture.objects.removeUnreferenced(references([]));
  expect(fixture.objects.recoverable().files).toBe(0);
  expect(fixture.packFiles()).toEqual([]);
});
