import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordRun } from './testing/record-run.ts';
import { openSendingSide, type SendingSide } from './testing/sending-side.ts';
import { untilSettled } from './testing/until-settled.ts';

let folder: string;
let share: string;
let side: SendingSide;
let runId: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-share-'));
  share = join(folder, 'share');
  side = await openSendingSide(join(folder, 'home'));
  runId = await recordModel(side);
  await side.api.sync.addTarget({ name: 'share', kind: 'folder', address: share });
});
afterAll(async () => {
  await side.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A run with a model that is a version of `churn`, its champion. */
async function recordModel(from: SendingSide): Promise<string> {
  const { runId: id } = await recordRun(from, {
    experimentId: '0',
    name: 'one',
    series: 2,
    points: 1200,
    files: [0, 10, 300_000],
  });
  await from.put(`0/${id}/artifacts/model/MLmodel`, Buffer.from(`flavors: {}\nrun_id: ${id}\n`));
  await from.put(`0/${id}/artifacts/model/data/model.bin`, Buffer.alloc(200_000, 'weights'));
  await from.post('registered-models/create', { name: 'churn' });
  await from.post('model-versions/create', { name: 'churn', source: `runs:/${id}/model`, run_id: id });
  await from.post('registered-models/alias', { name: 'churn', alias: 'champion', version: '1' });
  return id;
}

async function push(
  from: SendingSide,
  what: { runIds?: string[]; models?: string[]; isWithFiles?: boolean },
) {
  const { deliveryIds } = await from.api.sync.push({ ...what, target: 'share' });
  await untilSettled(from.api);
  return from.api.sync.delivery({ deliveryId: deliveryIds.at(-1) ?? 0 });
}

const isSound = (path: string): string =>
  execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: path, encoding: 'utf8' });
const filesBelow = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .toSorted();

test('a run lies in a folder of its own, which explains itself and is checked by sha256sum', async () => {
  const { delivery, receipt } = await push(side, { runIds: [runId] });
  expect(delivery).toMatchObject({ state: 'verified', error: null });
  const place = join(share, 'runs', runId);
  expect(filesBelow(place)).toEqual([
    'SHA256SUMS',
    'artifacts/model/MLmodel',
    'artifacts/model/data/model.bin',
    'artifacts/out put/0.bin',
    'artifacts/out put/1.bin',
    'artifacts/out put/2.bin',
    'metrics.jsonl',
    'run.json',
  ]);
  isSound(place);
  const points = readFileSync(join(place, 'metrics.jsonl'), 'utf8').trim().split('\n');
  expect(points.length).toBe(2400);
  expect(
    points.map((line) => JSON.parse(line) as { value: unknown }).filter(({ value }) => value === 'NaN')
      .length,
  ).toBe(2);
  const record = JSON.parse(readFileSync(join(place, 'run.json'), 'utf8')) as {
    run: { data: { params: unknown[] } };
  };
  expect(record.run.data.params.length).toBe(3);
  expect(receipt).toMatchObject({ remoteId: `runs/${runId}`, metrics: [{ points: 1200 }, { points: 1200 }] });
  expect(receipt?.files.length).toBe(7);

  // Again: nothing of the files is written.
  const again = await push(side, { runIds: [runId] });
  expect(again.delivery.state).toBe('verified');
  expect(filesBelow(share).filter((path) => path.includes('.part') || path.startsWith('.incoming'))).toEqual(
    [],
  );
});

test('a run goes without its files where that was asked, and they stay where they were sent before', async () => {
  const { runId: other } = await recordRun(side, {
    experimentId: '0',
    name: 'two',
    series: 1,
    points: 10,
    files: [1000],
  });
  const asked = { target: 'share', runIds: [other], isWithFiles: false };
  expect((await side.api.sync.plan(asked)).deliveries).toMatchObject([
    { localId: other, files: 0, points: 10 },
  ]);
  const place = join(share, 'runs', other);
  const { delivery, receipt } = await push(side, asked);
  expect(delivery).toMatchObject({ state: 'verified', error: null });
  expect(receipt?.files.map(({ path }) => path).toSorted()).toEqual(['metrics.jsonl', 'run.json']);
  expect(receipt?.notices).toEqual(['1 of its files was no part of this push, and not looked for']);
  expect(filesBelow(place)).toEqual(['SHA256SUMS', 'metrics.jsonl', 'run.json']);
  isSound(place);

  expect((await push(side, { runIds: [other] })).receipt?.notices).toEqual([]);
  expect(filesBelow(place)).toContain('artifacts/out put/0.bin');
  expect(isSound(place)).toContain('artifacts/out put/0.bin: OK');
  await push(side, asked);
  expect(isSound(place)).toContain('artifacts/out put/0.bin: OK');

  // A version cannot do without: its run brings them, though the run was named without.
  const target = { name: 'server', kind: 'mlflow' as const, address: 'http://127.0.0.1:9' };
  await side.api.sync.addTarget(target);
  const plan = await side.api.sync.plan({ ...asked, target: 'server', runIds: [runId], models: ['churn'] });
  expect(plan.deliveries.map(({ kind, files }) => [kind, files > 0])).toEqual([
    ['run', true],
    ['version', false],
  ]);
  await side.api.sync.removeTarget({ target: 'server' });
});

