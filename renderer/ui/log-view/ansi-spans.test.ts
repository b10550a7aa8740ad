import { expect, test } from 'vitest';
import { ansiSpans, withoutAnsi } from './ansi-spans.ts';

const esc = '\u001B';

test('colours and weights hold until they are taken back', () => {
  expect(ansiSpans(`${esc}[1;31merror${esc}[0m: ${esc}[96mfile${esc}[39m.py`)).toEqual([
    { text: 'error', colour: 'red', isBold: true, isDim: false },
    { text: ': ', colour: null, isBold: false, isDim: false },
    { text: 'file', colour: 'bright-cyan', isBold: false, isDim: false },
    { text: '.py', colour: null, isBold: false, isDim: false },
  ]);
});

test('extended colours become CSS colours, backgrounds are passed over', () => {
  expect(ansiSpans(`${esc}[38;5;196;48;5;20ma${esc}[38;2;1;2;3mb`).map((span) => span.colour)).toEqual([
    'rgb(255 0 0)',
    'rgb(1 2 3)',
  ]);
});

test('what moves the cursor or sets a title is left out', () => {
  expect(withoutAnsi(`${esc}]0;title\u0007a${esc}[2Kb${esc}[10;3Hc`)).toBe('abc');
});
