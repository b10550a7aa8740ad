import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { untilSpace } from '../../disk-full.ts';
import { isMissing } from '../../is-missing.ts';
import type { Point, Recorder } from '../../tracking/index.ts';
import { numbersIn, pythonJson } from '../metrics/index.ts';
import { readRecord, type RunFolder, writeRecord } from '../run-folder.ts';
import { linesOf } from './lines-of.ts';

const lookMs = 100;
const chunkBytes = 1024 * 1024;

/** What one line of the helper module says; see resources/python/benchtop.py. */
interface Told {
  readonly points: readonly Point[];
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Records what a program tells through `import benchtop`, as it appends to `told.jsonl`. Each line carries its time, so
 * that lines read twice after a crash are the same points.
 */
export function followTold(options: {
  runId: string;
  folder: RunFolder;
  recorder: Pick<Recorder, 'logPoints' | 'logParams' | 'setTags'>;
  leaving: AbortSignal;
  onError: (error: unknown) => void;
}): { stop: () => Promise<void> } {
  const { runId, folder, recorder, leaving, onError } = options;
  const stopping = new AbortController();

  async function follow(): Promise<void> {
    let offset = readRecord(folder, 'told')?.offset ?? 0;
    for (;;) {
      const isLast = stopping.signal.aborted;
      for (let from = -1; from !== offset;) {
        from = offset;
        offset = await untilSpace(() => readOn(from), leaving);
      }
      if (isLast) return;
      await sleep(lookMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  async function readOn(offset: number): Promise<number> {
    const bytes = await bytesFrom(folder.told, offset);
    const { lines, usedBytes } = linesOf(bytes);
    if (usedBytes === 0) return offset;
    const told = lines.map(toldBy);
    const points = told.flatMap((entry) => entry.points);
    if (points.length > 0) await recorder.logPoints(runId, points, { origin: 'told' });
    for (const { params, tags } of told) {
      if (Object.keys(params).length > 0) await recorder.logParams(runId, params);
      if (Object.keys(tags).length > 0) await recorder.setTags(runId, tags);
    }
    await writeRecord(folder, 'told', { offset: offset + usedBytes }, false);
    return offset + usedBytes;
  }

  const done = follow().catch(onError);
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

/** Nothing, for a line that the helper did not write. */
function toldBy(line: string): Told {
  const entry = pythonJson(line);
  if (typeof entry !== 'object' || entry === null) return { points: [], params: {}, tags: {} };
  const { time, step, values, params, tags } = entry as Record<string, unknown>;
  const isMeasured = Number.isSafeInteger(time) && Number.isSafeInteger(step);
  return {
    points:
      isMeasured && typeof values === 'object' && values !== null
        ? numbersIn(values).map(([key, value]) => ({
            key,
            step: step as number,
            timeMs: time as number,
            value,
          }))
        : [],
    params: textsOf(params),
    tags: textsOf(tags),
  };
}

function textsOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

async function bytesFrom(path: string, offset: number): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(0, (await file.stat()).size - offset)));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0); // nothing has been told yet
    throw error;
  }
}
