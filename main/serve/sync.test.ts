import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startFaultProxy, type Fault, type FaultProxy } from './testing/fault-proxy.ts';
import { startMlflow, type Peer } from './testing/mlflow-peers.ts';
import { pythonEnvironment } from '../../engine/fixture-python.ts';
import { recordRun, type RecordedSample } from './testing/record-run.ts';
import { openSendingSide, type SendingSide } from './testing/sending-side.ts';
import { untilSettled } from './testing/until-settled.ts';

const environment = pythonEnvironment();
if ('reason' in environment) console.log(`Nothing is sent to a real MLflow server: ${environment.reason}`);

let folder: string;
let mlflow: Peer;
let proxy: FaultProxy;
let side: SendingSide;

beforeAll(async () => {
  if ('reason' in environment) return;
  folder = mkdtempSync(join(tmpdir(), 'benchtop-sync-'));
  mlflow = await startMlflow(environment.python, join(folder, 'mlflow'));
  proxy = await startFaultProxy(() => mlflow.address);
  side = await openSendingSide(join(folder, 'home'));
  await side.api.sync.addTarget({ name: 'team', address: proxy.address });
}, 240_000);

afterAll(async () => {
  if ('reason' in environment) return;
  await side.close();
  await proxy.close();
  await mlflow.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface RemoteRun {
  info: { run_id: string; experiment_id: string; status: string; artifact_uri: string };
  data: { params?: { key: string; value: string }[]; tags?: { key: string; value: string }[] };
}

const answerOf = async <T>(method: string, path: string, body?: object): Promise<T> => {
  const { status, json } = await mlflow.ask(method, path, body);
  if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`);
  return json as T;
};

async function remoteRuns(experiment: string): Promise<RemoteRun[]> {
  const found = await answerOf<{ experiment: { experiment_id: string } }>(
    'GET',
    `/api/2.0/mlflow/experiments/get-by-name?experiment_name=${experiment}`,
  );
  const { runs = [] } = await answerOf<{ runs?: RemoteRun[] }>('POST', '/api/2.0/mlflow/runs/search', {
    experiment_ids: [found.experiment.experiment_id],
    max_results: 1000,
  });
  return runs;
}

/** Whether a run is there as it was recorded: each point once, each file with its bytes. */
async function expectThere(run: RemoteRun, sample: RecordedSample): Promise<void> {
  expect(run.info.status).toBe('FINISHED');
  expect(Object.fromEntries((run.data.params ?? []).map(({ key, value }) => [key, value]))).toEqual(
    sample.params,
  );
  for (const [key, points] of sample.points) {
    const { metrics = [] } = await answerOf<{
      metrics?: { step: number; timestamp: number; value: number | string }[];
    }>('GET', `/api/2.0/mlflow/metrics/get-history?run_id=${run.info.run_id}&metric_key=${key}`);
    expect(metrics.length).toBe(points.length);
    const wrong = metrics
      .toSorted((a, b) => a.step - b.step)
      .filter(({ step, value }, at) => {
        const sent = points[at];
        const wanted = sent?.value === 'Infinity' ? Number.MAX_VALUE : sent?.value;
        return sent?.step !== step || String(wanted) !== String(value);
      });
    expect(wrong).toEqual([]);
  }
  for (const [path, sha256] of sample.files) {
    const root = run.info.artifact_uri.replace(/^mlflow-artifacts:\/*/, '');
    const response = await fetch(
      `${mlflow.address}/api/2.0/mlflow-artifacts/artifacts/${root}/${path.split('/').map(encodeURIComponent).join('/')}`,
    );
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  }
}

test.skipIf('reason' in environment)(
  'whatever breaks on the way, a run, its child and its model arrive once and whole',
  { timeout: 240_000 },
  async () => {
    const { experiment_id: experimentId } = (await side.post('experiments/create', {
      name: 'broken-line',
    })) as {
      experiment_id: string;
    };
    const parent = await recordRun(side, {
      experimentId,
      name: 'parent',
      series: 2,
      points: 1200,
      files: [20, 70_000],
    });
    const child = await recordRun(side, {
      experimentId,
      name: 'child',
      parent: parent.runId,
      series: 1,
      points: 40,
      files: [0],
    });
    const modelId = await logModel(experimentId, parent.runId);
    await side.post('registered-models/create', { name: 'churn' });
    await side.post('model-versions/create', {
      name: 'churn',
      source: `models:/${modelId}`,
      run_id: parent.runId,
      model_id: modelId,
    });
    await side.post('registered-models/alias', { name: 'churn', alias: 'champion', version: '1' });

    const plan = await side.api.sync.plan({
      target: 'team',
      runIds: [child.runId],
      models: ['churn@champion'],
    });
    expect(plan.deliveries.map(({ name, because }) => [name, because])).toEqual([
      ['parent', 'the parent of child'],
      ['child', null],
      ['churn/1', null],
    ]);
    expect(plan.bytes).toBeGreaterThan(70_000);

    // Each kind of request meets each fault once; the one after it goes through.
    const seen = new Map<string, number>();
    proxy.setFaults((method, path) => {
      const what = `${method} ${path
        .replace(/\?.*/, '')
        .replace(/artifacts\/artifacts\/.*/, 'file')
        .replace(/m-[0-9a-f]{32}/, 'ID')}`;
      const count = seen.get(what) ?? 0;
      seen.set(what, count + 1);
      return faults[count] ?? null;
    });
    await side.api.sync.push({ target: 'team', runIds: [child.runId], models: ['churn@champion'] });
    const deliveries = await untilSettled(side.api);
    proxy.setFaults(() => null);
    expect(deliveries.map(({ name, state, error }) => [name, state, error])).toEqual([
      ['churn/1', 'verified', null],
      ['child', 'verified', null],
      ['parent', 'verified', null],
    ]);
    expect([...proxy.done.keys()].toSorted()).toEqual(['cut-answer', 'cut-request', 'drop-answer', 'status']);

    const runs = await remoteRuns('broken-line');
    expect(runs.length).toBe(2);
    const tagOf = (run: RemoteRun, key: string) => run.data.tags?.find((tag) => tag.key === key)?.value;
    const there = (name: string) => runs.find((run) => tagOf(run, 'mlflow.runName') === name) ?? runs[0]!;
    await expectThere(there('parent'), parent);
    await expectThere(there('child'), child);
    expect(tagOf(there('child'), 'mlflow.parentRunId')).toBe(there('parent').info.run_id);
    expect(tagOf(there('parent'), 'note')).toBe(`see runs:/${there('parent').info.run_id}/model`);
    expect(tagOf(there('parent'), 'benchtop.origin')).toMatch(new RegExp(`^[0-9a-f]{16}/${parent.runId}$`));

    // The registry has one version, with its alias, whose files name what is theirs.
    const { model_versions: versions = [] } = await answerOf<{
      model_versions?: { version: string; run_id: string; source: string; aliases?: string[] }[];
    }>('GET', "/api/2.0/mlflow/model-versions/search?filter=name%3D'churn'");
    expect(versions.map(({ version, run_id: runId }) => [version, runId])).toEqual([
      ['1', there('parent').info.run_id],
    ]);
    const { model_version: champion } = await answerOf<{ model_version: { version: string } }>(
      'GET',
      '/api/2.0/mlflow/registered-models/alias?name=churn&alias=champion',
    );
    expect(champion.version).toBe('1');
    const remoteModelId = /m-[0-9a-f]{32}/.exec(versions[0]?.source ?? '')?.[0] ?? '';
    const { model } = await answerOf<{ model: { info: { artifact_uri: string; status: string } } }>(
      'GET',
      `/api/2.0/mlflow/logged-models/${remoteModelId}`,
    );
    expect(model.info.status).toBe('LOGGED_MODEL_READY');
    const root = model.info.artifact_uri.replace(/^mlflow-artifacts:\/*/, '');
    const file = await fetch(`${mlflow.address}/api/2.0/mlflow-artifacts/artifacts/${root}/MLmodel`);
    expect(await file.text()).toBe(
      mlmodelText(there('parent').info.run_id, remoteModelId, model.info.artifact_uri),
    );

    // A receipt is what was found there.
    const receipts = await Promise.all(
      deliveries.map(({ id }) => side.api.sync.delivery({ deliveryId: id })),
    );
    const receipt = receipts.find(({ delivery }) => delivery.name === 'parent')?.receipt;
    expect(receipt).toMatchObject({
      remoteId: there('parent').info.run_id,
      params: 3,
      metrics: [
        { key: 'm0', points: 1200 },
        { key: 'm1', points: 1200 },
      ],
    });
    expect(receipt?.files.length).toBe(4);
    expect(receipts.find(({ delivery }) => delivery.kind === 'version')?.receipt?.aliases).toEqual([
      'champion',
    ]);

    // And back: another laptop fetches the champion, which is what the server has.
    const reader = await openSendingSide(join(folder, 'reader'));
    try {
      await reader.api.sync.addTarget({ name: 'team', address: mlflow.address });
      await reader.api.sync.readTeam({ target: 'team' });
      const { versions: known } = await reader.api.sync.teamModels({});
      expect(known.map(({ name, version, aliases }) => [name, version, aliases])).toEqual([
        ['churn', '1', ['champion']],
      ]);
      const { id } = await reader.api.sync.pull({
        target: 'team',
        model: 'churn@champion',
        registerAs: 'churn',
      });
      const ended = () => reader.api.sync.pulls({}).then(([pull]) => pull);
      await vi.waitUntil(async () => (await ended())?.state !== 'pulling', { timeout: 30_000 });
      expect(await ended()).toMatchObject({
        id,
        state: 'verified',
        error: null,
        verifiedBy: 'second-reading',
        fileCount: 2,
        registeredAs: 'churn/1',
        origin: {
          runId: there('parent').info.run_id,
          serverVersion: expect.stringMatching(/^3\./) as string,
        },
      });
      const { files } = await reader.api.registry.content({ name: 'churn', version: 1 });
      expect(files.map(({ path }) => path)).toEqual(['MLmodel', 'data/model.bin']);
    } finally {
      await reader.close();
    }
  },
);

test.skipIf('reason' in environment)(
  'what a person has allowed goes by itself: starred runs, and each champion with its alias',
  { timeout: 120_000 },
  async () => {
    const { experiment_id: experimentId } = (await side.post('experiments/create', { name: 'ruled' })) as {
      experiment_id: string;
    };
    const sample = await recordRun(side, { experimentId, name: 'ruled', series: 1, points: 20, files: [10] });
    await side.put(`${experimentId}/${sample.runId}/artifacts/model/MLmodel`, Buffer.from('flavors: {}\n'));
    await side.post('registered-models/create', { name: 'ruled' });
    for (const version of [1, 2])
      await side.post('model-versions/create', {
        name: 'ruled',
        source: `runs:/${sample.runId}/model`,
        run_id: sample.runId,
        tags: [{ key: 'number', value: String(version) }],
      });
    const promote = (version: number) =>
      side.post('registered-models/alias', { name: 'ruled', alias: 'champion', version: String(version) });
    const arrived = async (localId: string) => {
      await vi.waitUntil(
        async () => (await side.api.sync.outbox({})).deliveries.some((each) => each.localId === localId),
        { timeout: 10_000 },
      );
      const deliveries = await untilSettled(side.api);
      return deliveries.find((each) => each.localId === localId);
    };
    const championThere = async () =>
      (await mlflow.ask('GET', '/api/2.0/mlflow/registered-models/alias?name=ruled&alias=champion')).json;

    for (const what of ['starred', 'champion'] as const)
      await side.api.sync.allowRule({ target: 'team', what });
    await untilSettled(side.api);
    await side.api.tracking.updateRun({ runId: sample.runId, isStarred: true });
    expect(await arrived(sample.runId)).toMatchObject({ state: 'verified', rule: { what: 'starred' } });
    const [there] = await remoteRuns('ruled');
    if (there === undefined) throw new Error('The run is not there.');
    await expectThere(there, sample);

    await promote(1);
    expect(await arrived('ruled/1')).toMatchObject({ state: 'verified', rule: { what: 'champion' } });
    expect(await championThere()).toMatchObject({ model_version: { version: '1' } });
    await promote(2);
    expect(await arrived('ruled/2')).toMatchObject({ state: 'verified' });
    expect(await championThere()).toMatchObject({ model_version: { version: '2' } });
    // Rolled back here, it is rolled back there; nothing is made twice.
    await promote(1);
    await vi.waitUntil(
      async () =>
        ((await championThere()) as { model_version: { version: string } }).model_version.version === '1',
      { timeout: 10_000 },
    );
    expect((await remoteRuns('ruled')).length).toBe(1);
    for (const { id } of await side.api.sync.rules({})) await side.api.sync.withdrawRule({ ruleId: id });
  },
);

const faults: readonly (Fault | null)[] = [
  { kind: 'drop-answer' },
  null,
  { kind: 'cut-request', afterBytes: 30 },
  { kind: 'status', status: 503, retryAfterSeconds: 0 },
  null,
  { kind: 'status', status: 429 },
  { kind: 'cut-answer', afterBytes: 10 },
];

const mlmodelText = (runId: string, modelId: string, location: string): string =>
  `artifact_path: ${location}\nflavors: {}\nmodel_id: ${modelId}\nrun_id: ${runId}\n`;

/** Logs a model as the client of MLflow 3 does. */
async function logModel(experimentId: string, runId: string): Promise<string> {
  const { model } = (await side.post('logged-models', {
    experiment_id: experimentId,
    name: 'model',
    source_run_id: runId,
  })) as { model: { info: { model_id: string; artifact_uri: string } } };
  const { model_id: modelId, artifact_uri: uri } = model.info;
  const root = uri.replace(/^mlflow-artifacts:\/*/, '');
  await side.put(`${root}/MLmodel`, Buffer.from(mlmodelText(runId, modelId, uri)));
  await side.put(`${root}/data/model.bin`, Buffer.from('weights'));
  await side.post('runs/outputs', { run_id: runId, models: [{ model_id: modelId, step: 0 }] });
  return modelId;
}
