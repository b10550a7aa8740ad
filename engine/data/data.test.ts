import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataHouse } from '../fixture-data.ts';
import { objectReferences } from './index.ts';
import { manifestText, readManifest, versionOf, type Manifest } from './manifest.ts';
import { patchManifest } from './patch-manifest.ts';
import { versionDelta } from './version-delta.ts';

let house: Awaited<ReturnType<typeof openDataHouse>>;
beforeEach(async () => {
  house = await openDataHouse();
});
afterEach(() => house.close());

const logOf = async (path: string) => house.data.handlers.log({ path }, house.call);
const filesOf = async (version: string) =>
  (await house.data.handlers.files({ version, offset: 0, limit: 100 }, house.call)).entries;

test('a folder is a version by its content: the same content is the same version, anything else is another', async () => {
  house.write('train/a.csv', 'x\n1\n');
  house.write('train/deep/b.csv', 'x\n2\n');
  const train = join(house.projectPath, 'train');
  const { moment, isNew } = await house.snapshot(train);
  expect(moment).toMatchObject({ kind: 'folder', fileCount: 2, sizeBytes: 8, problems: [], files: null });
  expect(isNew).toBe(true);
  // A copy elsewhere, made later, with other times and another mode for the group.
  house.write('copy/deep/b.csv', 'x\n2\n');
  chmodSync(house.write('copy/a.csv', 'x\n1\n'), 0o600);
  const copy = await house.snapshot(join(house.projectPath, 'copy'));
  expect(copy.moment.version).toBe(moment.version);
  house.write('train/a.csv', 'x\n3\n');
  const changed = await house.snapshot(train);
  expect(changed.moment).toMatchObject({ files: { added: 0, removed: 0, changed: 1 } });
  expect(changed.moment.version).not.toBe(moment.version);
  house.write('train/a.csv', 'x\n1\n');
  chmodSync(join(train, 'a.csv'), 0o755);
  expect((await house.snapshot(train)).moment.version).not.toBe(moment.version);
});

test('the version of a manifest is the sha256 of its text, whose lines are in the order of bytes', () => {
  const manifest: Manifest = {
    kind: 'folder',
    entries: [
      { kind: 'file', path: 'é', sizeBytes: 0, objectId: 'a'.repeat(64) },
      { kind: 'link', path: 'b', target: '../x' },
      { kind: 'program', path: 'B/"q"', sizeBytes: 3, objectId: 'b'.repeat(64) },
    ],
  };
  const text = manifestText(manifest);
  expect(text.toString()).toBe(
    `{"format":"benchtop-data","version":1,"kind":"folder"}\n["x",3,"${'b'.repeat(64)}","B/\\"q\\""]\n["l","../x","b"]\n["f",0,"${'a'.repeat(64)}","é"]\n`,
  );
  expect(versionOf(manifest, text)).toMatchObject({
    version: createHash('sha256').update(text).digest('hex'),
    fileCount: 2,
    linkCount: 1,
    sizeBytes: 3,
  });
});

const anEntry = fc.record({
  path: fc
    .array(fc.constantFrom('a', 'z', 'é', '😀', '\uFFFD', '"', '\n'), { minLength: 1, maxLength: 4 })
    .map((letters) => letters.join('')),
  objectId: fc.constantFrom('1', '2', '3').map((digit) => digit.repeat(64)),
  sizeBytes: fc.constant(5),
  kind: fc.constantFrom('file' as const, 'program' as const),
});
/** Of few files with names of all kinds, so that two of them have some in common. */
const aManifest = fc
  .uniqueArray(anEntry, { selector: ({ path }) => path, maxLength: 8 })
  .map((entries): Manifest => ({ kind: 'folder', entries }));

test('a manifest reads back as it was written, in one order', () => {
  fc.assert(
    fc.property(aManifest, (manifest) => {
      const read = readManifest(manifestText(manifest));
      expect(new Set(read.entries)).toEqual(new Set(manifest.entries));
      expect(manifestText({ ...read, entries: read.entries.toReversed() })).toEqual(manifestText(manifest));
    }),
  );
});

test('the difference of two versions leads from one to the other', () => {
  fc.assert(
    fc.property(aManifest, aManifest, (before, after) => {
      const version = (manifest: Manifest) => ({
        version: versionOf(manifest, manifestText(manifest)),
        manifest,
      });
      const { counts, renamed } = versionDelta(version(before), version(after));
      expect(counts.same + counts.changed + counts.removed + counts.renamed).toBe(before.entries.length);
      expect(counts.same + counts.changed + counts.added + counts.renamed).toBe(after.entries.length);
      for (const { from, to } of renamed) {
        const was = before.entries.find(({ path }) => path === from);
        const is = after.entries.find(({ path }) => path === to);
        expect({ ...was, path: '' }).toEqual({ ...is, path: '' });
        expect(after.entries.some(({ path }) => path === from)).toBe(false);
      }
    }),
  );
});

