import { filterOf } from './filters.ts';
import { orderOf } from './orders.ts';
import {
  get,
  modelOf,
  pairsOf,
  post,
  registeredNames,
  runOf,
  someOf,
  tagKeyOf,
  tagKeys,
  values,
  type Maker,
} from './plan.ts';
import type { Random } from './random.ts';

const nameOf = (random: Random) =>
  random.chance(0.93)
    ? random.pick(registeredNames)
    : random.pick(['a/b', 'a:b', '', ' ', '..', '.', 'nobody', 'a/../b']);
const versionOf = (random: Random) =>
  random.pick(['1', '1', '2', '2', '3', '9', 'x', '-1', '1.0', '', ' 2 ', 2]);
const byVersion = (random: Random) => ({ name: nameOf(random), version: versionOf(random) });
const stageOf = (random: Random) =>
  random.pick(['Staging', 'production', 'None', 'Archived', 'PRODUCTION', 'Odd', '']);
const aliasOf = (random: Random) =>
  random.pick([
    'champion',
    'challenger',
    'Champion',
    'latest',
    'v1',
    'V12',
    'bad alias',
    '',
    'a'.repeat(256),
    'ünï',
    '1',
  ]);
const prompt = [
  { key: 'mlflow.prompt.is_prompt', value: 'true' },
  { key: 'mlflow.prompt.text', value: 'Hi {{name}}' },
];

export const createRegisteredModel: Maker = (r) => {
  const name = nameOf(r);
  return post('registered-models/create', {
    name,
    ...(name === 'prompt-one' || r.chance(0.05)
      ? { tags: prompt }
      : someOf(r, { tags: pairsOf(r, tagKeys) }, 0.7)),
    ...someOf(r, { description: r.pick(['', 'good', 'ünï']) }),
  });
};

export const registryMakers: readonly Maker[] = [
  createRegisteredModel,
  (r) => get('registered-models/get', { name: nameOf(r) }),
  (r) =>
    post(
      'registered-models/update',
      { name: nameOf(r), ...someOf(r, { description: r.pick(values) }, 0.9) },
      'PATCH',
    ),
  (r) => post('registered-models/rename', { name: nameOf(r), new_name: nameOf(r) }),
  (r) =>
    r.chance(0.4)
      ? post('registered-models/delete', { name: nameOf(r) }, 'DELETE')
      : createRegisteredModel(r, { runs: 0, models: 0, time: 0 }),
  (r) =>
    post('registered-models/set-tag', {
      name: nameOf(r),
      key: tagKeyOf(r),
      ...someOf(r, { value: r.pick(values) }, 0.9),
    }),
  (r) => post('registered-models/delete-tag', { name: nameOf(r), key: tagKeyOf(r) }, 'DELETE'),
  (r, plan) => {
    const run = runOf(r, plan) || 'nobody';
    const model = modelOf(r, plan);
    const source = r.pick([
      's3://bucket/model',
      's3://bucket/model',
      `runs:/${run}/model`,
      `mlflow-artifacts:/0/${run}/artifacts/model`,
      `models:/${model}`,
      'models:/flights/1',
      'models:/flights@champion',
      'models:/flights/Production',
      'models:/nobody/1',
      '/tmp/model',
      'file:///tmp/model',
      's3://bucket/../x',
      's3://bucket/%2e%2e/x',
      '',
    ]);
    return post('model-versions/create', {
      name: nameOf(r),
      source,
      ...someOf(r, { run_id: run, tags: pairsOf(r, tagKeys), run_link: 'http://x', description: 'v' }, 0.4),
      // MLflow makes the version of another source first, and then finds that there is no such model.
      ...(source.startsWith('models:/<') ? someOf(r, { model_id: model }, 0.7) : {}),
    });
  },
  (r) =>
    post('model-versions/create', {
      name: 'prompt-one',
      source: r.pick(['dummy-source', 's3://b/x']),
      tags: prompt,
    }),
  (r) =>
    post('model-versions/create', {
      name: r.pick(registeredNames),
      source: 's3://bucket/model',
      run_id: r.pick(['abc', '']),
    }),
  (r) => get('model-versions/get', byVersion(r)),
  (r) => get('model-versions/get-download-uri', byVersion(r)),
  (r) =>
    post(
      'model-versions/update',
      { ...byVersion(r), ...someOf(r, { description: r.pick(values) }, 0.9) },
      'PATCH',
    ),
  (r) =>
    post('model-versions/transition-stage', {
      ...byVersion(r),
      stage: stageOf(r),
      ...someOf(r, { archive_existing_versions: r.chance(0.5) }, 0.8),
    }),
  (r) =>
    post('model-versions/set-tag', {
      ...byVersion(r),
      key: tagKeyOf(r),
      ...someOf(r, { value: r.pick(values) }, 0.9),
    }),
  (r) => post('model-versions/delete-tag', { ...byVersion(r), key: tagKeyOf(r) }, 'DELETE'),
  (r) => post('model-versions/delete', { name: nameOf(r), version: r.pick(['3', '9', '2']) }, 'DELETE'),
  (r) => post('registered-models/alias', { name: nameOf(r), alias: aliasOf(r), version: versionOf(r) }),
  (r) => get('registered-models/alias', { name: nameOf(r), alias: aliasOf(r) }),
  (r) => post('registered-models/alias', { name: nameOf(r), alias: aliasOf(r) }, 'DELETE'),
  (r) =>
    r.chance(0.5)
      ? post('registered-models/get-latest-versions', {
          name: nameOf(r),
          stages: r.pick([[], [stageOf(r)], [stageOf(r), stageOf(r)]]),
        })
      : get('registered-models/get-latest-versions', { name: nameOf(r), stages: r.pick([[], [stageOf(r)]]) }),
];

export const searchRegistry: Maker = (r) => {
  const searched = r.pick(['registered-models', 'model-versions'] as const);
  return {
    ...get(`${searched}/search`, {
      ...someOf(
        r,
        {
          filter: filterOf(r, searched),
          max_results: r.pick([1, 2, 100, 100, 1000, 1001, 200_001, 0, -1]),
          order_by: orderOf(r, searched),
        },
        0.85,
      ),
    }),
    hasPages: true,
  };
};
