import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  appendToLog,
  collapseReturns,
  emptyLogWindow,
  prependToLog,
  shownLines,
  type LogWindow,
} from './log-window.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const texts = (window: LogWindow) => shownLines(window).map((line) => line.text);

test('a progress bar leaves what a terminal would show last', () => {
  expect(collapseReturns('10 %\r55 %\r100 % done')).toBe('100 % done');
  expect(collapseReturns('downloading\rok')).toBe('okwnloading');
  expect(collapseReturns('a line of Windows\r')).toBe('a line of Windows');
  expect(collapseReturns('\u001B[32m10 %\u001B[0m\r\u001B[32m100 %\u001B[0m')).toBe(
    '\u001B[32m100 %\u001B[0m',
  );
});

test('bytes that come twice are taken once', () => {
  const window = appendToLog(emptyLogWindow(0), 0, bytesOf('one\ntwo\n'));
  expect(texts(appendToLog(window, 4, bytesOf('two\nthree')))).toEqual(['one', 'two', 'three']);
});

test('a character cut between two pages is whole again', () => {
  const bytes = bytesOf('naïve\n');
  const window = appendToLog(appendToLog(emptyLogWindow(0), 0, bytes.subarray(0, 3)), 3, bytes.subarray(3));
  expect(texts(window)).toEqual(['naïve']);
});

test('opened from its end, a log shows no half line until the page before is there', () => {
  const text = bytesOf('first line\nsecond line\nthird\n');
  const window = appendToLog(emptyLogWindow(15), 15, text.subarray(15));
  expect(texts(window)).toEqual(['third']);
  expect(texts(prependToLog(window, 0, text.subarray(0, 15)))).toEqual([
    'first line',
    'second line',
    'third',
  ]);
});

test('however a log is cut into pages, and from wherever it is read, its lines are the same', () => {
  const page = fc.tuple(
    fc.array(fc.stringMatching(/^[a-zä ]{0,12}$/), { maxLength: 30 }),
    fc.nat(),
    fc.nat(),
    fc.nat(),
  );
  fc.assert(
    fc.property(page, ([lines, one, two, three]) => {
      const bytes = bytesOf(lines.map((line) => `${line}\n`).join(''));
      const [first = 0, middle = 0, last = 0] = [one, two, three]
        .map((at) => at % (bytes.length + 1))
        .toSorted((a, b) => a - b);
      let window = emptyLogWindow(middle);
      window = appendToLog(window, middle, bytes.subarray(middle, last));
      window = appendToLog(window, last, bytes.subarray(last));
      window = prependToLog(window, first, bytes.subarray(first, middle));
      window = prependToLog(window, 0, bytes.subarray(0, first));
      expect(texts(window)).toEqual(lines);
      const offsets = shownLines(window).map((line) => line.offset);
      expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
    }),
  );
});