test('entries put into the text of a manifest are where they would be if it were made anew', () => {
  fc.assert(
    fc.property(aManifest, aManifest, (before, some) => {
      const text = manifestText(before);
      const { fileCount, linkCount, sizeBytes } = versionOf(before, text);
      const patched = patchManifest(text, { fileCount, linkCount, sizeBytes }, some.entries);
      const all = new Map([...before.entries, ...some.entries].map((entry) => [entry.path, entry]));
      const whole: Manifest = { kind: 'folder', entries: [...all.values()] };
      expect(patched.text.toString()).toBe(manifestText(whole).toString());
      expect(versionOf(whole, patched.text)).toMatchObject(patched.counts);
      expect(patched.added.length).toBe(all.size - before.entries.length);
    }),
  );
});

test('what cannot be kept is said, links are kept as links and never followed', async () => {
  const folder = join(house.projectPath, 'odd');
  house.write('secret.txt', 'outside');
  house.write('odd/fine.txt', 'fine');
  symlinkSync('../secret.txt', join(folder, 'out'));
  symlinkSync('/', join(folder, 'root'));
  symlinkSync('nowhere', join(folder, 'broken'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x62, 0xff])]), 'x');
  const { moment } = await house.snapshot(folder);
  expect(moment).toMatchObject({ fileCount: 1, linkCount: 3, sizeBytes: 4, problemCount: 2 });
  expect(moment.problems.map(({ kind }) => kind).toSorted()).toEqual(['bad-name', 'not-a-file']);
  expect((await filesOf(moment.version)).map(({ path, kind, target }) => [path, kind, target])).toEqual([
    ['broken', 'link', 'nowhere'],
    ['fine.txt', 'file', null],
    ['out', 'link', '../secret.txt'],
    ['root', 'link', '/'],
  ]);
});

test('a file that may not be read is said, unless it is all there is', async () => {
  if (process.getuid?.() === 0) return; // Root may read everything.
  house.write('some/a.txt', 'a');
  chmodSync(house.write('some/b.txt', 'b'), 0);
  const { moment } = await house.snapshot(join(house.projectPath, 'some'));
  expect(moment.problems).toMatchObject([{ path: 'b.txt', kind: 'unreadable' }]);
  await expect(house.snapshot(join(house.projectPath, 'some/b.txt'))).rejects.toMatchObject({
    code: 'file-unreadable',
  });
});

test('a timeline goes on while nothing changes, and tells what came, went and changed', async () => {
  const folder = join(house.projectPath, 'data');
  house.write('data/jan.csv', 'a\n1\n');
  house.write('data/feb.csv', 'a\n2\n');
  await house.snapshot(folder);
  house.wait(1000);
  expect((await house.snapshot(folder)).isNew).toBe(false);
  house.write('data/mar.csv', 'a\n3\n');
  house.write('data/feb.csv', 'a\n4\n');
  rmSync(join(folder, 'jan.csv'));
  await house.snapshot(folder);
  const { dataSet, moments } = await logOf(folder);
  expect(dataSet).toMatchObject({ path: folder, projectId: 'p', momentCount: 2 });
  const [latest, first] = moments;
  expect(latest!.files).toEqual({ added: 1, removed: 1, changed: 1 });
  expect(first!.lastSeenAt - first!.firstSeenAt).toBeGreaterThan(1000);
  const sets = await house.data.handlers.sets({ projectId: 'p', limit: 10 }, house.call);
  expect(sets).toMatchObject([{ path: folder, latest: { version: latest!.version, fileCount: 2 } }]);
  // By the beginning of its id, and by its path.
  const found = await house.data.handlers.find({ text: first!.version.slice(0, 8) }, house.call);
  expect(found.version).toBe(first!.version);
  expect((await house.data.handlers.find({ text: folder }, house.call)).version).toBe(latest!.version);
  await expect(logOf(join(house.projectPath, 'none'))).rejects.toMatchObject({ code: 'not-found' });
});