test('a version has its number there, its card, its run, and its alias; the next laptop gets the next number', async () => {
  const { delivery, receipt } = await push(side, { models: ['churn@champion'] });
  expect(delivery).toMatchObject({ state: 'verified', error: null });
  const place = join(share, 'models/churn/1');
  expect(filesBelow(place)).toEqual([
    'README.md',
    'SHA256SUMS',
    'model/MLmodel',
    'model/data/model.bin',
    'run.json',
    'version.json',
  ]);
  isSound(place);
  expect(readFileSync(join(place, 'README.md'), 'utf8')).toContain('# churn, version 1');
  expect(readFileSync(join(share, 'models/churn/aliases/champion'), 'utf8')).toBe('1\n');
  expect(receipt).toMatchObject({ remoteId: 'churn/1', aliases: ['champion'] });

  const other = await openSendingSide(join(folder, 'other'));
  try {
    await recordModel(other);
    await other.api.sync.addTarget({ name: 'share', kind: 'folder', address: share });
    const theirs = await push(other, { models: ['churn@champion'] });
    // Theirs is version 2, and the champion of the first is not moved without a word.
    expect(theirs.delivery).toMatchObject({
      state: 'conflict',
      conflict: { differences: [{ key: 'champion', local: '2', remote: '1' }] },
    });
    await other.api.sync.resolve({ deliveryId: theirs.delivery.id, wayOut: 'ours' });
    await untilSettled(other.api);
    expect((await other.api.sync.delivery({ deliveryId: theirs.delivery.id })).receipt?.remoteId).toBe(
      'churn/2',
    );
    expect(readFileSync(join(share, 'models/churn/aliases/champion'), 'utf8')).toBe('2\n');
  } finally {
    await other.close();
  }
  isSound(join(share, 'models/churn/2'));
});

test('a byte that fell over is found and mended, and a folder that is not there is waited for', async () => {
  const file = join(share, 'models/churn/1/model/data/model.bin');
  truncateSync(file, 100);
  appendFileSync(file, Buffer.alloc(199_900, 'x'));
  // The champion is theirs now: ours stays without it.
  await side.api.registry.removeAlias({ name: 'churn', alias: 'champion', reason: '' });
  const mended = await push(side, { models: ['churn/1'] });
  expect(mended.delivery).toMatchObject({ state: 'verified', error: null });
  isSound(join(share, 'models/churn/1'));

  renameSync(share, `${share}-away`);
  mkdirSync(share);
  await side.api.sync.push({ target: 'share', runIds: [runId] });
  for await (const progress of side.api.sync.progress({})) if (progress.offline.length > 0) break;
  const [target] = await side.api.sync.targets({});
  expect(target).toMatchObject({ trouble: { code: 'disconnected' }, counts: { waiting: 1 } });
  expect(readdirSync(share)).toEqual([]);
  rmSync(share, { recursive: true });
  renameSync(`${share}-away`, share);
  await untilSettled(side.api);
  expect((await side.api.sync.targets({}))[0]?.counts).toEqual({ verified: 3 });
});

test('what an attempt before left of a file is gone on with', async () => {
  const { runId: id } = await recordRun(side, {
    experimentId: '0',
    name: 'cut',
    series: 0,
    points: 0,
    files: [600_000],
  });
  // As if the engine had been killed in the middle: the beginning of the file lies there, not yet under its name.
  await side.api.sync.changeTarget({ target: 'share', change: { isPaused: true } });
  const { deliveryIds } = await side.api.sync.push({ target: 'share', runIds: [id] });
  const stored = (await side.api.tracking.artifacts({ runId: id, folder: 'out put' }))[0]?.objectId ?? '';
  const asked = new Request(`http://127.0.0.1/objects/${stored}`);
  const bytes = new Uint8Array(await (await side.engine.fetch(asked)).arrayBuffer());
  const place = join(share, 'runs', id);
  mkdirSync(join(place, 'artifacts/out put'), { recursive: true });
  writeFileSync(join(place, 'artifacts/out put/0.bin.part'), bytes.subarray(0, 500_000));
  await side.api.sync.changeTarget({ target: 'share', change: { isPaused: false } });
  await untilSettled(side.api);
  const { delivery } = await side.api.sync.delivery({ deliveryId: deliveryIds[0] ?? 0 });
  expect(delivery).toMatchObject({ state: 'verified', error: null });
  expect(delivery.sentBytes).toBe(100_000);
  isSound(place);
});

