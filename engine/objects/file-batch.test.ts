import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openObjects } from './fixture-objects.ts';
import type { Objects } from './objects.ts';

let fixture: Awaited<ReturnType<typeof openObjects>>;
let folder: string;
let objects: Objects;

beforeAll(async () => {
  fixture = await openObjects();
  ({ folder, objects } = fixture);
});
afterAll(() => fixture.remove());

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
function write(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('files are stored in the order asked, and what cannot be taken is told beside the others', async () => {
  const paths = [write('a', 'one'), join(folder, 'none'), write('empty', ''), folder, write('b', 'one')];
  const progress: number[] = [];
  const results = await objects.putFiles(paths, { onProgress: ({ files }) => progress.push(files) });
  expect(results).toEqual([
    { objectId: sha256('one'), sizeBytes: 3 },
    { problem: 'missing', what: expect.stringContaining('none') },
    { objectId: sha256(''), sizeBytes: 0 },
    { problem: 'unreadable', what: expect.stringContaining(folder) },
    { objectId: sha256('one'), sizeBytes: 3 },
  ]);
  expect(progress.at(-1)).toBe(5);
  expect(Buffer.from((await objects.read(sha256('one'), 1, 9)).bytes).toString()).toBe('ne');
});

test('hashing stores nothing', async () => {
  expect(await objects.hashFiles([write('a', 'only hashed')])).toEqual([
    { objectId: sha256('only hashed'), sizeBytes: 11 },
  ]);
  await expect(objects.read(sha256('only hashed'), 0, 1)).rejects.toMatchObject({ code: 'not-found' });
});

test('a file that was changed is hashed again', async () => {
  const path = write('a', 'one');
  await objects.hashFiles([path]);
  writeFileSync(path, 'two');
  expect(await objects.hashFiles([path])).toEqual([{ objectId: sha256('two'), sizeBytes: 3 }]);
});

test('objects are written as files, with their mode, over nothing', async () => {
  const [stored] = await objects.putFiles([write('a', 'one')]);
  const objectId = stored !== undefined && 'objectId' in stored ? stored.objectId : '';
  mkdirSync(join(folder, 'out'));
  const path = join(folder, 'out', 'x');
  await objects.writeFiles([{ objectId, path, mode: 0o755 }]);
  expect(readFileSync(path, 'utf8')).toBe('one');
  expect(statSync(path).mode & 0o777).toBe(0o755);
  await expect(objects.writeFiles([{ objectId, path }])).rejects.toMatchObject({ code: 'already-exists' });
  const none = join(folder, 'out', 'none');
  await expect(objects.writeFiles([{ objectId: sha256('?'), path: none }])).rejects.toMatchObject({
    code: 'not-found',
  });
  expect(existsSync(none)).toBe(false);
});

test('cancelled work says so', async () => {
  const signal = AbortSignal.abort();
  await expect(objects.putFiles([write('a', 'one')], { signal })).rejects.toMatchObject({
    code: 'cancelled',
  });
});

test('what is known of files is kept while it is of use, and goes when nobody asks any more', async () => {
  const { store } = fixture;
  // A small one that was written a moment ago is read, and what is known of it not asked for.
  const path = write('remembered', 'as it is'.repeat(5000));
  const rows = () =>
    store.now(
      (db) => db.prepare('SELECT used_at FROM stat_cache ORDER BY used_at').pluck().all() as number[],
    );
  const age = (days: number) =>
    store.write('test', (db) =>
      db.prepare('UPDATE stat_cache SET used_at = used_at - ?').run(days * 86_400_000),
    );
  await store.write('test', (db) => db.exec('DELETE FROM stat_cache'));
  await expect
    .poll(async () => {
      await objects.hashFiles([path]);
      return rows().length;
    })
    .toBeGreaterThan(0);
  await age(50);
  await expect
    .poll(async () => {
      await objects.hashFiles([path]);
      return rows().at(-1);
    })
    .toBeGreaterThan(Date.now() - 86_400_000);
  await age(50);
  await objects.removeUnreferenced(['SELECT id FROM object']);
  expect(rows().length).toBe(1);
  await age(20);
  await objects.removeUnreferenced(['SELECT id FROM object']);
  expect(rows()).toEqual([]);
});
