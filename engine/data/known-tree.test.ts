import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataHouse } from '../fixture-data.ts';
import { objectReferences } from './index.ts';

let house: Awaited<ReturnType<typeof openDataHouse>>;
beforeEach(async () => {
  house = await openDataHouse();
});
afterEach(() => house.close());

test('an unchanged folder is known by a walk alone, and a change that hides behind size and time is still seen', async () => {
  const folder = join(house.projectPath, 'still');
  const path = house.write('still/a.csv', 'a\n1\n');
  utimesSync(path, 1_700_000_000, 1_700_000_000);
  // Until then the clock of the file system could not tell a second change from the first.
  await sleep(2100);
  const { version } = (await house.snapshot(folder)).moment;
  const { putTogether } = house.objects;
  const putFiles = () => {
    throw new Error('The files were read again.');
  };
  house.objects.putTogether = (work) => putTogether((put) => work({ ...put, putFiles }));
  const again = await house.snapshot(folder);
  expect(again).toMatchObject({ isNew: false, moment: { version } });
  writeFileSync(path, 'a\n2\n');
  utimesSync(path, 1_700_000_000, 1_700_000_000);
  await expect(house.snapshot(folder)).rejects.toThrow('The files were read again.');
  house.objects.putTogether = putTogether;
  const changed = await house.snapshot(folder);
  expect(changed).toMatchObject({ isNew: true, moment: { files: { changed: 1 } } });
});

test('beside what is known by its blocks only the neighbours of a change are read, and the version is that of all', async () => {
  const name = (at: number) => `flat/${String(at).padStart(4, '0')}-é.bin`;
  for (let at = 0; at < 900; at++) house.write(name(at), `content ${at}`);
  house.write('flat/deep/x', 'x');
  symlinkSync('x', join(house.projectPath, 'flat/deep/link'));
  const folder = join(house.projectPath, 'flat');
  // Until then the clock of the file system could not tell a second change from the first.
  await sleep(2100);
  await house.snapshot(folder);
  const { putFiles } = house.objects;
  let readCount = 0;
  house.objects.putFiles = (paths, options) => {
    readCount += paths.length;
    return putFiles(paths, options);
  };
  const edits: [() => unknown, { added: number; removed: number; changed: number }][] = [
    [() => house.write(name(450), 'another content'), { added: 0, removed: 0, changed: 1 }],
    [() => house.write('flat/new', 'new'), { added: 1, removed: 0, changed: 0 }],
    [() => rmSync(join(house.projectPath, name(7))), { added: 0, removed: 1, changed: 0 }],
    [() => renameSync(join(folder, 'new'), join(folder, 'newer')), { added: 0, removed: 0, changed: 0 }],
    [() => chmodSync(join(house.projectPath, name(8)), 0o755), { added: 0, removed: 0, changed: 1 }],
    [() => symlinkSync('y', join(folder, 'deep/another')), { added: 1, removed: 0, changed: 0 }],
    [() => rmSync(join(folder, 'deep'), { recursive: true }), { added: 0, removed: 3, changed: 0 }],
    [() => utimesSync(join(house.projectPath, name(9)), 1, 1), { added: 0, removed: 0, changed: 0 }],
  ];
  for (const [edit, files] of edits) {
    edit();
    readCount = 0;
    const { moment, isNew } = await house.snapshot(folder);
    if (isNew) expect(moment.files, String(edit)).toEqual(files);
    expect(readCount, String(edit)).toBeLessThan(600);
    // A copy has other inodes and times: all of it is read.
    rmSync(join(house.projectPath, 'copy'), { recursive: true, force: true });
    cpSync(folder, join(house.projectPath, 'copy'), { recursive: true, verbatimSymlinks: true });
    const copy = await house.snapshot(join(house.projectPath, 'copy'));
    expect(moment.version, String(edit)).toBe(copy.moment.version);
    expect(moment).toMatchObject({ fileCount: copy.moment.fileCount, sizeBytes: copy.moment.sizeBytes });
  }
}, 60_000);

test('of a folder whose list of files is lost or damaged all is read again, and a snapshot stores the list anew', async () => {
  house.write('told/a.csv', 'a\n1\n');
  house.write('told/b.csv', 'b\n1\n');
  const folder = join(house.projectPath, 'told');
  // Until then the clock of the file system could not tell a second change from the first.
  await sleep(2100);
  const { version } = (await house.snapshot(folder)).moment;
  const { signal } = house.call;
  const lose = (id: string) =>
    house.store.write('test', (db) => void db.prepare('DELETE FROM object WHERE id = ?').run(id));
  await lose(version);
  expect(house.data.isKept(version)).toBe(false);
  expect(await house.data.versionAt(folder, signal)).toBe(version);
  expect((await house.data.entriesAt(folder, signal)).entries).toHaveLength(2);
  expect(await house.data.changedFiles(version, folder, signal)).toBeNull();

  expect(await house.snapshot(folder)).toMatchObject({ isNew: false, moment: { version } });
  expect(house.data.isKept(version)).toBe(true);
  expect(await house.data.changedFiles(version, folder, signal)).toEqual({ files: [], count: 0 });

  // Changed as well: what changed cannot be told then, but what is there can.
  await lose(version);
  house.write('told/b.csv', 'b\n2\n');
  const seen = await house.data.versionAt(folder, signal);
  const { moment } = await house.snapshot(folder);
  expect(moment).toMatchObject({ version: seen, fileCount: 2, files: null });
  expect(seen).not.toBe(version);

  await house.store.write('test', (db) => {
    const { changes } = db.prepare('UPDATE object SET position = position + 1 WHERE id = ?').run(seen);
    expect(changes).toBe(1);
  });
  await expect(house.objects.read(seen ?? '', 0, 10)).rejects.toMatchObject({ code: 'damaged-object' });
  house.write('told/b.csv', 'b\n3\n');
  cpSync(folder, join(house.projectPath, 'copy'), { recursive: true });
  const copy = await house.data.versionAt(join(house.projectPath, 'copy'), signal);
  expect(await house.data.versionAt(folder, signal)).toBe(copy);
  expect((await house.snapshot(folder)).moment).toMatchObject({ version: copy, files: null });
});

