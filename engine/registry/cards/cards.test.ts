import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import type { CardAnswers } from '../../../contract/index.ts';
import { mlmodelText, openRegistry, type RegistryHouse } from '../fixture-registry.ts';
import { compareLines } from './compare-lines.ts';
import { baseModelOf } from './base-model.ts';
import { licenseBeside } from './license-beside.ts';
import { energyOf } from './energy.ts';
import { gateReportOf } from './fixture-gate-report.ts';

let house: RegistryHouse;
beforeAll(async () => {
  house = await openRegistry(({ version }) => (version === 2 ? gateReportOf('m', 2) : null));
  for (const accuracy of [0.8, 0.9]) {
    const runId = await house.runWith(`run | ${accuracy}`, accuracy, {
      'model/MLmodel': mlmodelText([{ type: 'double', name: 'x', required: true }]),
      'model/model.pkl': `${accuracy}`,
    });
    await house.tracking.logParams(runId, { lr: '0.1', model_name_or_path: 'some/base' });
    await house.tracking.logPoints(
      runId,
      [0, 1, 2].map((step) => ({ key: 'system/cpu_cores', step, value: 1.5, timeMs: step })),
      { origin: 'told' },
    );
    await house.api.register(
      { runId, model: { path: 'model' }, name: 'm', description: '', tags: {}, reason: 'r' },
      house.call,
    );
  }
});
afterAll(() => house.end());

const answers: CardAnswers = {
  intendedUse: 'For the night shift.',
  limitations: 'Not for children.',
  license: 'apache-2.0',
  contact: 'ada@example.org',
  baseLicense: 'mit',
};
const card = async (version: number) => house.api.card({ name: 'm', version }, house.call);
const answer = async (version: number, given: CardAnswers) =>
  house.api.answerCard({ name: 'm', version, answers: given }, house.call);

