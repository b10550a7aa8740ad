import { expect, test } from 'vitest';
import { optionValue, withOption } from './command-options.ts';

const command = [
  'python',
  'train.py',
  '--lr',
  '0.1',
  '--layers',
  '64',
  '32',
  '--fast',
  '--opt=adam',
  '--bias',
  '-0.5',
];

test.each([
  ['--lr', false, '0.1'],
  ['--layers', false, '64 32'],
  ['--fast', true, true],
  ['--opt', false, 'adam'],
  ['--bias', false, '-0.5'],
  ['--gone', false, null],
  ['--slow', true, null],
])('%s is read', (name, isFlag, value) => {
  expect(optionValue(command, name, isFlag)).toBe(value);
});

test.each([
  ['--lr', '0.2', ['--lr', '0.2']],
  ['--layers', '8', ['--layers', '8']],
  ['--opt', 'sgd', ['--opt=sgd']],
  ['--gone', 'x', ['--gone', 'x']],
  ['--slow', true, ['--slow']],
  ['--fast', null, []],
  ['--layers', null, []],
] as const)('%s is set to %s, and nothing else changes', (name, value, words) => {
  const changed = withOption(command, name, value);
  expect(optionValue(changed, name, value === true || name === '--fast')).toBe(value);
  expect(changed.join(' ')).toContain(words.join(' '));
  for (const other of ['--lr', '--layers', '--opt', '--bias'].filter((other) => other !== name))
    expect(optionValue(changed, other, false)).toBe(optionValue(command, other, false));
});