test('a version whose files were not all kept when the engine ended is kept by the next one', async () => {
  house.write('u/a', 'kept');
  const { version } = (await house.snapshot(join(house.projectPath, 'u'))).moment;
  await house.store.write('test', (db) => {
    db.prepare('DELETE FROM data_object WHERE object_id <> ?').run(version);
    db.prepare('INSERT INTO data_unkept (version) VALUES (?)').run(version);
  });
  await house.data.recover();
  house.wait(10 * 3_600_000);
  await house.objects.removeUnreferenced(objectReferences);
  await house.checkout(version, join(house.root, 'back'));
  expect(house.store.now((db) => db.prepare('SELECT count(*) FROM data_unkept').pluck().get())).toBe(0);
});

test('the list of a single file lies beside its version, and one that was stored as a file is still read', async () => {
  const path = house.write('table.csv', 'a\n1\n');
  const { version } = (await house.snapshot(path)).moment;
  expect(house.objects.has(version)).toBe(false);
  expect(house.data.isKept(version)).toBe(true);
  await house.checkout(version, join(house.root, 'back'));
  expect(readFileSync(join(house.root, 'back', 'table.csv'), 'utf8')).toBe('a\n1\n');

  // As versions before the store's 34 have it.
  const text = house.store.now(
    (db) => db.prepare('SELECT manifest FROM data_version').pluck().get() as string,
  );
  await house.objects.putFile(house.write('list', text));
  const setList = (manifest: string | null) =>
    house.store.write(
      'test',
      (db) => void db.prepare('UPDATE data_version SET manifest = ? WHERE id = ?').run(manifest, version),
    );
  await setList(null);
  expect((await house.data.manifest(version)).entries).toMatchObject([{ path: 'table.csv' }]);
  await setList(text);

  const lose = (id: string) =>
    house.store.write('test', (db) => void db.prepare('DELETE FROM object WHERE id = ?').run(id));
  await lose(createHash('sha256').update('a\n1\n').digest('hex'));
  expect(house.data.isKept(version)).toBe(false);
  await house.snapshot(path);
  expect(house.data.isKept(version)).toBe(true);

  // One whose list is lost has it again when the file is looked at.
  await setList(null);
  await lose(version);
  expect(house.data.isKept(version)).toBe(false);
  await house.snapshot(path);
  expect(house.data.isKept(version)).toBe(true);
});

test('a run that is recorded with the versions that it reads has them at once; what is not so any more is read', async () => {
  const known = house.write('known.csv', 'a\n');
  const other = house.write('other.csv', 'b\n');
  const { version } = (await house.snapshot(known)).moment;
  const earlier = (await house.snapshot(other)).moment.version;
  house.write('other.csv', 'c\n');
  const now = (await house.snapshot(other)).moment.version;
  const id = 'a'.repeat(32);
  await house.runReads(id, [
    { path: known, version, hasLinks: false },
    { path: other, version: earlier, hasLinks: true },
  ]);
  const declared = { role: 'input', knownBy: ['declared'], state: 'recorded' };
  const first = { ...declared, path: known, version: { version } };
  expect(house.data.ofRun(id)).toMatchObject([first]);
  const end = Promise.withResolvers<void>();
  const asked = {
    command: ['cat', 'known.csv'],
    workingFolder: house.projectPath,
    inputs: ['known.csv', 'other.csv'],
  };
  house.data.runs.started(id, { ...asked, beganAt: Date.now() }, end.promise);
  // Recorded a second time after a crash.
  const made = house.write('made.csv', 'd\n');
  for (const _ of [1, 2]) await house.data.keepOutput(made, house.call.signal, id);
  end.resolve();
  await house.data.runs.settled();
  expect(house.data.ofRun(id)).toMatchObject([
    { ...first, knownBy: ['declared', 'named'] },
    { ...declared, path: other, version: { version: now } },
    { ...declared, role: 'output', path: made },
  ]);
  // As of a run that waited, and that another engine begins: what was noted of it then is not read again.
  house.write('known.csv', 'changed\n');
  house.data.runs.started(id, { ...asked, beganAt: Date.now() }, end.promise);
  await house.data.runs.settled();
  expect(house.data.ofRun(id)[0]).toMatchObject({ path: known, state: 'changed', version: { version } });
});
