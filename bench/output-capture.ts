import { createWriteStream, statSync } from 'node:fs';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { alternate } from './alternate.ts';
import type { Figure, Measure } from './measure.ts';
import { missingEngine } from './programs.ts';
import { memoryMegabytes } from './process-usage.ts';
import { withRunner, type RunnerSide } from './with-runner.ts';

const rounds = 3;
const outputBytes = 200_000_000;

/** What a program prints: one line by its number. */
type Line = (at: number) => string;

/** Every line with a time and several numbers, one in twenty a measure: what a verbose training loop says. */
export const trainingLine: Line = (at) =>
  at % 20 === 0
    ? `epoch=${at} step=${at} loss=${(1 / (at + 1)).toFixed(5)} acc=0.9${at}`
    : `2026-11-21 17:03:${10 + (at % 50)} INFO worker ${at % 8}: reading shard ${at} of data/train-${at % 1000}.parquet, 1024 rows in ${((at % 97) / 9).toFixed(3)} s`;
const proseLine: Line = () =>
  'The optimiser thinks about the next direction, and says so at some length in plain words.';

export const outputCapture: Measure = {
  name: 'output-capture',
  question: 'How long does a program take that prints 200 MB, recorded to its end, with its measures?',
  goal: 'at least 200 MB/s, so below 1,000 ms, with at most 50 MB of memory more',
  async run(context) {
    const missing = missingEngine(context.root);
    if (missing !== null) return { figures: [], notes: [missing] };
    const prose = join(context.scratch, 'prose.txt');
    const training = join(context.scratch, 'training.txt');
    await writeLines(prose, proseLine);
    await writeLines(training, trainingLine);
    return withRunner(context, async (side) => {
      const figures: Figure[] = [];
      for (const [name, path] of [
        ['prose', prose],
        ['a training log', training],
      ] as const)
        figures.push(...(await captured(side, name, path, join(context.scratch, 'copy.txt'))));
      return {
        figures,
        notes: [
          'The program writes into its log itself, at the speed of the floor; the rest is the engine’s reading for measures, to the last line, before the run counts as ended. Memory: the greatest resident size of the engine meanwhile, less what it had before.',
        ],
      };
    });
  },
};

async function captured(side: RunnerSide, name: string, path: string, copy: string): Promise<Figure[]> {
  const grown: number[] = [];
  const samples = await alternate(rounds, {
    async floor() {
      const startedAt = performance.now();
      await once(spawn('/bin/sh', ['-c', 'exec cat "$0" > "$1"', path, copy]), 'exit');
      return performance.now() - startedAt;
    },
    async ours() {
      const before = memoryMegabytes([side.engine.pid], 'Rss');
      let most = before;
      const watch = setInterval(() => {
        most = Math.max(most, memoryMegabytes([side.engine.pid], 'Rss'));
      }, 50);
      const startedAt = performance.now();
      const { runId } = await side.runToEnd(['cat', path]);
      const elapsedMs = performance.now() - startedAt;
      clearInterval(watch);
      grown.push(most - before);
      const { sizeBytes } = await side.api.runner.log({ runId, limit: 1 });
      if (sizeBytes !== statSync(path).size) throw new Error(`Only ${sizeBytes} bytes were captured.`);
      return elapsedMs;
    },
  });
  const floorIs = '`cat` of the same file into another';
  return [
    { name: `200 MB of ${name}`, unit: 'ms', below: 1000, floorIs, samples },
    {
      name: `memory for 200 MB of ${name}`,
      unit: 'MB',
      below: 50,
      floorIs: null,
      samples: { ours: grown.slice(1) },
    },
  ];
}

/** Writes 200 MB of lines. */
export async function writeLines(path: string, line: Line): Promise<void> {
  const file = createWriteStream(path);
  let text = '';
  for (let at = 0, bytes = 0; bytes < outputBytes; at++) {
    const next = `${line(at)}\n`;
    bytes += next.length;
    text += next;
    if (text.length < 1_000_000 && bytes < outputBytes) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end();
  await once(file, 'finish');
}
