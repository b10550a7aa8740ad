import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { fillDisk, mountSmallDisk, noSmallDisk } from '../../engine/fixture-small-disk.ts';
import { openEnginePort } from '../engine-port.ts';
import { contract, createConnection } from '../../contract/index.ts';
import { startEngineProcess } from './testing/engine-process.ts';
import { freePort } from './testing/mlflow-peers.ts';
import { recordRun } from './testing/record-run.ts';
import { openSendingPair, type SendingPair } from './testing/sending-pair.ts';
import { openSendingSide, type SendingSide } from './testing/sending-side.ts';
import { untilSettled } from './testing/until-settled.ts';

// What a real server answers is tried in sync.test.ts. Here another Benchtop stands for it, which starts at once.

const disk = mountSmallDisk();
if (disk === null) console.log(noSmallDisk);

const secret = 'correct-horse-battery';
let pair: SendingPair;
let { folder, team, proxy, side } = {} as SendingPair;

beforeAll(async () => {
  pair = await openSendingPair();
  ({ folder, team, proxy, side } = pair);
  await side.api.sync.addTarget({ name: 'team', address: proxy.address, auth: 'basic', user: 'ada', secret });
});
afterEach(() => proxy.setFaults(() => null));
afterAll(() => pair.close());

interface RemoteRun {
  info: { run_id: string };
  data: { params?: { key: string; value: string }[]; tags?: { key: string; value: string }[] };
}

/** An experiment here, of a name that the team has not either. */
const newExperiment = async (name: string, from: SendingSide = side): Promise<string> =>
  ((await from.post('experiments/create', { name })) as { experiment_id: string }).experiment_id;

async function teamRuns(experiment: string): Promise<RemoteRun[]> {
  const { json: found } = await team.ask(
    'GET',
    `/api/2.0/mlflow/experiments/get-by-name?experiment_name=${experiment}`,
  );
  const { experiment_id: id } = (found as { experiment: { experiment_id: string } }).experiment;
  const { json } = await team.ask('POST', '/api/2.0/mlflow/runs/search', {
    experiment_ids: [id],
    max_results: 1000,
  });
  return (json as { runs?: RemoteRun[] }).runs ?? [];
}

const oneRun = (experimentId: string, name = 'one', from: SendingSide = side) =>
  recordRun(from, { experimentId, name, series: 1, points: 30, files: [10] });

async function push(from: SendingSide, runIds: string[]) {
  const { deliveryIds } = await from.api.sync.push({ target: 'team', runIds });
  await untilSettled(from.api);
  const [deliveryId = 0] = deliveryIds;
  return from.api.sync.delivery({ deliveryId });
}

test('a param that is otherwise there is shown with both values, and there are three ways out', async () => {
  const experiment = await newExperiment('params');
  const { runId } = await oneRun(experiment);
  await push(side, [runId]);
  const [there] = await teamRuns('params');
  // The team has a param that is not here yet, and here it gets another value.
  await team.ask('POST', '/api/2.0/mlflow/runs/log-parameter', {
    run_id: there?.info.run_id,
    key: 'seed',
    value: '1',
  });
  await side.post('runs/log-parameter', { run_id: runId, key: 'seed', value: '2' });
  const { delivery, operations } = await push(side, [runId]);
  expect(delivery).toMatchObject({
    state: 'conflict',
    conflict: {
      differences: [{ key: 'seed', local: '2', remote: '1' }],
      waysOut: ['theirs', 'both', 'skip'],
    },
  });
  expect(operations[0]?.state).toBe('conflict');
  await expect(side.api.sync.resolve({ deliveryId: delivery.id, wayOut: 'ours' })).rejects.toMatchObject({
    code: 'invalid-input',
  });

  await side.api.sync.resolve({ deliveryId: delivery.id, wayOut: 'theirs' });
  await untilSettled(side.api);
  const kept = await side.api.sync.delivery({ deliveryId: delivery.id });
  expect(kept.delivery.state).toBe('verified');
  expect(kept.receipt?.notices).toEqual(['param seed: the value of the target was kept']);

  const other = await oneRun(experiment, 'two');
  await push(side, [other.runId]);
  const two = (await teamRuns('params')).find((run) => run.data.params?.some(({ value }) => value === 'two'));
  await team.ask('POST', '/api/2.0/mlflow/runs/log-parameter', {
    run_id: two?.info.run_id,
    key: 'seed',
    value: '1',
  });
  await side.post('runs/log-parameter', { run_id: other.runId, key: 'seed', value: '2' });
  const stuck = await push(side, [other.runId]);
  await side.api.sync.resolve({ deliveryId: stuck.delivery.id, wayOut: 'both' });
  await untilSettled(side.api);
  expect((await side.api.sync.delivery({ deliveryId: stuck.delivery.id })).delivery.state).toBe('verified');
  const seeds = (await teamRuns('params')).flatMap(
    (run) => run.data.params?.filter(({ key }) => key === 'seed') ?? [],
  );
  expect(seeds.map(({ value }) => value).toSorted()).toEqual(['1', '1', '2']);
});

