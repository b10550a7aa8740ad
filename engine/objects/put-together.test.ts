import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileOperations } from './file-operations.ts';
import { inProcess } from './fixture-in-process.ts';
import { noise, openObjects } from './fixture-objects.ts';
import { takePaths } from './put-files.ts';
import { commitTogether, noObjects } from './unsynced-objects.ts';

let fixture: Awaited<ReturnType<typeof openObjects>>;
/** Milliseconds by which the clock of the objects is ahead. */
let ahead: number;
beforeEach(async () => {
  ahead = 0;
  fixture = await openObjects({ now: () => Date.now() + ahead });
  await fixture.store.write('test', (db) => db.exec('CREATE TABLE record (object TEXT)'));
});
afterEach(() => fixture.remove());

function files(count: number, sizeBytes: number): string[] {
  mkdirSync(join(fixture.folder, 'files'), { recursive: true });
  return Array.from({ length: count }, (_, number) => {
    const path = join(fixture.folder, 'files', String(number));
    writeFileSync(path, noise(number + 1, sizeBytes));
    return path;
  });
}

/** Puts files and a list of them, and records what the list is. */
const record = (paths: readonly string[]) =>
  fixture.objects.putTogether(async (put) => {
    const stored = await put.putFiles(paths);
    const ids = stored.map((each) => ('objectId' in each ? each.objectId : each.what));
    async function* lines() {
      yield Buffer.from(ids.join('\n'));
    }
    const list = await put.putStream(lines());
    return {
      name: 'test',
      write(db) {
        db.prepare('INSERT INTO record VALUES (?)').run(list.objectId);
        return { ids, list };
      },
    };
  });

const recorded = () => fixture.store.now((db) => db.prepare('SELECT object FROM record').pluck().all());

test.each([
  ['few small files', 3, 1000],
  ['files in chunks', 2, 400_000],
  ['more files than one commit holds', 700, 10],
])('%s are stored with their list and their record', async (_, count, sizeBytes) => {
  const { ids, list } = await record(files(count, sizeBytes));
  expect(recorded()).toEqual([list.objectId]);
  const { bytes } = await fixture.objects.read(list.objectId, 0, list.sizeBytes);
  expect(Buffer.from(bytes).toString().split('\n')).toEqual(ids);
  for (const [number, id] of ids.entries()) {
    const content = await fixture.objects.read(id, 0, sizeBytes);
    expect(Buffer.compare(content.bytes, noise(number + 1, sizeBytes))).toBe(0);
  }
  // What the index has is what the packs have.
  const report = await fixture.objects.verify({ repair: false, from: null, originals: [], references: [] });
  expect(report).toMatchObject({ store: 'ok', damaged: [] });
});

test('what is put has no row when the work fails, and can be stored again', async () => {
  const [path = ''] = files(1, 1000);
  let id = '';
  const failing = fixture.objects.putTogether(async (put) => {
    const [stored] = await put.putFiles([path]);
    if (stored !== undefined && 'objectId' in stored) id = stored.objectId;
    throw new Error('It is not to be recorded.');
  });
  await expect(failing).rejects.toThrow('It is not to be recorded.');
  expect(id).not.toBe('');
  expect(fixture.objects.has(id)).toBe(false);
  expect(fixture.objects.isBusy()).toBe(false);
  await record([path]);
  expect((await fixture.objects.read(id, 0, 1000)).sizeBytes).toBe(1000);
});

test('who collects garbage gets in between two puts, and takes nothing of what was put before', async () => {
  const [first = '', second = '', third = ''] = files(3, 300_000);
  const { objects } = fixture;
  // Something that is removed and gives its room back, so that packs are written anew.
  const swept = join(fixture.folder, 'swept');
  writeFileSync(swept, noise(99, 1_000_000));
  const unwanted = await objects.putFile(swept);
  ahead = 3_700_000;
  let collected = false;
  const stored = await objects.putTogether(async (put) => {
    const one = await put.putFiles([first]);
    const collecting = objects
      .removeUnreferenced(['SELECT object FROM record'])
      .then(() => objects.reclaim())
      .then(() => (collected = true));
    // Put at once: nobody gets in before what is under way is whole.
    const others = await Promise.all([put.putFiles([second]), put.putFiles([third])]);
    await put.putFiles([first]);
    await collecting;
    return { name: 'test', write: () => [one, ...others].flat() };
  });
  expect(collected).toBe(true);
  expect(objects.has(unwanted.objectId)).toBe(false);
  const ids = stored.map((each) => ('objectId' in each ? each.objectId : each.what));
  for (const [number, id] of ids.entries()) {
    const content = await objects.read(id, 0, 300_000);
    expect(Buffer.compare(content.bytes, noise(number + 1, 300_000))).toBe(0);
  }
  const report = await objects.verify({ repair: false, from: null, originals: [], references: [] });
  expect(report).toMatchObject({ store: 'ok', damaged: [] });
});

test('a file in chunks, a small one and their record cost one sync of their pack and one commit', async () => {
  const paths = [...files(1, 400_000), join(fixture.folder, 'small')];
  writeFileSync(paths[1] ?? '', 'small');
  let syncs = 0;
  let commits = 0;
  const home = join(fixture.folder, 'counted');
  const operations = {
    ...fileOperations,
    sync(file: number) {
      syncs++;
      return fileOperations.sync(file);
    },
  };
  await inProcess(home, { operations, onWrite: () => commits++, now: Date.now }, async (rooms) => {
    const unsynced = noObjects();
    await takePaths(rooms, unsynced, paths, true, {});
    expect({ syncs, commits }).toEqual({ syncs: 0, commits: 0 });
    await commitTogether(rooms, unsynced, { name: 'test', write: () => undefined });
  });
  // Of the pack, and of the folder that got it.
  expect(syncs).toBe(2);
  // One more tells what the files look like, where they are not too young for that, and waits for no disk.
  expect([1, 2]).toContain(commits);
  rmSync(home, { recursive: true });
});
