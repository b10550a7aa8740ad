import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Recorder } from '../tracking/index.ts';
import { openLogReader } from './log-reader.ts';
import { createOutputParser } from './metrics/index.ts';
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
      await createRunFolder(folder);
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