test('renamed files are told as renamed, bytes once for each content', async () => {
  const folder = join(house.projectPath, 'r');
  house.write('r/a', 'one content');
  house.write('r/b', 'other');
  const { version: before } = (await house.snapshot(folder)).moment;
  renameSync(join(folder, 'a'), join(folder, 'c'));
  house.write('r/d', 'new');
  house.write('r/e', 'new');
  const { version: after } = (await house.snapshot(folder)).moment;
  const delta = await house.data.handlers.compare({ before, after }, house.call);
  expect(delta).toMatchObject({
    counts: { added: 2, removed: 0, changed: 0, renamed: 1, same: 1 },
    bytes: { added: 3, removed: 0 },
    renamed: [{ from: 'a', to: 'c', sizeBytes: 11 }],
    // Each content is one piece: one more, and two that both have.
    chunks: { shared: 2, added: 1, removed: 0, addedBytes: 3, removedBytes: 0 },
  });
});

test('an edit in a large file is a few new pieces, the rest is shared; where the store lost one of the files nobody knows', async () => {
  const path = join(house.projectPath, 'large.bin');
  const bytes = Buffer.alloc(4_000_000);
  for (let at = 0, x = 1; at < bytes.length; at += 4) {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
    bytes.writeInt32LE(x, at);
  }
  writeFileSync(path, bytes);
  const { version: before } = (await house.snapshot(path)).moment;
  writeFileSync(
    path,
    Buffer.concat([bytes.subarray(0, 2_000_000), Buffer.from('!'), bytes.subarray(2_000_000)]),
  );
  const { version: after } = (await house.snapshot(path)).moment;
  const { chunks, bytes: whole } = await house.data.handlers.compare({ before, after }, house.call);
  expect(whole).toEqual({ added: 4_000_001, removed: 4_000_000 });
  expect(chunks!.shared).toBeGreaterThan(20);
  expect(chunks!.added).toBeLessThanOrEqual(3);
  expect(chunks!.addedBytes - chunks!.removedBytes).toBe(1);
  const [entry] = await filesOf(before);
  await house.store.write('test', (db) => db.prepare('DELETE FROM object WHERE id = ?').run(entry!.objectId));
  const unknown = await house.data.handlers.compare({ before, after }, house.call);
  expect(unknown.chunks).toBeNull();
}, 30_000);

test('any version comes back in a new folder as it was: bytes, links, what may be run', async () => {
  const folder = join(house.projectPath, 'd');
  house.write('d/x/large.bin', Buffer.alloc(300_000, 7));
  chmodSync(house.write('d/run.sh', '#!/bin/sh\n'), 0o755);
  house.write('d/empty', '');
  symlinkSync('x/large.bin', join(folder, 'link'));
  const { version } = (await house.snapshot(folder)).moment;
  rmSync(folder, { recursive: true });
  const destination = join(house.root, 'back');
  expect(await house.checkout(version, destination)).toMatchObject({ path: destination, fileCount: 3 });
  expect(readFileSync(join(destination, 'x/large.bin')).equals(Buffer.alloc(300_000, 7))).toBe(true);
  expect(statSync(join(destination, 'run.sh')).mode & 0o777).toBe(0o755);
  expect(lstatSync(join(destination, 'link')).isSymbolicLink()).toBe(true);
  expect(readlinkSync(join(destination, 'link'))).toBe('x/large.bin');
  expect((await house.snapshot(destination)).moment.version).toBe(version);
  // Never over what is there.
  await expect(house.checkout(version, destination)).rejects.toMatchObject({ code: 'already-exists' });
  const occupied = join(house.root, 'occupied');
  writeFileSync(occupied, 'mine');
  await expect(house.checkout(version, occupied)).rejects.toMatchObject({ code: 'already-exists' });
  expect(readFileSync(occupied, 'utf8')).toBe('mine');
});

test('a checkout that fails half-way leaves nothing behind', async () => {
  const folder = join(house.projectPath, 'd');
  for (const name of ['a', 'b', 'c']) house.write(`d/${name}`, `content ${name}`);
  const { version } = (await house.snapshot(folder)).moment;
  const abort = new AbortController();
  abort.abort();
  const destination = join(house.root, 'half');
  const events = house.data.handlers.checkout(
    { version, destination },
    { signal: abort.signal, after: undefined },
  );
  await expect(events[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'cancelled' });
  expect(existsSync(destination)).toBe(false);
  mkdirSync(destination);
  const again = house.data.handlers.checkout(
    { version, destination },
    { signal: abort.signal, after: undefined },
  );
  await expect(again[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'cancelled' });
  expect(readdirSync(destination)).toEqual([]);
});

