import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandLine, splitCommand } from './command-line.ts';

test('a line is split as a shell would, without expanding anything', () => {
  expect(splitCommand(`python train.py --name "two words" 'a $b' c\\ d ""`)).toEqual([
    'python',
    'train.py',
    '--name',
    'two words',
    'a $b',
    'c d',
    '',
  ]);
});

test('any argv survives being written and read', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (argv) => {
      fc.pre(!(argv[0] === 'sh' && argv[1] === '-c'));
      expect(splitCommand(commandLine(argv))).toEqual(argv);
    }),
  );
});

test('what a shell was given is shown as it was written', () => {
  expect(commandLine(['sh', '-c', 'python train.py | tee log'])).toBe('python train.py | tee log');
});
