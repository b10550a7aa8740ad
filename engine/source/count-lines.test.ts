import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { countLines, linesOf } from './count-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchtop-lines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What git counts when it looks for the least edit. */
function ofGit(before: string, after: string): { addedLines: number; removedLines: number } {
  writeFileSync(join(folder, 'a'), before);
  writeFileSync(join(folder, 'b'), after);
  try {
    execFileSync('git', ['diff', '--no-index', '--minimal', '--numstat', 'a', 'b'], {
      cwd: folder,
      stdio: 'pipe',
    });
    return { addedLines: 0, removedLines: 0 };
  } catch (error) {
    const [added = '', removed = ''] = String((error as { stdout: Buffer }).stdout).split('\t');
    return { addedLines: Number(added), removedLines: Number(removed) };
  }
}

test('as git counts with --minimal', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 25 })
    .map((lines) => lines.map((line) => `${line}\n`).join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(countLines(linesOf(before), linesOf(after))).toEqual(ofGit(before, after));
    }),
    { numRuns: 60 },
  );
});

test('ends of lines are no difference, and an end of the file is no line', () => {
  expect(linesOf('a\r\nb\n')).toEqual(['a', 'b']);
  expect(linesOf('a\n\n')).toEqual(['a', '']);
  expect(linesOf('')).toEqual([]);
});

test('two long texts with nothing in common are counted without looking for the least edit', () => {
  const old = Array.from({ length: 20_000 }, (_, index) => `old ${index}`);
  const now = [...Array.from({ length: 10_000 }, (_, index) => `new ${index}`), 'old 5'];
  expect(countLines(old, now)).toEqual({ addedLines: 10_000, removedLines: 19_999 });
});
