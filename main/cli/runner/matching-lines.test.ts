import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchingLines, type Line } from './matching-lines.ts';

async function* inParts(bytes: Uint8Array, partBytes: number) {
  for (let at = 0; at < bytes.length; at += partBytes) yield bytes.subarray(at, at + partBytes);
}
async function all(text: string, pattern: RegExp, partBytes: number): Promise<Line[]> {
  const found: Line[] = [];
  for await (const line of matchingLines(inParts(Buffer.from(text), partBytes), pattern)) found.push(line);
  return found;
}

test('however the bytes are cut, the same lines are found', async () => {
  const word = fc.constantFrom('loss=1', 'ä€😀', '', 'x', '\u001B[1mlo\u001B[0mss');
  const end = fc.constantFrom('\n', '\r\n', '\r');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(word, end)),
      fc.integer({ min: 1, max: 9 }),
      async (lines, partBytes) => {
        const text = lines.map(([line, stop]) => line + stop).join('');
        expect(await all(text, /ss|€/u, partBytes)).toEqual(await all(text, /ss|€/u, 1_000_000));
      },
    ),
  );
});

test('lines are counted from 1, the last one needs no end', async () => {
  expect(await all('a\nb\r\nc\rd', /./u, 3)).toEqual(
    ['a', 'b', 'c', 'd'].map((text, at) => ({ number: at + 1, text })),
  );
});

test('output without any line’s end is passed through in parts', async () => {
  const found = await all('x'.repeat(5_000_000), /x/u, 65_536);
  expect(found.map(({ text }) => text.length).reduce((sum, length) => sum + length)).toBe(5_000_000);
  expect(Math.max(...found.map(({ text }) => text.length))).toBeLessThanOrEqual(1024 * 1024);
});