test('two laptops and a store from a backup make nothing twice', async () => {
  const { runId } = await oneRun(await newExperiment('laptops'));
  const first = await push(side, [runId]);
  const again = await push(side, [runId]);
  expect(again.delivery.state).toBe('verified');
  // Only questions go out again, and small ones.
  expect(again.delivery.sentBytes - first.delivery.sentBytes).toBeLessThan(1000);

  // As if this home knew nothing of what it sent: the target forgotten and added anew.
  await side.api.sync.removeTarget({ target: 'team' });
  await side.api.sync.addTarget({ name: 'team', address: proxy.address, auth: 'basic', user: 'ada', secret });
  expect((await push(side, [runId])).delivery.state).toBe('verified');

  const other = await openSendingSide(join(folder, 'other'));
  try {
    await other.api.sync.addTarget({ name: 'team', address: proxy.address });
    const theirs = await oneRun(await newExperiment('laptops', other), 'from the other', other);
    expect((await push(other, [theirs.runId])).delivery.state).toBe('verified');
  } finally {
    await other.close();
  }
  const origins = (await teamRuns('laptops')).map(
    (run) => run.data.tags?.find(({ key }) => key === 'benchtop.origin')?.value,
  );
  expect(origins.length).toBe(2);
  expect(new Set(origins).size).toBe(2);
});

