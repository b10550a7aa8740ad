import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDialect, type Dialect } from './testing/dialect.ts';

/** What random sequences found otherwise than in a real MLflow server (`main/serve/mlflow.long.test.ts`), once and for all. */

let dialect: Dialect;
beforeAll(async () => {
  dialect = await openDialect();
});
afterAll(async () => expect(await dialect.close()).toEqual([]));

interface Answer {
  readonly message?: string;
  readonly run?: {
    readonly info: { readonly run_id: string; readonly experiment_id: string };
    readonly data: { readonly tags: readonly { key: string; value: string }[] };
  };
  readonly model?: {
    readonly info: { readonly model_id: string };
    readonly data: { readonly metrics: readonly { key: string; value: unknown }[] };
  };
  readonly runs?: readonly { readonly info: { readonly run_id: string } }[];
}

async function ask(method: string, path: string, body: object = {}): Promise<Answer> {
  return (await (await dialect.ask(method, path, body)).json()) as Answer;
}

async function newRun(name: string): Promise<string> {
  const { run } = await ask('POST', 'runs/create', { experiment_id: '0', run_name: name });
  return run?.info.run_id ?? '';
}

const found = async (filter: string): Promise<readonly string[]> =>
  ((await ask('POST', 'runs/search', { experiment_ids: ['0'], filter })).runs ?? []).map(
    ({ info }) => info.run_id,
  );

test('a run whose name tag was taken away is found by no name, and keeps its place in an order by name', async () => {
  const [kept, bare] = [await newRun('anneal'), await newRun('anneal')];
  await ask('POST', 'runs/delete-tag', { run_id: bare, key: 'mlflow.runName' });
  for (const filter of [
    "run_name = 'anneal'",
    "attributes.run_name LIKE 'anneal%'",
    "tags.`mlflow.runName` = 'anneal'",
    'tags.`mlflow.runName` IS NOT NULL',
    "run_name != 'x'",
  ])
    expect(await found(filter), filter).toEqual([kept]);
  expect(await found('tags.`mlflow.runName` IS NULL')).toEqual([bare]);
  const { runs } = await ask('POST', 'runs/search', { experiment_ids: ['0'], order_by: ['run_name'] });
  expect(runs?.map(({ info }) => info.run_id).toSorted()).toEqual([kept, bare].toSorted());
});

test('a name set to nothing, alone or in a batch, is kept', async () => {
  const run_id = await newRun('named');
  const tag = { key: 'mlflow.runName', value: '' };
  await ask('POST', 'runs/set-tag', { run_id, ...tag });
  await ask('POST', 'runs/log-batch', { run_id, tags: [tag] });
  expect(await found("tags.mlflow.runName = 'named'")).toEqual([run_id]);
  const { run } = await ask('GET', `runs/get?run_id=${run_id}`);
  expect(run?.data.tags).toContainEqual({ key: 'mlflow.runName', value: 'named' });
});

test('a new run answers with its experiment as the client wrote it', async () => {
  const { run } = await ask('POST', 'runs/create', { experiment_id: ' 0' });
  expect(run?.info.experiment_id).toBe(' 0');
  expect((await ask('GET', `runs/get?run_id=${run?.info.run_id}`)).run?.info.experiment_id).toBe('0');
});

test('a run that no client made is found by the name that clients are shown', async () => {
  const own = await dialect.tracking.createRun({
    name: 'supervised',
    projectId: null,
    status: 'running',
    command: ['python', 'train.py'],
    workingFolder: '/',
    source: 'runner',
    createdAt: 1,
    startedAt: 1,
  });
  expect(await found("tags.mlflow.runName = 'supervised'")).toEqual([own.id]);
  expect(await found("run_name = 'supervised'")).toEqual([own.id]);
});

test.each([{ dataset_name: 'flights' }, { dataset_digest: 'd1' }])(
  'half a data set with a metric is refused: %o',
  async (half) => {
    const run_id = await newRun('half');
    const metric = { key: 'm', value: 1, timestamp: 1, step: 0, ...half };
    const message = 'Both dataset_name and dataset_digest must be provided if one is provided';
    expect(await ask('POST', 'runs/log-metric', { run_id, ...metric })).toMatchObject({ message });
    expect(await ask('POST', 'runs/log-batch', { run_id, metrics: [metric] })).toMatchObject({ message });
    expect(await found('metrics.m = 1')).toEqual([]);
  },
);

test('the name of a new model version is judged before its source is looked up, and after it was checked', async () => {
  const absent = `m-${'0'.repeat(32)}`;
  const create = (body: object) => ask('POST', 'model-versions/create', body);
  expect(await create({ name: 'a/b', source: `models:/${absent}`, model_id: absent })).toMatchObject({
    message: "Invalid model name 'a/b'. Names cannot contain '/' or ':'.",
  });
  expect(await create({ name: 'a/b', source: `models:/${absent}` })).toMatchObject({
    message: `Invalid model version source: 'models:/${absent}'. The model_id request parameter must identify the resource that contains the source.`,
  });
  expect(await create({ name: 'fine', source: 's3://bucket/model', model_id: absent })).toMatchObject({
    message: `Logged model with ID '${absent}' not found.`,
  });
});

test('NaN of a logged model comes back as NaN, beside a number at the same step and time', async () => {
  const run_id = await newRun('not a number');
  const { model } = await ask('POST', 'logged-models', { experiment_id: '0', name: 'net' });
  const model_id = model?.info.model_id ?? '';
  for (const [key, value] of [
    ['loss', 'NaN'],
    ['acc', 0.5],
  ])
    await ask('POST', 'runs/log-metric', { run_id, model_id, key, value, timestamp: 7, step: 3 });
  const again = await ask('GET', `logged-models/${model_id}`);
  expect(again.model?.data.metrics.map(({ key, value }) => [key, value])).toEqual([
    ['acc', 0.5],
    ['loss', 'NaN'],
  ]);
});

test('a search of logged models judges its experiments before the words of a status', async () => {
  const search = (filter: string) => ask('POST', 'logged-models/search', { experiment_ids: ['x'], filter });
  const message = "Invalid experiment ID 'x'. Experiment ID must be a valid integer.";
  expect(await search("status = 'odd'")).toMatchObject({ message });
  expect(await search("Status LIKE 'x'")).toMatchObject({ message });
  expect(await search("metrics.m LIKE 'x'")).not.toMatchObject({ message });
});

test('a time of an experiment that is compared as text is refused in MLflow’s words', async () => {
  const { message } = await ask('POST', 'experiments/search', {
    max_results: 5,
    filter: 'last_update_time ILIKE 5',
  });
  expect(message).toMatch(/^Invalid comparator 'ILIKE' not one of '\{'!=', .*'NOT IN'\}$/);
});
