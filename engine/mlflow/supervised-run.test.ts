import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Tracking } from '../tracking/index.ts';
import { openDialect, type Dialect } from './testing/dialect.ts';

let dialect: Dialect;
let tracking: Tracking;

beforeAll(async () => {
  dialect = await openDialect();
  tracking = dialect.tracking;
});
afterAll(async () => expect(await dialect.close()).toEqual([]));

async function ask(path: string, body: object, user: string) {
  const response = await dialect.ask('POST', path, body, user);
  return (await response.json()) as {
    run: {
      info: { run_id: string; experiment_id: string; run_name: string };
      data: { tags: { key: string; value: string }[] };
    };
    run_info: { status: string };
    experiment_id: string;
  };
}

const supervised = () =>
  tracking.createRun({
    name: 'train',
    projectId: 'p1',
    status: 'running',
    command: ['python', 'train.py'],
    workingFolder: '/',
    source: 'runner',
    createdAt: 1,
    startedAt: 1,
  });

test('the first run of a supervised program is the supervised run, in the experiment it names; later ones nest below', async () => {
  const own = await supervised();
  const { experiment_id } = await ask('experiments/create', { name: 'churn' }, own.id);
  const first = await ask(
    'runs/create',
    { experiment_id, start_time: 5, tags: [{ key: 'a', value: 'b' }] },
    own.id,
  );
  expect(first.run.info).toMatchObject({ run_id: own.id, experiment_id, run_name: 'train' });
  expect(tracking.run(own.id)).toMatchObject({ experimentId: experiment_id, tags: { a: 'b' }, startedAt: 1 });

  const second = await ask('runs/create', { experiment_id, start_time: 6, run_name: 'fold' }, own.id);
  expect(second.run.info.run_id).not.toBe(own.id);
  expect(second.run.data.tags).toContainEqual({ key: 'mlflow.parentRunId', value: own.id });
  expect(tracking.run(second.run.info.run_id)).toMatchObject({ parentRunId: own.id, projectId: 'p1' });
});

test('a supervised run ends as its supervisor saw it, whatever the program says', async () => {
  const own = await supervised();
  await ask('runs/create', { experiment_id: '0' }, own.id);
  const { run_info } = await ask('runs/update', { run_id: own.id, status: 'FINISHED', end_time: 9 }, own.id);
  expect(run_info.status).toBe('RUNNING');
  expect(tracking.run(own.id)).toMatchObject({ status: 'running', endedAt: null });
});

test('any other user gets runs of its own', async () => {
  for (const user of ['run', 'f'.repeat(32)]) {
    const { run } = await ask('runs/create', { experiment_id: '0', run_name: 'own' }, user);
    expect(tracking.run(run.info.run_id)).toMatchObject({ name: 'own', source: 'mlflow', parentRunId: null });
  }
  expect(tracking.unfinishedRuns().every((run) => run.source === 'runner')).toBe(true);
});

test('what a client logs reaches the window’s streams', async () => {
  const { run } = await ask('runs/create', { experiment_id: '0' }, 'run');
  const signal = new AbortController().signal;
  const growth = tracking.handlers.growth({}, { signal, after: undefined })[Symbol.asyncIterator]();
  const grown = growth.next();
  await ask(
    'runs/log-metric',
    { run_id: run.info.run_id, key: 'loss', value: 0.5, timestamp: 3, step: 1 },
    'run',
  );
  expect((await grown).value).toMatchObject({
    event: {
      kind: 'points',
      series: [{ runId: run.info.run_id, key: 'loss', values: Float64Array.of(0.5) }],
    },
  });
  await growth.return?.();
});