test('what the team does long after the line was cut is found at the end, and nothing stays there twice', async () => {
  const experiment = await newExperiment('late');
  const { runId } = await oneRun(experiment);
  await side.put(`${experiment}/${runId}/artifacts/model/MLmodel`, Buffer.from('flavors: {}\n'));
  await side.post('registered-models/create', { name: 'late' });
  await side.post('model-versions/create', { name: 'late', source: `runs:/${runId}/model`, run_id: runId });
  await side.post('registered-models/alias', { name: 'late', alias: 'champion', version: '1' });
  const late = new Set(['runs/create', 'model-versions/create']);
  const isTime = new Map([...late].map((what) => [what, Promise.withResolvers<void>()]));
  proxy.setFaults((method, path) => {
    const what = path.replace(/^.*\/mlflow\//, '');
    // When the second of a kind is made, the next kinds of request are on their way.
    if (method === 'PUT') isTime.get('runs/create')?.resolve();
    if (what === 'registered-models/alias' && method === 'POST')
      isTime.get('model-versions/create')?.resolve();
    return late.delete(what) ? { kind: 'late', until: isTime.get(what)?.promise ?? Promise.resolve() } : null;
  });
  await side.api.sync.push({ target: 'team', models: ['late@champion'] });
  const deliveries = await untilSettled(side.api);
  const receipts = await Promise.all(
    deliveries
      .filter(({ name }) => name === 'late/1' || name === 'one')
      .slice(0, 2)
      .map(({ id }) => side.api.sync.delivery({ deliveryId: id })),
  );
  expect(receipts.map(({ delivery }) => delivery.state)).toEqual(['verified', 'verified']);
  for (const { receipt } of receipts)
    expect(receipt?.notices).toEqual([expect.stringContaining('was removed again')]);
  expect((await teamRuns('late')).length).toBe(1);
  const { json } = await team.ask('GET', "/api/2.0/mlflow/model-versions/search?filter=name%3D'late'");
  expect((json as { model_versions: object[] }).model_versions.length).toBe(1);
});

test('an alias that the team moved is not moved back without a word', async () => {
  const experiment = await newExperiment('aliases');
  const { runId } = await oneRun(experiment);
  await side.put(`${experiment}/${runId}/artifacts/model/MLmodel`, Buffer.from('flavors: {}\n'));
  await side.post('registered-models/create', { name: 'churn' });
  await side.post('model-versions/create', { name: 'churn', source: `runs:/${runId}/model`, run_id: runId });
  await side.post('registered-models/alias', { name: 'churn', alias: 'champion', version: '1' });
  const pushModel = async () => {
    const { deliveryIds } = await side.api.sync.push({ target: 'team', models: ['churn@champion'] });
    await untilSettled(side.api);
    return side.api.sync.delivery({ deliveryId: deliveryIds.at(-1) ?? 0 });
  };
  expect((await pushModel()).receipt).toMatchObject({ remoteId: 'churn/1', aliases: ['champion'] });

  const [there] = await teamRuns('aliases');
  const id = there?.info.run_id;
  await team.ask('POST', '/api/2.0/mlflow/model-versions/create', {
    name: 'churn',
    source: `runs:/${id}/model`,
    run_id: id,
  });
  await team.ask('POST', '/api/2.0/mlflow/registered-models/alias', {
    name: 'churn',
    alias: 'champion',
    version: '2',
  });
  const { delivery } = await pushModel();
  expect(delivery).toMatchObject({
    state: 'conflict',
    conflict: {
      differences: [{ key: 'champion', local: '1', remote: '2' }],
      waysOut: ['theirs', 'ours', 'skip'],
    },
  });
  await side.api.sync.resolve({ deliveryId: delivery.id, wayOut: 'ours' });
  await untilSettled(side.api);
  const { json } = await team.ask('GET', '/api/2.0/mlflow/registered-models/alias?name=churn&alias=champion');
  expect(json).toMatchObject({ model_version: { version: '1' } });
});

test('away from the network everything waits, says so, and goes when it is back', async () => {
  const { runId } = await oneRun('0');
  const port = await freePort();
  await side.api.sync.addTarget({ name: 'away', address: `http://127.0.0.1:${port}` });
  const { deliveryIds } = await side.api.sync.push({ target: 'away', runIds: [runId] });
  for await (const progress of side.api.sync.progress({ target: 'away' }))
    if (progress.offline.length > 0 && progress.sending === 0) break;
  const target = (await side.api.sync.targets({})).find(({ name }) => name === 'away');
  expect(target).toMatchObject({ name: 'away', counts: { waiting: 1 }, trouble: { code: 'disconnected' } });
  expect(target?.nextAttemptAt).toBeGreaterThan(0);
  expect(await side.api.sync.cancel({ target: 'away' })).toEqual({ count: 1 });
  const [deliveryId = 0] = deliveryIds;
  expect((await side.api.sync.delivery({ deliveryId })).delivery.state).toBe('cancelled');
  await side.api.sync.removeTarget({ target: 'away' });
});

test('a file that is too large is named, the rest arrives, and nothing is called done', async () => {
  const { runId } = await recordRun(side, {
    experimentId: '0',
    name: 'big',
    series: 1,
    points: 5,
    files: [10, 5000],
  });
  proxy.setFaults((method, path) =>
    method === 'PUT' && path.endsWith('1.bin') ? { kind: 'status', status: 413 } : null,
  );
  const { delivery, operations, receipt } = await push(side, [runId]);
  expect(delivery).toMatchObject({ state: 'refused', error: { code: 'too-large' } });
  expect(receipt).toBeNull();
  expect(
    operations.filter(({ kind }) => kind === 'file').map(({ subject, state }) => [subject, state]),
  ).toEqual([
    ['out put/0.bin', 'verified'],
    ['out put/1.bin', 'refused'],
  ]);
  proxy.setFaults(() => null);
  await side.api.sync.retry({});
  await untilSettled(side.api);
  expect((await side.api.sync.delivery({ deliveryId: delivery.id })).receipt?.files.length).toBe(2);
});

test(
  'an engine that is killed while it sends goes on where it was, and makes nothing twice',
  { timeout: 60_000 },
  async () => {
    const home = join(folder, 'killed');
    const port = await freePort();
    const connect = () =>
      createConnection(contract, () => openEnginePort({ pid: 0, port, token: null, startedAt: 0 }));
    let engine = await startEngineProcess(home, port);
    let connection = connect();
    const post = async (path: string, body: object): Promise<unknown> =>
      (
        await fetch(`${engine.address}/api/2.0/mlflow/${path}`, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        })
      ).json();
    const put = async (path: string, body: Uint8Array): Promise<void> => {
      await fetch(`${engine.address}/api/2.0/mlflow-artifacts/artifacts/${path}`, {
        method: 'PUT',
        body: Uint8Array.from(body),
      });
    };
    try {
      const { experiment_id: experimentId } = (await post('experiments/create', { name: 'killed' })) as {
        experiment_id: string;
      };
      const samples = [];
      for (const name of ['a', 'b', 'c'])
        samples.push(
          await recordRun({ post, put }, { experimentId, name, series: 2, points: 900, files: [3000] }),
        );
      await connection.api.sync.addTarget({ name: 'team', address: proxy.address });
      // Each engine is killed just after the target has done something, before anybody hears of it.
      const killAt = (what: string): Promise<void> => {
        const hit = Promise.withResolvers<void>();
        let left = 2;
        proxy.setFaults((method, path) => {
          if (method === 'GET' || !path.includes(what) || --left > 0) return null;
          hit.resolve();
          return { kind: 'drop-answer' };
        });
        return hit.promise;
      };
      let hit = killAt('runs/create');
      await connection.api.sync.push({ target: 'team', runIds: samples.map(({ runId }) => runId) });
      for (const next of ['log-batch', null]) {
        await hit;
        await engine.kill();
        connection.close();
        if (next === null) proxy.setFaults(() => null);
        else hit = killAt(next);
        engine = await startEngineProcess(home, port);
        connection = connect();
      }
      const deliveries = await untilSettled(connection.api, 50_000);
      expect(deliveries.map(({ state, error }) => [state, error])).toEqual(
        [1, 2, 3].map(() => ['verified', null]),
      );
      for (const { id } of deliveries) {
        const { receipt } = await connection.api.sync.delivery({ deliveryId: id });
        expect(receipt?.metrics.map(({ points }) => points)).toEqual([900, 900]);
      }
      expect((await teamRuns('killed')).length).toBe(3);
    } finally {
      connection.close();
      await engine.kill();
    }
  },
);

