import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eachLine, longestChunkBytes } from './line-scan.ts';

/** The lines that may speak, with their shapes. */
function linesOf(text: string): { line: string; shape: number }[] {
  const bytes = Buffer.from(text);
  const lines: { line: string; shape: number }[] = [];
  eachLine(bytes, bytes.length, (start, stop, shape) =>
    lines.push({ line: bytes.toString('utf8', start, stop), shape }),
  );
  return lines;
}
const shapeOf = (line: string) => linesOf(line)[0]?.shape ?? null;
/** `;` and `<` may pass for signs, and are not in the texts of the tests. */
const maySpeak = (line: string) => /[\d=:\t]| {2}/.test(line);

test('every line that may speak is told, wherever it stands: one with a digit, =, :, a tab or two spaces in a row', () => {
  const piece = fc.constantFrom(
    'a',
    'bc',
    'loss',
    'a word of text',
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
    '\n',
    '\r',
    '\r\n',
    '\n\n',
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
      (text) => {
        expect(linesOf(text).map(({ line }) => line)).toEqual(text.split(/[\r\n]/).filter(maySpeak));
      },
    ),
    { numRuns: 3000 },
  );
});

test('a chunk of very many lines, and one of a single line, are told whole', () => {
  const many = 'a=1\n'.repeat(longestChunkBytes / 4);
  expect(linesOf(many).map(({ line }) => line)).toEqual(
    Array.from({ length: longestChunkBytes / 4 }, () => 'a=1'),
  );
  const one = '5'.repeat(longestChunkBytes);
  expect(linesOf(one)).toMatchObject([{ line: one }]);
  expect(linesOf('')).toEqual([]);
  expect(() => linesOf('a'.repeat(longestChunkBytes + 1))).toThrow(RangeError);
});

test('digits do not make another shape, anything else does', () => {
  expect(shapeOf('step 12 of 90')).toBe(shapeOf('step 47 of 31'));
  expect(shapeOf('step 12: a')).not.toBe(shapeOf('step 12: b'));
  expect(shapeOf('a1')).not.toBe(shapeOf('a1a'));
});

test('a shape does not depend on where the line stands, and equal ones come from equal lines', () => {
  const text = fc.stringMatching(/^[ -~ä]{1,50}$/);
  const plain = (line: string) => line.replaceAll(/\d/g, '0');
  const seen = new Map<number, string>();
  fc.assert(
    fc.property(text, fc.stringMatching(/^[a-z\n]{0,9}\n$/), (line, before) => {
      const shape = shapeOf(line);
      expect(shapeOf(before + line)).toBe(shape);
      if (shape === null) return;
      expect(seen.get(shape) ?? plain(line)).toBe(plain(line));
      seen.set(shape, plain(line));
    }),
    { numRuns: 3000 },
  );
});