test('a single file has versions too, and its rows are compared and summed up', async () => {
  const path = house.write('flights.csv', 'id,delay\n1,5\n2,7\n');
  const before = (await house.snapshot(path)).moment;
  expect(before).toMatchObject({ kind: 'file', fileCount: 1 });
  house.write('flights.csv', 'id,delay\n1,5\n2,9\n3,0\n');
  const after = (await house.snapshot(path)).moment;
  const pair = { before: before.version, after: after.version };
  expect(await house.data.handlers.compare(pair, house.call)).toMatchObject({
    counts: { changed: 1 },
    changed: [{ path: 'flights.csv', tableFormat: 'csv' }],
  });
  const rows = await house.data.handlers.compareTables({ ...pair, path: 'flights.csv' }, house.call);
  expect(rows).toMatchObject({
    key: { columns: ['id'], isFound: true },
    rows: { before: 2, after: 3, added: 1, removed: 0, changed: 1 },
  });
  const ask = () =>
    house.data.tables.profile({ version: after.version, path: 'flights.csv' }, house.call.signal);
  const profile = await ask();
  expect(profile.columns[1]).toMatchObject({ name: 'delay', type: 'BIGINT', min: '0', max: '9' });
  expect(await ask()).toEqual(profile);
  const sides = { reference: before, current: after };
  const drift = () =>
    house.data.tables.drift(
      {
        reference: { version: sides.reference.version, path: '' },
        current: { version: sides.current.version, path: '' },
        tests: {},
      },
      house.call.signal,
    );
  const report = await drift();
  expect(report).toMatchObject({
    reference: { path: 'flights.csv', rowCount: 2 },
    verdict: 'not-enough-data',
  });
  expect(readdirSync(join(house.root, 'home', 'references'))).toEqual([
    expect.stringMatching(/^[0-9a-f]{64}\.csv-1$/),
  ]);
  expect(await drift()).toEqual(report);
  await expect(
    house.data.handlers.compareTables({ ...pair, path: 'flights.csv', key: ['none'] }, house.call),
  ).rejects.toMatchObject({ code: 'invalid-input' });
}, 30_000);

test('a file that is looked at again is known by what is kept of it, as long as it is unchanged', async () => {
  const path = house.write('flights.csv', 'id,delay\n1,5\n2,7\n');
  const other = house.write('other.csv', 'id,delay\n3,5\n');
  const kept = () => {
    const folder = join(house.root, 'home', 'references');
    return existsSync(folder)
      ? readdirSync(folder).map((name) => readdirSync(join(folder, name)).toSorted())
      : [];
  };
  // A file that was written just now may change again unnoticed.
  const settled = () => new Promise((resolve) => setTimeout(resolve, 50));
  await settled();
  const drift = () =>
    house.data.tables.drift({ reference: path, current: other, tests: {} }, house.call.signal);
  const report = await drift();
  expect(kept(), 'the first time').toEqual([[]]);
  expect(await drift()).toEqual(report);
  expect(kept(), 'the second time').toEqual([['0.numbers', '1.numbers', 'table.json']]);
  expect(await drift()).toEqual(report);
  const profile = () => house.data.tables.profile(path, house.call.signal);
  const told = await profile();
  expect(kept()).toEqual([['0.numbers', '1.numbers', 'profile.json', 'table.json']]);
  expect(await profile()).toEqual(told);
  house.write('flights.csv', 'id,delay\n1,5\n2,8\n');
  await settled();
  expect((await profile()).columns[1]).toMatchObject({ max: '8' });
  expect((await drift()).reference.rowCount).toBe(2);
}, 30_000);

test('what a version needs is never collected as garbage', async () => {
  house.write('g/a', 'kept');
  const { version } = (await house.snapshot(join(house.projectPath, 'g'))).moment;
  rmSync(join(house.projectPath, 'g'), { recursive: true });
  house.wait(10 * 3_600_000);
  await house.objects.removeUnreferenced(objectReferences);
  const back = join(house.root, 'back');
  await house.checkout(version, back);
  expect(readFileSync(join(back, 'a'), 'utf8')).toBe('kept');
});

test('a snapshot can be cancelled, and records nothing then', async () => {
  for (let at = 0; at < 20; at++) house.write(`many/${at}`, String(at));
  const folder = join(house.projectPath, 'many');
  const abort = new AbortController();
  const events = house.data.handlers.snapshot({ path: folder }, { signal: abort.signal, after: undefined });
  const iterator = events[Symbol.asyncIterator]();
  expect((await iterator.next()).value).toMatchObject({ event: { kind: 'progress' } });
  abort.abort();
  await expect(
    (async () => {
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next());
    })(),
  ).rejects.toMatchObject({ code: 'cancelled' });
  await expect(logOf(folder)).rejects.toMatchObject({ code: 'not-found' });
});
