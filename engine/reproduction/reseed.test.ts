import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { reseed } from './reseed.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-reseed-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
const commandWith = async (command: string[]) =>
  (await reseed({ command, variables: {}, folder: newFolder(), step: 2 })).command;

test('seeds in the words of a command move on, whatever their form, and other numbers stay', async () => {
  expect(await commandWith(['python', 't.py', '--seed', '1', '--epochs', '3'])).toEqual([
    'python',
    't.py',
    '--seed',
    '3',
    '--epochs',
    '3',
  ]);
  expect(await commandWith(['t.py', '--seed=41', 'data.random_state=7', '+seed=0', '--seedless=1'])).toEqual([
    't.py',
    '--seed=43',
    'data.random_state=9',
    '+seed=2',
    '--seedless=1',
  ]);
  expect(await commandWith(['sh', '-c', 'SEED=1 python t.py --seed 5 --n 5'])).toEqual([
    'sh',
    '-c',
    'SEED=3 python t.py --seed 7 --n 5',
  ]);
  expect(await commandWith(['t.py', '--seed', 'random', '--lr', '1'])).toEqual([
    't.py',
    '--seed',
    'random',
    '--lr',
    '1',
  ]);
});

test('seeds in variables and in the configuration that the command names move on; what was changed is told', async () => {
  const folder = newFolder();
  const path = join(folder, 'conf.yaml');
  writeFileSync(path, 'model:\n  seed: 1\n  depth: 1\nrandom_state: 10 # drawn\nseed_file: 12\n');
  const json = join(folder, 'c.json');
  writeFileSync(json, '{"epochs": 2, "seed": 3, "x": {"seed":4}}');
  const { seeds, variables } = await reseed({
    command: ['python', 't.py', '--config=conf.yaml', 'c.json', 'gone.yaml', '/etc/x.yaml'],
    variables: { PYTHONHASHSEED: '0', OMP_NUM_THREADS: '2' },
    folder,
    step: 1,
  });
  expect(variables).toEqual({ PYTHONHASHSEED: '1', OMP_NUM_THREADS: '2' });
  expect(readFileSync(path, 'utf8')).toBe(
    'model:\n  seed: 2\n  depth: 1\nrandom_state: 11 # drawn\nseed_file: 12\n',
  );
  expect(readFileSync(json, 'utf8')).toBe('{"epochs": 2, "seed": 4, "x": {"seed":5}}');
  expect(seeds).toBe('PYTHONHASHSEED 0 → 1, seed 1 → 2, random_state 10 → 11, seed 3 → 4, seed 4 → 5');
  const none = await reseed({ command: ['python', 't.py'], variables: {}, folder, step: 1 });
  expect(none.seeds).toBeNull();
});