/** The fetch once it is over. */
async function pulled(from: SendingSide, asked: Parameters<SendingSide['api']['sync']['pull']>[0]) {
  const { id } = await from.api.sync.pull(asked);
  for (;;) {
    const pull = (await from.api.sync.pulls({})).find((each) => each.id === id);
    if (pull !== undefined && pull.state !== 'pulling') return pull;
    await sleep(20);
  }
}

test('a model is pulled by its alias, verified by its sums, registered with where it comes from, and written as a folder', async () => {
  const reader = await openSendingSide(join(folder, 'reader'));
  try {
    await reader.api.sync.addTarget({ name: 'share', kind: 'folder', address: share });
    expect(await reader.api.sync.readTeam({ target: 'share' })).toEqual({ versions: 2 });
    const { versions, targets } = await reader.api.sync.teamModels({});
    expect(new Map(versions.map(({ name, version, aliases }) => [`${name}/${version}`, aliases]))).toEqual(
      new Map([
        ['churn/1', []],
        ['churn/2', ['champion']],
      ]),
    );
    expect(targets[0]?.readAt).toBeGreaterThan(0);

    const destination = join(folder, 'pulled');
    const pull = await pulled(reader, {
      target: 'share',
      model: 'churn@champion',
      destination,
      registerAs: 'theirs',
    });
    expect(pull).toMatchObject({
      state: 'verified',
      error: null,
      verifiedBy: 'sums',
      fileCount: 2,
      alias: 'champion',
      registeredAs: 'theirs/1',
      origin: { address: share, name: 'churn', version: '2' },
    });
    expect(filesBelow(destination)).toEqual(['MLmodel', 'data/model.bin']);
    expect(readFileSync(join(destination, 'data/model.bin'))).toEqual(Buffer.alloc(200_000, 'weights'));
    const { tags } = await reader.api.registry.version({ reference: 'theirs/1' });
    expect(tags).toMatchObject({ 'benchtop.pulled.from': share, 'benchtop.pulled.version': 'churn/2' });
    const content = await reader.api.registry.content({ name: 'theirs', version: 1 });
    expect(content).toMatchObject({ fileCount: 2, sinceRegistered: 'same' });
    // Again: no second version of it; and what stands there is not written over.
    expect(
      (await pulled(reader, { target: 'share', model: 'churn/2', registerAs: 'theirs' })).registeredAs,
    ).toBe('theirs/1');
    expect((await reader.api.registry.model({ name: 'theirs' })).versionCount).toBe(1);
    await expect(
      reader.api.sync.pull({ target: 'share', model: 'churn/2', destination }),
    ).rejects.toMatchObject({ code: 'already-exists' });

    // What a version here is made of is not removed; what nobody needs is, and can be taken back.
    const { id: pullId } = pull;
    await expect(reader.api.sync.removePull({ pullId })).rejects.toMatchObject({ code: 'conflict' });
    await reader.api.registry.deleteVersion({ name: 'theirs', version: 1 });
    const filesKept = async () =>
      (await reader.api.sql.query({ query: "SELECT path FROM proxied_file WHERE path LIKE 'pulled/%'" })).rows
        .length;
    expect(await filesKept()).toBe(2);
    await reader.api.sync.removePull({ pullId });
    expect([await reader.api.sync.pulls({}), await filesKept()]).toEqual([[], 0]);
    expect(await reader.api.sync.restorePull({ pullId })).toMatchObject({ state: 'verified' });
    expect(await filesKept()).toBe(2);
    await reader.api.sync.removePull({ pullId });
    // Fetched anew it has its number again, and becomes a version again.
    expect(await pulled(reader, { target: 'share', model: 'churn/2', registerAs: 'theirs' })).toMatchObject({
      id: pullId,
      state: 'verified',
      registeredAs: 'theirs/2',
    });

    // A byte that is not as its sum says is found; what is not there, too.
    const file = join(share, 'models/churn/1/model/data/model.bin');
    appendFileSync(file, 'x');
    expect(await pulled(reader, { target: 'share', model: 'churn/1' })).toMatchObject({
      state: 'failed',
      error: { code: 'damaged-object' },
    });
    await expect(reader.api.sync.pull({ target: 'share', model: 'churn@nobody' })).rejects.toMatchObject({
      code: 'not-found',
    });
    renameSync(share, `${share}-away`);
    await expect(reader.api.sync.readTeam({ target: 'share' })).rejects.toMatchObject({
      code: 'disconnected',
    });
    expect((await reader.api.sync.teamModels({})).versions.length).toBe(2);
    renameSync(`${share}-away`, share);
  } finally {
    await reader.close();
  }
});