test('a card is filled from the record, in the format of Hugging Face, and asks three things', async () => {
  const { markdown, missing, energy, answersOf } = await card(1);
  expect(missing).toEqual(['intended-use', 'limitations', 'licence']);
  expect(answersOf).toBe(null);
  const [, front = '', body = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(markdown) ?? [];
  expect(parseYaml(front)).toMatchObject({
    library_name: 'sklearn',
    base_model: 'some/base',
    metrics: ['accuracy'],
    'model-index': [
      {
        name: 'm',
        results: [{ task: { type: 'other' }, metrics: [{ type: 'accuracy', value: 0.8 }] }],
      },
    ],
  });
  expect(body).toContain('| inputs | x | double | required |');
  expect(body).toContain('(run \\| 0.8)');
  expect(body).toContain('Nobody has said yet');
  // Three samples of a second each with one and a half cores.
  expect(energy).toMatchObject({ cpuSeconds: 4.5, gpuSeconds: 0, kilowattHours: (4.5 * 8) / 3_600_000 });
  expect(body).toContain('an estimate');
  expect(body).toContain('Not judged on held-out rows; `benchtop gate m/1` does that.');
});

test('slices and the measures on held-out rows are those of the last gate, with intervals', async () => {
  const { markdown } = await card(2);
  expect(markdown).toContain('| f1 | 0.7 (0.6 to 0.8) | 0.6 (0.5 to 0.7) | 0.1 (0 to 0.2) |');
  expect(markdown).toContain('120 rows of the data version `dddddddddddd`. In brackets: 95 % intervals');
  expect(markdown).toContain('| region = north \\| south | 40 | 0.5 (0.4 to 0.6) |  |');
  expect(markdown).toContain('| region = west | 2 | too few rows |  |');
  const [, front = ''] = /^---\n(.*?)\n---\n/s.exec(markdown) ?? [];
  const parsed = parseYaml(front) as { 'model-index': [{ results: { dataset: object; metrics: object }[] }] };
  expect(parsed['model-index'][0].results[1]).toMatchObject({
    dataset: { type: 'held-out', revision: 'd'.repeat(64) },
    metrics: [{ type: 'f1', value: 0.7 }],
  });
});

test('the base model is named by params or by what libraries leave, its licence by a person, a card, or MLflow', async () => {
  const run = (params: Record<string, string>) => ({ params }) as Parameters<typeof baseModelOf>[0]['run'];
  const base = (given: Partial<Parameters<typeof baseModelOf>[0]>) =>
    baseModelOf({
      run: null,
      texts: {},
      answers: { baseLicense: '' },
      licenseOf: () => null,
      licenseBeside: (name) => licenseBeside(name, house.folder),
      ...given,
    });
  expect(await base({})).toBe(null);
  expect(await base({ run: run({ base_model: 'a/b' }), answers: { baseLicense: 'mit' } })).toEqual({
    name: 'a/b',
    namedBy: 'the param base_model',
    license: 'mit',
    licensedBy: 'a person',
  });
  const readme = '---\nbase_model: [c/d, e/f]\nlicense: not-of-the-base\n---\n# Text';
  expect(await base({ texts: { 'README.md': readme } })).toMatchObject({ name: 'c/d', license: null });
  expect(
    await base({
      texts: {
        'README.md': '---\n: [broken\n---',
        'adapter_config.json': '{"base_model_name_or_path": "g/h"}',
        'model_card_data.yaml': 'license: apache-2.0\n',
      },
    }),
  ).toEqual({
    name: 'g/h',
    namedBy: 'adapter_config.json',
    license: 'apache-2.0',
    licensedBy: 'model_card_data.yaml',
  });
  expect(
    await base({ run: run({ base_model: 'models:/old/2' }), licenseOf: (name) => `of-${name}` }),
  ).toMatchObject({ license: 'of-models:/old/2', licensedBy: 'the card of models:/old/2' });
  mkdirSync(join(house.folder, 'base'));
  writeFileSync(join(house.folder, 'base', 'README.md'), '---\nlicense: llama3\ntags: [a]\n---\n# A model\n');
  expect(
    await base({
      texts: { 'config.json': '{"_name_or_path": "base"}', 'model_card_data.yaml': 'license: mit' },
    }),
  ).toEqual({
    name: 'base',
    namedBy: 'config.json',
    license: 'llama3',
    licensedBy: join(house.folder, 'base', 'README.md'),
  });
});

test('what was said of a version holds for later ones until something else is said of them', async () => {
  await answer(1, answers);
  expect(await card(2)).toMatchObject({ answers, answersOf: 1, missing: [] });
  await answer(2, { ...answers, contact: '' });
  expect(await card(2)).toMatchObject({ answersOf: null, missing: ['licence'] });
  // The licence of the model that it was made from belongs to the question, as long as nobody tells it.
  await answer(2, { ...answers, baseLicense: '' });
  expect(await card(2)).toMatchObject({ missing: ['licence'], baseModel: { license: null } });
  expect(await card(1)).toMatchObject({ answers });
  const [entry] = await house.api.history({ name: 'm', version: 2, text: '', limit: 1 }, house.call);
  expect(entry).toMatchObject({
    kind: 'card-answered',
    before: JSON.stringify({ ...answers, contact: '' }),
  });
  expect(await house.api.verifyHistory({}, house.call)).toMatchObject({ isIntact: true });
});

test('a saved card is written over, but not one that somebody has changed', async () => {
  const save = async (version: number, overwrite = false) =>
    (await house.api.saveCard({ name: 'm', version, projectId: 'p', overwrite }, house.call)).path;
  const path = await save(1);
  expect(path).toBe(`${house.folder}/model-cards/m.md`);
  await save(2);
  expect(readFileSync(path, 'utf8')).toContain('# m, version 2');
  writeFileSync(path, readFileSync(path, 'utf8').replace('version 2', 'version two'));
  await expect(save(1)).rejects.toMatchObject({ code: 'conflict' });
  await save(1, true);
  expect(readFileSync(path, 'utf8')).toContain('# m, version 1');
});

test('in a repository what somebody wrote into a card is never lost: it is written over once it is committed', async () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: house.folder });
  const save = async (overwrite = false) =>
    house.api.saveCard({ name: 'm', version: 1, projectId: 'p', overwrite }, house.call);
  git('init', '--quiet');
  const { path, isCommitted } = await save();
  expect(isCommitted).toBe(false);
  git('add', 'model-cards');
  git('commit', '--quiet', '-m', 'a card');
  expect(await save()).toMatchObject({ isCommitted: true });
  writeFileSync(path, 'my own words');
  for (const overwrite of [false, true])
    await expect(save(overwrite), String(overwrite)).rejects.toMatchObject({ code: 'conflict' });
  expect(readFileSync(path, 'utf8')).toBe('my own words');
  git('commit', '--quiet', '-am', 'my words');
  await expect(save()).rejects.toMatchObject({ code: 'conflict' });
  await save(true);
  expect(readFileSync(path, 'utf8')).toContain('# m, version 1');
});

test('two cards differ where their versions do', async () => {
  const lines = await house.api.compareCards(
    { before: { name: 'm', version: 1 }, after: { name: 'm', version: 2 } },
    house.call,
  );
  const changed = lines.filter(({ kind }) => kind !== 'same').map(({ kind, text }) => `${kind} ${text}`);
  expect(changed).toContain('removed | accuracy | 0.8 | 0.8 | 0.8 |');
  expect(changed).toContain('added | accuracy | 0.9 | 0.9 | 0.9 |');
  expect(lines.filter(({ kind }) => kind === 'same').length).toBeGreaterThan(20);
});

test('lines in common are the most there can be', () => {
  expect(compareLines('a\nb\nc\nd', 'b\nx\nd').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    'removed a',
    'same b',
    'removed c',
    'added x',
    'same d',
  ]);
  expect(compareLines('', '')).toEqual([{ kind: 'same', text: '' }]);
});

test('energy: a GPU counts by its use, samples by the seconds between them, and nothing measured is nothing', () => {
  const series = (key: string, steps: number[], values: number[]) => ({
    key,
    steps: Float64Array.from(steps),
    values: Float64Array.from(values),
  });
  expect(
    energyOf([
      series('system/cpu_cores', [0, 10], [1, 2]),
      series('system/gpu_0_percent', [0, 10], [100, 50]),
      series('system/memory_bytes', [0], [1e9]),
    ]),
  ).toMatchObject({ cpuSeconds: 21, gpuSeconds: 6, kilowattHours: (21 * 8 + 6 * 80) / 3_600_000 });
  expect(energyOf([series('system/memory_bytes', [0], [1])])).toBe(null);
});
