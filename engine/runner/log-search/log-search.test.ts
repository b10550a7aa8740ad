import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { LogPattern } from '../../../contract/index.ts';
import { lineSearch } from './line-search.ts';
import { searchLog } from './search-log.ts';

const root = mkdtempSync(join(tmpdir(), 'benchtop-log-search-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const pattern = (text: string, more: Partial<LogPattern> = {}): LogPattern => ({
  text,
  isRegex: false,
  isCaseSensitive: false,
  ...more,
});

async function search(content: string | Buffer, wanted: LogPattern, from = 0, offsetsAtMost = 1000) {
  const path = join(root, 'out.log');
  writeFileSync(path, content);
  const finds = { offsets: [] as number[], count: 0, searchedTo: 0, isComplete: false };
  const task = { path, pattern: wanted, from, offsetsAtMost };
  for await (const { event } of searchLog(task, new AbortController().signal)) {
    finds.offsets.push(...event.offsets);
    finds.count += event.count;
    finds.searchedTo = event.searchedTo;
    finds.isComplete = event.isComplete;
  }
  return finds;
}

test('the lines with a find are told by where they begin, each once', async () => {
  const log = 'Epoch 1\nloss 0.5 LOSS 0.4\nnothing\nLoss';
  expect(await search(log, pattern('loss'))).toEqual({
    offsets: [8, 34],
    count: 2,
    searchedTo: 34,
    isComplete: true,
  });
  expect((await search(log, pattern('loss', { isCaseSensitive: true }))).offsets).toEqual([8]);
  expect((await search(log, pattern('^L', { isRegex: true, isCaseSensitive: true }))).offsets).toEqual([34]);
  expect((await search(log, pattern('1.loss', { isRegex: true }))).offsets).toEqual([]);
});

test('a log that has grown is searched on from where the search had ended', async () => {
  const first = await search('loss 1\nlo', pattern('loss'));
  expect(first).toMatchObject({ offsets: [0], searchedTo: 7 });
  expect((await search('loss 1\nloss 2\n', pattern('loss'), first.searchedTo)).offsets).toEqual([7]);
});

test('beyond the offsets that are wanted the finds are still counted', async () => {
  expect(await search('a\n'.repeat(50), pattern('a'), 0, 10)).toMatchObject({ count: 50 });
  expect((await search('a\n'.repeat(50), pattern('a'), 0, 10)).offsets).toHaveLength(10);
});

test('finds stand where they stand in a log of many chunks, one of its lines longer than a chunk', async () => {
  const filler = `${'x'.repeat(99)}\n`.repeat(60_000);
  const long = `${'y'.repeat(5_000_000)} needle\n`;
  const log = `${filler}needle\n${long}${filler}needle`;
  expect((await search(log, pattern('needle'))).offsets).toEqual([
    filler.length,
    filler.length + 7,
    filler.length * 2 + 7 + long.length,
  ]);
});

test('an expression that cannot be read is refused with its reason', async () => {
  await expect(search('a', pattern('(', { isRegex: true }))).rejects.toMatchObject({
    code: 'invalid-input',
  });
});

test('whoever leaves ends a search that would take for ever', async () => {
  const path = join(root, 'slow.log');
  writeFileSync(path, `${'a'.repeat(40)}!\n`);
  const leave = new AbortController();
  const task = { path, pattern: pattern('^(a+)+$', { isRegex: true }), from: 0, offsetsAtMost: 10 };
  const finds = searchLog(task, leave.signal);
  const next = finds.next();
  setTimeout(() => leave.abort(), 100);
  expect(await next).toEqual({ done: true, value: undefined });
});

/** What a search has to find, said in the simplest words. */
function expected(log: string, text: string, isCaseSensitive: boolean): number[] {
  const fold = (words: string) => (isCaseSensitive ? words : words.toLowerCase());
  const found: number[] = [];
  let offset = 0;
  for (const line of log.split('\n')) {
    if (fold(stripVTControlCharacters(line)).includes(fold(text))) found.push(offset);
    offset += Buffer.byteLength(line) + 1;
  }
  return found;
}

test('plain text is found as the lines say it, colours and other alphabets or not', () => {
  const word = fc.constantFrom(
    'ab',
    'AB',
    'a',
    'ä',
    'Ä',
    '日',
    '\u001b[31m',
    '\u001b[1;32m',
    '.',
    ' ',
    '\n',
    '\r',
    '\n',
  );
  const log = fc.array(word, { maxLength: 40 }).map((words) => words.join(''));
  fc.assert(
    fc.property(
      log,
      fc.constantFrom('a', 'ab', 'B', 'ä', '.', 'ab.', '日'),
      fc.boolean(),
      (content, text, isCaseSensitive) => {
        const found: number[] = [];
        lineSearch(pattern(text, { isCaseSensitive }))(Buffer.from(content), (at) => found.push(at));
        expect(found).toEqual(expected(content, text, isCaseSensitive));
      },
    ),
    { numRuns: 500 },
  );
});
