import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Recorder } from '../tracking/index.ts';
import { openLogReader } from './log-reader.ts';
import { createOutputParser, eachLine } from './metrics/index.ts';
import { createRunFolder, runFolder } from './run-folder.ts';

const corpus = new URL('./corpus/', import.meta.url);
const texts = readdirSync(corpus)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => readFileSync(new URL(name, corpus), 'utf8'));

test.each(texts.map((text, at) => [at, text]))(
  'passing over lines that look like silent ones loses no measure of the corpus, %i',
  async (_, text) => {
    const noise = '2026-01-02 10:00:00 worker 3: processed batch 17 of shard 4\nfetched 20 files, 3 left\n';
    const whole = `${noise}${text.endsWith('\n') ? text : `${text}\n`}`.repeat(3);
    const root = mkdtempSync(join(tmpdir(), 'benchtop-log-'));
    try {
      const folder = runFolder(root, '0'.repeat(32));
      createRunFolder(folder);
      writeFileSync(folder.log, whole);
      const found: [string, number, number][] = [];
      const recorder = {
        logPoints: async (_run: string, points) =>
          void found.push(
            ...points.map(({ key, step, value }) => [key, step, value] as [string, number, number]),
          ),
        logParams: async () => [],
        setTags: async () => undefined,
      } satisfies Partial<Recorder>;
      const reader = await openLogReader({ runId: 'r', folder, startedAt: 0, recorder: recorder as never });
      await reader.read(true);
      await reader.close();
      const parser = createOutputParser();
      for (const line of whole.split(/[\r\n]/)) parser.line(line, 0);
      expect(found).toEqual(parser.take().points.map(({ key, step, value }) => [key, step, value]));
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
);

test('lines that differ in their digits only are read each for itself, also where a digit is part of a name', () => {
  const value = fc.constantFrom('0.5', '12.25', '3e-5', '7', 'nan', '-1.75');
  const name = fc.constantFrom('loss', 'f1', 'f2', 'layer1', 'layer2', 'epoch', 'step', 'lr', 'epoch2', 'x');
  const line = fc
    .array(fc.tuple(name, value), { minLength: 1, maxLength: 4 })
    .map((pairs) => pairs.map((pair) => pair.join('=')).join(' '));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), (lines) => {
      const parser = createOutputParser();
      for (const each of lines) parser.line(each, 0);
      const expected = parser.take();
      const shaped = createOutputParser();
      const bytes = Buffer.from(lines.join('\n'));
      eachLine(bytes, bytes.length, (start, stop, shape) =>
        shaped.line(bytes.toString('utf8', start, stop), 0, shape),
      );
      expect(shaped.take()).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('a program that empties its own output: what it prints then is read from the beginning, and the record says that some is gone', async () => {
  const root = mkdtempSync(join(tmpdir(), 'benchtop-log-'));
  try {
    const folder = runFolder(root, '0'.repeat(32));
    createRunFolder(folder);
    const found: [number, number, number][] = [];
    const tags: Record<string, string> = {};
    const recorder = {
      logPoints: async (_run: string, points) =>
        void found.push(
          ...points.map(({ step, value, timeMs }) => [step, value, timeMs] as [number, number, number]),
        ),
      logParams: async () => [],
      setTags: async (_run: string, set) => void Object.assign(tags, set),
    } satisfies Partial<Recorder>;
    const open = () => openLogReader({ runId: 'r', folder, startedAt: 0, recorder: recorder as never });
    const wrote = (text: string, at: number) => {
      writeFileSync(folder.log, text);
      utimesSync(folder.log, at, at);
    };
    let reader = await open();
    await reader.read(false);
    wrote('step=1 loss=0.5\n', 1);
    await reader.read(false);
    expect(tags).toEqual({});
    // Shorter than before, as right after it was emptied.
    wrote('step=2 loss=4\n', 2);
    await reader.read(false);
    // Longer than before: only its bytes tell.
    wrote('step=3 loss=3\nstep=4 loss=2\n', 3);
    await reader.read(false);
    await reader.close();
    // While no engine was there.
    wrote('step=5 loss=1 and so many words that it is longer\n', 4);
    reader = await open();
    await reader.read(true);
    await reader.close();
    expect(found).toEqual([
      [1, 0.5, 1000],
      [2, 4, 2000],
      [3, 3, 3000],
      [4, 2, 3000],
      [5, 1, 4000],
    ]);
    expect(tags['benchtop.log']).toContain('at least 58 bytes');
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
