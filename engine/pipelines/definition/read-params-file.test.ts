import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { fixtureStage } from '../../../contract/fixture-pipeline.ts';
import { readParamsFile, stageParams } from './index.ts';

const project = mkdtempSync(join(tmpdir(), 'benchtop-params-'));
afterAll(() => rmSync(project, { recursive: true }));
const write = (file: string, text: string) => writeFileSync(join(project, file), text);

test('every kind of file gives the same values, whole numbers apart from others for who needs it', async () => {
  write('params.yaml', 'lr: 1.0\nlayers: [1, 2]\n');
  write('params.toml', 'lr = 1.0\nlayers = [1, 2]\n');
  write('params.py', 'lr = 1.0\nlayers = [1, 2]\n');
  for (const file of ['params.yaml', 'params.toml', 'params.py'])
    expect(await readParamsFile(project, file), file).toEqual({
      exact: { lr: 1, layers: [1n, 2n] },
      plain: { lr: 1, layers: [1, 2] },
    });
  expect(await readParamsFile(project, 'none.yaml')).toBeUndefined();
});

test('a file is read again when it was written to, and only then', async () => {
  write('often.yaml', 'lr: 1\n');
  await sleep(80); // as old as it must be to be remembered
  const first = await readParamsFile(project, 'often.yaml');
  expect(await readParamsFile(project, 'often.yaml')).toBe(first);
  write('often.yaml', 'lr: 2\n');
  expect((await readParamsFile(project, 'often.yaml'))?.plain).toEqual({ lr: 2 });
});

test('what makes no sense is told with its place', async () => {
  write('bad.yaml', 'lr: 1\nlr: 2\n');
  await expect(readParamsFile(project, 'bad.yaml')).rejects.toMatchObject({
    code: 'file-unreadable',
    evidence: 'line 2, column 1',
  });
});

test('the params of a stage are single values by their names', async () => {
  write('all.yaml', 'train: {lr: 0.1, net: {depth: 3}}\nseeds: [1, 2]\n');
  const params = [
    { file: 'all.yaml', names: ['train', 'seeds', 'gone'] },
    { file: 'none.yaml', names: [] },
  ];
  expect(await stageParams(project, fixtureStage({ name: 's', params }))).toEqual([
    { file: 'all.yaml', name: 'train.lr', value: '0.1' },
    { file: 'all.yaml', name: 'train.net.depth', value: '3' },
    { file: 'all.yaml', name: 'seeds', value: '[1,2]' },
    { file: 'all.yaml', name: 'gone', value: null },
    { file: 'none.yaml', name: '', value: null },
  ]);
});
