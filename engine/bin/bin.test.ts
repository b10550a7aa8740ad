import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome } from '../fixture-home.ts';
import { createObjects, type Objects } from '../objects/index.ts';
import { filesAt, insertModelVersion, insertRegisteredModel, registeredFiles } from '../registry/index.ts';
import type { Home, Store } from '../store/index.ts';
import { createTracking, objectReferences, type Tracking } from '../tracking/index.ts';
import { createBin } from './index.ts';

let folder: string;
let home: Home;
let store: Store;
let close: () => Promise<void>;
let tracking: Tracking;
let objects: Objects;
let bin: ReturnType<typeof createBin>['handlers'];
let now = 1_000_000_000;
const call = { signal: new AbortController().signal };
const dayMs = 86_400_000;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-bin-'));
  ({ home, store, close } = await openHome(folder));
  tracking = createTracking(store, () => now);
  objects = createObjects(home, store, () => now);
  bin = createBin({
    home,
    store,
    tracking,
    objects,
    keptBeyondRuns: registeredFiles,
    references: objectReferences,
    onErased: async () => undefined,
    now: () => now,
  }).handlers;
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

async function recordRun(name: string, contents: readonly string[]): Promise<string> {
  const { id } = await tracking.createRun({
    name,
    projectId: null,
    status: 'finished',
    command: [],
    workingFolder: null,
    source: 'runner',
    createdAt: now,
    startedAt: now,
    params: { lr: '0.1' },
    tags: { team: name },
  });
  await tracking.logPoints(
    id,
    Array.from({ length: 100 }, (_, step) => ({ key: 'loss', step, timeMs: step, value: step })),
    { origin: 'told' },
  );
  for (const [index, content] of contents.entries()) {
    const object = await objects.putStream(Readable.from([Buffer.from(content)]));
    await tracking.addArtifact(id, { path: `file-${index}`, ...object });
  }
  mkdirSync(join(home.runsPath, id), { recursive: true });
  writeFileSync(join(home.runsPath, id, 'out.log'), 'x'.repeat(1000));
  return id;
}

const rowsLeft = () =>
  store.now((db) =>
    Object.fromEntries(
      ['run', 'param', 'tag', 'series', 'artifact', 'object'].map((table) => [
        table,
        db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
      ]),
    ),
  );

test('what is erased is what was shown, and nothing that another run still has', async () => {
  const kept = await recordRun('kept', ['shared', 'own of kept']);
  const gone = await recordRun('gone', ['shared', 'own of gone, 23 bytes..']);
  const before = rowsLeft();
  await tracking.handlers.deleteRuns({ runIds: [gone] }, call);
  now += 31 * dayMs;
  const preview = await bin.preview({ olderThanDays: 30 }, call);
  expect(preview).toMatchObject({ runIds: [gone], logBytes: 1000, fileBytes: 23, strayFileBytes: 0 });
  expect(preview.pointBytes).toBeGreaterThan(0);
  expect(rowsLeft()).toEqual(before);

  expect(await bin.erase({ olderThanDays: 30 }, call)).toEqual(preview);
  expect(() => tracking.run(gone)).toThrow(/no run/);
  expect(existsSync(join(home.runsPath, gone))).toBe(false);
  expect(rowsLeft()).toEqual({ run: 1, param: 1, tag: 1, series: 1, artifact: 2, object: 2 });
  const files = await tracking.handlers.artifacts({ runId: kept, folder: '' }, call);
  for (const { objectId } of files) expect((await objects.read(objectId ?? '', 0, 1)).bytes.length).toBe(1);
  expect(
    (
      await tracking.handlers.searchRuns(
        { text: 'gone', order: [], deleted: true, evidence: false, limit: 10, offset: 0 },
        call,
      )
    ).runs,
  ).toEqual([]);
});

test('what is not in the bin, or not long enough, stays', async () => {
  const here = await recordRun('here', ['a']);
  const fresh = await recordRun('fresh', ['b']);
  await tracking.handlers.deleteRuns({ runIds: [fresh] }, call);
  now += 5 * dayMs;
  expect(await bin.erase({ olderThanDays: 30 }, call)).toMatchObject({ runIds: [] });
  expect(await bin.erase({ runIds: [here] }, call)).toMatchObject({ runIds: [] });
  expect(tracking.run(here).name).toBe('here');
  expect(tracking.run(fresh).isDeleted).toBe(true);
});

test('files that nobody refers to go after an hour, but not while they are being stored again', async () => {
  const stray = await objects.putStream(Readable.from([Buffer.from('stray')]));
  expect((await bin.preview({ olderThanDays: 0 }, call)).strayFileBytes).toBe(0);
  now += 2 * 3_600_000;
  expect((await bin.preview({ olderThanDays: 0 }, call)).strayFileBytes).toBe(5);
  // The same content arrives once more: it is new again.
  await objects.putStream(Readable.from([Buffer.from('stray')]));
  await bin.erase({ olderThanDays: 0 }, call);
  expect((await objects.read(stray.objectId, 0, 9)).sizeBytes).toBe(5);
  now += 2 * 3_600_000;
  const [, again] = await Promise.all([
    bin.erase({ olderThanDays: 0 }, call),
    objects.putStream(Readable.from([Buffer.from('stray')])),
  ]);
  expect((await objects.read(again.objectId, 0, 9)).sizeBytes).toBe(5);
});

test('files of a registered model stay, at the same place for its clients, when their run is erased', async () => {
  const runId = await recordRun('trained', ['the model', 'something else']);
  const storageLocation = `mlflow-artifacts:/0/${runId}/artifacts/file-0`;
  await store.write('register', (db) => {
    const cause = { at: now, who: '', via: 'test' };
    const model = insertRegisteredModel(db, { name: 'm', description: '', tags: {} }, cause);
    const origin = { source: storageLocation, storageLocation, runId, runLink: '', modelId: '' };
    insertModelVersion(db, { model, description: '', tags: {}, ...origin }, cause);
  });
  await tracking.handlers.deleteRuns({ runIds: [runId] }, call);
  now += 31 * dayMs;
  expect(await bin.preview({ olderThanDays: 30 }, call)).toMatchObject({
    fileBytes: 'something else'.length,
  });
  await bin.erase({ olderThanDays: 30 }, call);
  const { where, files } = await filesAt(store, storageLocation);
  expect([where, files.map(({ path }) => path)]).toEqual(['stored', ['file-0']]);
  const { bytes } = await objects.read(files[0]?.objectId ?? '', 0, 100);
  expect(new TextDecoder().decode(bytes)).toBe('the model');
});
