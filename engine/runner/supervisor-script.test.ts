import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { saidShort } from './supervisor-script.ts';

const runId = '0123456789abcdef'.repeat(2);
const folder = `/home of/the 'runs'/$x/${runId}`;

test('a word in which a shell names the run and its folder is the word, and short', () => {
  const part = fc.oneof(fc.constantFrom(runId, folder, '/told.jsonl', "'", '"$benchtop_run"'), fc.string());
  const word = fc.array(part, { maxLength: 4 }).map((parts) => parts.join('').replaceAll('\0', ''));
  fc.assert(
    fc.property(word, (value) => {
      const text = `benchtop_run=$1 benchtop_folder=$2; printf %s ${saidShort(value, runId, folder)}`;
      expect(execFileSync('sh', ['-c', text, 'sh', runId, folder], { encoding: 'utf8' })).toBe(value);
    }),
    { numRuns: 30 },
  );
  expect(saidShort(`${folder}/told.jsonl`, runId, folder)).toBe(`"$benchtop_folder"'/told.jsonl'`);
});