test.skipIf(disk === null)(
  'what a full disk of this laptop stops goes on by itself when there is space again, and is made once',
  { timeout: 60_000 },
  async () => {
    const path = disk?.path ?? '';
    const laptop = await openSendingSide(join(path, 'home'));
    try {
      const { runId } = await oneRun(await newExperiment('full', laptop), 'full', laptop);
      await laptop.api.sync.addTarget({ name: 'team', address: proxy.address });
      const isFull = Promise.withResolvers<void>();
      proxy.setFaults((_method, asked) => {
        if (!asked.endsWith('runs/create')) return null;
        // The team has the run before this laptop can write down what it is called there.
        fillDisk(join(path, 'filler'));
        isFull.resolve();
        return null;
      });
      const { deliveryIds } = await laptop.api.sync.push({ target: 'team', runIds: [runId] });
      await isFull.promise;
      await sleep(500);
      proxy.setFaults(() => null);
      rmSync(join(path, 'filler'));
      const [deliveryId = 0] = deliveryIds;
      const state = async () => (await laptop.api.sync.delivery({ deliveryId })).delivery.state;
      while ((await state()) !== 'verified') await sleep(50);
      expect((await teamRuns('full')).length).toBe(1);
    } finally {
      await laptop.close();
      disk?.unmount();
    }
  },
);
