import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanLines } from './line-scan.ts';

const shapeOf = (line: string, before = '') => {
  const bytes = Buffer.from(before + line);
  const start = Buffer.byteLength(before);
  return scanLines(bytes, bytes.length).shapeOf(start, bytes.length);
};

test('lines end at newlines and at carriage returns, wherever they are cut', () => {
  const piece = fc.constantFrom('a', 'loss', '\n', '\r', '\r\n', 'ä');
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join('')),
      (text) => {
        const bytes = Buffer.from(text);
        const scan = scanLines(bytes, bytes.length);
        const lines: string[] = [];
        for (let start = 0; start <= bytes.length;) {
          const stop = scan.endOf(start);
          lines.push(bytes.toString('utf8', start, stop));
          start = stop + 1;
        }
        expect(lines).toEqual(text.split(/[\r\n]/));
      },
    ),
  );
});

test('a line can say something when it holds a digit, =, :, a tab or two spaces in a row, wherever they stand', () => {
  const word = fc.constantFrom(
    'a',
    'bc',
    ' ',
    '  ',
    '=',
    ':',
    '\t',
    '7',
    'ä',
    '日',
    '!',
    '/',
    '@',
    '\u001b[m',
    '\u0080',
  );
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 12 }).map((words) => words.join('')),
      (line) => {
        // `;` and `<` are not among the words: they may pass for signs.
        expect(shapeOf(line) !== null).toBe(/[\d=:\t]| {2}/.test(line));
      },
    ),
    { numRuns: 2000 },
  );
});

test('digits do not make another shape, anything else does', () => {
  expect(shapeOf('step 12 of 90')).toBe(shapeOf('step 47 of 31'));
  expect(shapeOf('step 12: a')).not.toBe(shapeOf('step 12: b'));
  expect(shapeOf('a1')).not.toBe(shapeOf('a1a'));
});

test('a shape does not depend on where the line stands, and equal ones come from equal lines', () => {
  const text = fc.stringMatching(/^[ -~ä]{1,30}$/);
  const plain = (line: string) => line.replaceAll(/\d/g, '0');
  const seen = new Map<number, string>();
  fc.assert(
    fc.property(text, fc.stringMatching(/^[a-z\n]{0,9}$/), (line, before) => {
      const shape = shapeOf(line);
      expect(shapeOf(line, before)).toBe(shape);
      if (shape === null) return;
      expect(seen.get(shape) ?? plain(line)).toBe(plain(line));
      seen.set(shape, plain(line));
    }),
    { numRuns: 3000 },
  );
});
