import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { saidShort, toldJob } from './supervisor-script.ts';

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

test('a command is told in lines whose length is that of their bytes, or in a file where it has others than plain letters', () => {
  const word = fc.oneof(fc.constantFrom("'", '\n', 'é', ' '.repeat(990)), fc.string({ unit: 'binary' }));
  const words = fc.array(
    word.map((text) => text.replaceAll(/[\0\uD800-\uDFFF]/g, '')),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(words, (command) => {
      let file = '';
      const told = toldJob({ runId, mark: '7', command }, (text) => (file = text));
      const [job = '', next = '', rest] = told.split(/(?<=\n)/);
      for (const line of [job, next]) expect(Number(line.slice(0, 4))).toBe(Buffer.byteLength(line) - 4);
      expect([next.slice(5), rest]).toEqual([`benchtop_next=${runId}\n`, undefined]);
      const text = file === '' ? job.slice(5) : file;
      const script = `benchtop_line='\n'; ${text}\nprintf '%s\\0' "$@"`;
      const given = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
      expect(given).toEqual(['7', runId, ...command]);
    }),
    { numRuns: 60 },
  );
});
