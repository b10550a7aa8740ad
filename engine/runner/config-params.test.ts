import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configParams } from './config-params.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'benchtop-config-'));
  mkdirSync(join(root, 'conf'));
  writeFileSync(
    join(root, 'conf/base.yaml'),
    'seed: 1\noptimizer:\n  lr: 0.001\n  betas: [0.9, 0.99]\napi_key: hunter2\n',
  );
  writeFileSync(join(root, 'model.json'), '{"seed": 2, "layers": {"hidden": 64}, "bias": null}');
  writeFileSync(join(root, 'broken.yaml'), 'a: [1');
  writeFileSync(join(root, 'broken.toml'), 'a = ');
  writeFileSync(
    join(root, 'train.toml'),
    'seed = 7\nsince = 2026-01-05\nclip = inf\nnames = ["a", "b"]\n[optimizer]\nlr = 3e-4\nauth_token = "hunter2"\n',
  );
  writeFileSync(join(root, 'list.json'), '[1, 2]');
  writeFileSync(join(root, 'data.json'), JSON.stringify({ rows: 'x'.repeat(300_000) }));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const read = (...words: string[]) => configParams(['python', 'train.py', ...words], root);

test('the values of the files that the command names, the first file’s before the second’s, secrets left out', async () => {
  expect(await read('--config', 'conf/base.yaml', '--model-config=model.json')).toEqual({
    params: {
      seed: '1',
      'optimizer.lr': '0.001',
      'optimizer.betas': '[0.9,0.99]',
      api_key: '[redacted]',
      'layers.hidden': '64',
      bias: 'null',
    },
    files: ['conf/base.yaml', 'model.json'],
  });
});

test('TOML is read as YAML is', async () => {
  expect(await read('--config', 'train.toml')).toEqual({
    params: {
      seed: '7',
      since: '2026-01-05',
      clip: 'Infinity',
      names: '["a","b"]',
      'optimizer.lr': '0.0003',
      'optimizer.auth_token': '[redacted]',
    },
    files: ['train.toml'],
  });
});

test.each([
  ['broken.yaml'],
  ['broken.toml'],
  ['list.json'],
  ['data.json'],
  ['gone.yaml'],
  ['--out=conf'],
  ['conf/base.txt'],
  ['--model=model.json'],
])('%s gives no params and no error', async (word) => {
  expect(await read(word)).toEqual({ params: {}, files: [] });
});

test('files of the interpreter’s options are not the program’s', async () => {
  expect(await configParams(['python', '-X', 'model.json', 'train.py'], root)).toEqual({
    params: {},
    files: [],
  });
});
