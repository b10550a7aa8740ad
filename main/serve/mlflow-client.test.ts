import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineApi } from '../../contract/index.ts';
import { openEngine } from '../../engine/fixture-engine.ts';
import type { Engine } from '../../engine/index.ts';
import { serve, type Served } from './index.ts';
import { pythonEnvironment, quietMlflow } from '../../engine/fixture-python.ts';
import { clientPrograms, partsIn, programPath, runPython } from './testing/run-python.ts';

const environment = pythonEnvironment();
if ('reason' in environment) console.log(`The real client is not run: ${environment.reason}`);

let folder: string;
let engine: Engine;
let api: EngineApi;
let close: () => Promise<void>;
let served: Served;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-client-'));
  ({ engine, api, close } = await openEngine(join(folder, 'home')));
  served = await serve({ engine, port: 0, windowPath: null, needsToken: true });
});
afterAll(async () => {
  await served.close();
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const trackingUri = (user = 'run') => `http://${user}:${engine.home.token}@127.0.0.1:${served.port}`;

const python = (args: readonly string[]) =>
  runPython('python' in environment ? environment.python : '', args, { folder, trackingUri: trackingUri() });

// Libraries take long to import and to log: beside scikit-learn, they are in the long tests.
test.skipIf('reason' in environment).each([
  ['client-program', clientPrograms['client-program']],
  ['client-habits', clientPrograms['client-habits']],
])('%s runs unchanged with the real client', { timeout: 240_000 }, async (name, parts) => {
  const { code, output } = await python([programPath(name), ...parts]);
  expect(code, output).toBe(0);
  expect(partsIn(output)).toEqual(parts);
});

test.skipIf('reason' in environment)(
  'what the client did to a model is in its history, chained',
  async () => {
    const { registry } = api;
    const entries = (await registry.history({ name: 'flights' })).toReversed();
    expect(entries.map(({ kind, item, after }) => [kind, item, after])).toEqual([
      ['model-created', '', ''],
      ['version-created', '', expect.stringContaining('models:/m-')],
      ['alias-set', 'champion', '1'],
      ['tag-set', 'checked', 'yes'],
      ['stage-moved', '', 'Production'],
    ]);
    for (const { via } of entries) expect(via).toMatch(/^mlflow-python-client/);
    expect(entries[1]?.evidence?.files?.count).toBeGreaterThan(2);
    expect(await registry.verifyHistory({})).toMatchObject({ isIntact: true });
    expect(await registry.content({ name: 'flights', version: 1 })).toMatchObject({
      sinceRegistered: 'same',
      flavors: ['python_function', 'sklearn'],
      problem: null,
      signature: { outputs: [{ isRequired: true }] },
    });
  },
);

const seesChanges = `
import mlflow
from mlflow.exceptions import MlflowException
client = mlflow.MlflowClient()
model, version = client.get_registered_model("birds"), client.get_model_version("birds", "1")
assert (model.description, model.tags) == ("who flies", {"owner": "ada"}), model
assert (version.description, version.tags) == ("told in the window", {"checked": "yes", "seen": "twice"}), version
assert (version.current_stage, version.aliases, model.aliases) == ("Staging", ["night"], {"night": "1"}), version
client.delete_model_version_tag("birds", "1", "seen")
client.delete_registered_model("birds")
for ask in (lambda: client.get_registered_model("birds"), lambda: client.get_model_version("birds", "1")):
    try:
        ask()
        raise SystemExit("it is still there")
    except MlflowException as error:
        assert error.error_code == "RESOURCE_DOES_NOT_EXIST", error
assert client.search_model_versions("name='birds'") == []
assert "birds" not in [m.name for m in client.search_registered_models()]
`;

test.skipIf('reason' in environment)(
  'what is changed here the client sees, and what it deletes comes back for it',
  { timeout: 120_000 },
  async () => {
    const { registry } = api;
    const key = { name: 'flights', version: 1 };
    await registry.removeAlias({ name: 'flights', alias: 'champion' });
    await registry.promote({ ...key, alias: 'night' });
    await registry.deleteVersion(key);
    await registry.restoreVersion(key);
    await registry.changeVersion({
      ...key,
      description: 'told in the window',
      stage: 'Staging',
      setTags: { seen: 'once', gone: 'soon' },
    });
    await registry.changeVersion({ ...key, setTags: { seen: 'twice' }, removeTags: ['gone'] });
    const given = { newName: 'birds', description: 'who flies', setTags: { owner: 'ada' } };
    await registry.changeModel({ name: 'flights', ...given });
    const { code, output } = await python(['-c', seesChanges]);
    expect(code, output).toBe(0);
    // The next test loads it under its old name, with the tag that it had.
    await registry.restoreModel({ name: 'birds' });
    expect(await registry.changeModel({ name: 'birds', newName: 'flights' })).toMatchObject({
      aliases: [{ alias: 'night', version: 1 }],
    });
    expect(await registry.verifyHistory({})).toMatchObject({ isIntact: true });
  },
);

const wholeRun = `
import mlflow
import numpy as np
assert mlflow.MlflowClient().get_model_version_by_alias("flights", "challenger").tags == {"checked": "yes"}
assert len(mlflow.pyfunc.load_model("models:/flights@challenger").predict(np.array([[1.0, 2.0], [30.0, 31.0]]))) == 2
mlflow.set_experiment("from the window")
with mlflow.start_run():
    mlflow.log_param("depth", 3)
    mlflow.log_metric("loss", 0.25, step=1)
    with mlflow.start_run(nested=True, run_name="fold"):
        mlflow.log_metric("loss", 0.5)
`;

test.skipIf('reason' in environment)(
  'a program that the window starts logs into the very run it is, with nothing set up',
  { timeout: 120_000 },
  async () => {
    await api.registry.promote({ name: 'flights', version: 1, alias: 'challenger', reason: 'to be tried' });
    const project = await api.projects.open({ path: folder });
    const { runId } = await api.runner.start({
      projectId: project.id,
      command: ['python' in environment ? environment.python : '', '-c', wholeRun],
      env: quietMlflow,
    });
    await expect
      .poll(async () => (await api.tracking.run({ runId })).endedAt, { timeout: 90_000 })
      .not.toBeNull();
    const run = await api.tracking.run({ runId });
    const log = new TextDecoder().decode((await api.runner.log({ runId })).bytes);
    expect(run.status, log).toBe('finished');
    expect(run).toMatchObject({
      source: 'runner',
      params: { depth: '3' },
      metrics: { loss: { last: 0.25 } },
    });
    const { runs } = await api.tracking.searchRuns({ text: 'name = fold' });
    expect(runs).toMatchObject([
      { parentRunId: runId, experimentId: run.experimentId, projectId: project.id },
    ]);
    const { nodes } = await api.data.lineage({ registered: { name: 'flights', version: 1 } });
    expect(nodes.map(({ kind, id }) => [kind, id])).toContainEqual(['run', runId]);
  },
);

const bearer = () => ({ authorization: `Bearer ${engine.home.token}` });
const addressOf = (path: string) => `http://127.0.0.1:${served.port}/api/2.0/${path}`;

async function post(path: string, body: string): Promise<{ status: number; json: unknown }> {
  const response = await fetch(addressOf(path), {
    method: 'POST',
    headers: { ...bearer(), 'content-type': 'application/json' },
    body,
  });
  return { status: response.status, json: await response.json() };
}

async function newRun(): Promise<string> {
  const { json } = await post('mlflow/runs/create', '{"experiment_id":"0","start_time":1}');
  return (json as { run: { info: { run_id: string } } }).run.info.run_id;
}

const stateOf = async (runId: string) =>
  (await fetch(addressOf(`mlflow/runs/get?run_id=${runId}`), { headers: bearer() })).text();

test.each<[string, string, string]>([
  ['a body that is no JSON', 'runs/log-metric', '{"run_id": "RUN", '],
  ['a list for a body', 'runs/log-metric', '["RUN"]'],
  ['a number for a name', 'runs/log-parameter', '{"run_id":"RUN","key":5,"value":"x"}'],
  ['NaN as JSON', 'runs/log-metric', '{"run_id":"RUN","key":"m","value":NaN,"timestamp":1}'],
  ['a text for a value', 'runs/log-metric', '{"run_id":"RUN","key":"m","value":"much","timestamp":1}'],
  ['a part of a millisecond', 'runs/log-metric', '{"run_id":"RUN","key":"m","value":1,"timestamp":1.5}'],
  ['2^53 + 1', 'runs/log-metric', '{"run_id":"RUN","key":"m","value":1,"timestamp":9007199254740993}'],
  [
    'a step of 2^63',
    'runs/log-metric',
    '{"run_id":"RUN","key":"m","value":1,"timestamp":1,"step":"9223372036854775808"}',
  ],
  ['a time before 1970', 'runs/log-metric', '{"run_id":"RUN","key":"m","value":1,"timestamp":-1}'],
  ['a name that climbs', 'runs/log-metric', '{"run_id":"RUN","key":"../m","value":1,"timestamp":1}'],
  [
    'a name that is too long',
    'runs/log-parameter',
    `{"run_id":"RUN","key":"${'k'.repeat(251)}","value":"x"}`,
  ],
  ['an unknown status', 'runs/update', '{"run_id":"RUN","status":"DONE"}'],
  ['a metric of no type', 'runs/log-batch', '{"run_id":"RUN","metrics":[5]}'],
  [
    'one good and one bad metric',
    'runs/log-batch',
    '{"run_id":"RUN","metrics":[{"key":"a","value":1,"timestamp":1},{"key":"b","value":[],"timestamp":1}]}',
  ],
  [
    '1001 metrics',
    'runs/log-batch',
    `{"run_id":"RUN","metrics":${JSON.stringify(Array.from({ length: 1001 }, (_, step) => ({ key: 'm', value: 1, timestamp: 1, step })))}}`,
  ],
  ['both spellings of a field', 'runs/log-parameter', '{"run_id":"RUN","runId":"RUN","key":"p","value":"x"}'],
  ['a page token of nobody', 'runs/search', '{"experiment_ids":["0"],"page_token":"eyJhZnRlciI6WzFdfQ=="}'],
  ['a filter of brackets only', 'runs/search', '{"experiment_ids":["0"],"filter":"((((("}'],
  ['deep JSON', 'runs/set-tag', `{"run_id":"RUN","key":"a","value":${'['.repeat(5000)}${']'.repeat(5000)}}`],
])('%s is refused with a 4xx, and nothing changes', async (_name, path, body) => {
  const runId = await newRun();
  const before = await stateOf(runId);
  const { status, json } = await post(`mlflow/${path}`, body.replaceAll('RUN', runId));
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(json).toMatchObject({ error_code: expect.any(String), message: expect.any(String) });
  expect(await stateOf(runId)).toBe(before);
});

test('unknown fields are ignored, as MLflow ignores them', async () => {
  const runId = await newRun();
  const { status } = await post(
    'mlflow/runs/set-tag',
    `{"run_id":"${runId}","key":"a","value":"b","odd":[1]}`,
  );
  expect(status).toBe(200);
});

/** `fetch` resolves dots in a path; this sends what it is given. */
function put(path: string, body: string, headers: Record<string, string | number> = {}) {
  return new Promise<number>((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: served.port, path, method: 'PUT', headers: { ...bearer(), ...headers } },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

test.each([
  '../secret',
  '%2e%2e/secret',
  '%252e%252e/secret',
  '..%5csecret',
  '/etc/passwd',
  'a%00b',
  'C:/x',
  'file:/x',
])('an artifact at %s is refused', async (path) => {
  const status = await put(`/api/2.0/mlflow-artifacts/artifacts/${path}`, 'x', {
    'content-type': 'text/html',
  });
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
});

test('an upload that breaks off leaves no artifact', async () => {
  const runId = await newRun();
  const path = `/api/2.0/mlflow-artifacts/artifacts/0/${runId}/artifacts/half.bin`;
  await new Promise<void>((resolve) => {
    const socket = connect(served.port, '127.0.0.1', () => {
      socket.write(
        `PUT ${path} HTTP/1.1\r\nHost: 127.0.0.1:${served.port}\r\nAuthorization: ${bearer().authorization}\r\nContent-Length: 1000\r\n\r\nhalf`,
        () => setTimeout(() => socket.destroy(), 100),
      );
    });
    socket.once('close', () => resolve());
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const list = await fetch(addressOf(`mlflow/artifacts/list?run_id=${runId}`), { headers: bearer() });
  expect(await list.json()).not.toHaveProperty('files');
});

test('an artifact comes back whole, in ranges, and never as a page', async () => {
  const runId = await newRun();
  const path = `mlflow-artifacts/artifacts/0/${runId}/artifacts/page.html`;
  expect(await put(`/api/2.0/${path}`, '<script>1</script>', { 'content-type': 'text/html' })).toBe(200);
  const whole = await fetch(addressOf(path), { headers: bearer() });
  expect(await whole.text()).toBe('<script>1</script>');
  expect(whole.headers.get('content-disposition')).toContain('attachment');
  expect(whole.headers.get('content-security-policy')).toContain('sandbox');
  const part = await fetch(addressOf(path), { headers: { ...bearer(), range: 'bytes=1-6' } });
  expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([
    206,
    'script',
    'bytes 1-6/18',
  ]);
  const beyond = await fetch(addressOf(path), { headers: { ...bearer(), range: 'bytes=99-' } });
  expect(beyond.status).toBe(416);
});

test('unknown routes answer 404 with JSON, unsupported ones say so', async () => {
  const unknown = await fetch(addressOf('mlflow/nothing'), { headers: bearer() });
  expect([unknown.status, await unknown.json()]).toMatchObject([404, { error_code: 'ENDPOINT_NOT_FOUND' }]);
  const statistics = await fetch(`http://127.0.0.1:${served.port}/api/3.0/mlflow/traces/metrics`, {
    method: 'POST',
    headers: { ...bearer(), 'content-type': 'application/json' },
    body: '{}',
  });
  expect([statistics.status, await statistics.json()]).toMatchObject([
    501,
    { error_code: 'NOT_IMPLEMENTED' },
  ]);
});
