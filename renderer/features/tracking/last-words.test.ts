import { expect, test } from 'vitest';
import { lastWords } from './last-words.ts';

const traceback = [
  'Traceback (most recent call last):',
  '  File "train.py", line 3, in <module>',
  '    fit()',
  'ValueError: loss is NaN',
];

test('a traceback is told whole, without what came before it', () => {
  expect(lastWords(['epoch=1', ...traceback, '', ''])).toEqual(traceback);
});

test('of a long traceback its beginning and its end remain', () => {
  const deep = [
    traceback[0] ?? '',
    ...Array.from({ length: 100 }, (_, at) => `frame ${at}`),
    'RecursionError',
  ];
  const told = lastWords(deep);
  expect(told[0]).toBe(deep[0]);
  expect(told[1]).toContain('left out');
  expect(told.at(-1)).toBe('RecursionError');
  expect(told.length).toBeLessThan(30);
});

test('without one the last lines are told', () => {
  expect(lastWords(['a', 'b', ''])).toEqual(['a', 'b']);
});
