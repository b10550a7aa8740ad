import { expect, test } from 'vitest';
import { argumentParams, recordableCommand } from './argument-params.ts';

test.each([
  [
    'python train.py --lr 0.1 --epochs=3 -b 32 --verbose',
    { lr: '0.1', epochs: '3', b: '32', verbose: 'true' },
  ],
  ['python3 -u -W ignore train.py --shift -0.5 --hidden 64 32', { shift: '-0.5', hidden: '64 32' }],
  ['python -m pkg.train model.depth=3 +seed=1 ++x.y=a=b', { 'model.depth': '3', seed: '1', 'x.y': 'a=b' }],
  ['torchrun --nproc_per_node=2 train.py --lr 1e-3', { lr: '1e-3' }],
  ['uv run --with torch train.py --lr 1', { lr: '1' }],
  ['sh -c exit --lr 1', {}],
  ['./train --lr 1 -- --not-mine 2', { lr: '1' }],
  ['./train data.csv out', {}],
  ['python train.py --learning-rate 0.1', { learning_rate: '0.1' }],
])('%s', (command, params) => {
  expect(argumentParams(command.split(' '))).toEqual(params);
});

test('what names a secret is left out of params and of the recorded command', () => {
  const command = [
    'python',
    'train.py',
    '--api-key',
    'tomato',
    '--db_password=tomato',
    '--tokenizer',
    'bpe',
    'hub.token=tomato',
  ];
  expect(argumentParams(command)).toEqual({
    api_key: '[redacted]',
    db_password: '[redacted]',
    tokenizer: 'bpe',
    'hub.token': '[redacted]',
  });
  expect(recordableCommand(command)).toEqual([
    'python',
    'train.py',
    '--api-key',
    '[redacted]',
    '--db_password=[redacted]',
    '--tokenizer',
    'bpe',
    'hub.token=[redacted]',
  ]);
});

test('a plain command inside `sh -c` is read like the command itself, a shell program is not', () => {
  expect(argumentParams(['sh', '-c', 'python3 train.py --epochs 3'])).toEqual({ epochs: '3' });
  expect(argumentParams(['sh', '-c', 'cd src && python3 train.py --epochs 3'])).toEqual({});
  expect(argumentParams(['sh', '-c', 'python3 train.py --epochs "$N"'])).toEqual({});
});

test('secrets inside `sh -c` are left out too', () => {
  const shown = (text: string) => recordableCommand(['sh', '-c', text])[2];
  expect(shown('API_KEY=tomato fit --token tomato --tokenizer bpe')).toBe(
    'API_KEY=[redacted] fit --token [redacted] --tokenizer bpe',
  );
  expect(shown("cd x; fit --password='to ma to' && echo token done")).toBe(
    'cd x; fit --password=[redacted] && echo token done',
  );
});
