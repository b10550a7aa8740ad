import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const folder = fileURLToPath(new URL('../resources/sample/recorded', import.meta.url));

const metricValue = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
const recording = z.strictObject({
  name: z.string(),
  command: z.array(z.string()).min(2),
  stage: z.enum(['prepare', 'train', 'evaluate']),
  status: z.enum(['finished', 'failed', 'killed']),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  startedAt: z.int(),
  endedAt: z.int(),
  params: z.record(z.string(), z.string()),
  metrics: z.record(z.string(), z.array(z.tuple([z.int(), z.int(), metricValue])).min(1)),
  tags: z.record(z.string(), z.string()),
  artifacts: z.array(z.strictObject({ path: z.string(), sizeBytes: z.int() })),
});

const names = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length));

const read = (name: string) => ({
  document: recording.parse(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))),
  log: readFileSync(join(folder, `${name}.log`)),
  index: readFileSync(join(folder, `${name}.log.idx`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => z.tuple([z.int(), z.int()]).parse(JSON.parse(line))),
});

describe('the recorded runs of the sample project', () => {
  it('show every stage and every way a run can end, in less than 1 MB', () => {
    const documents = names.map((name) => read(name).document);
    expect(documents.map(({ stage, status }) => `${stage} ${status}`)).toEqual([
      'prepare finished',
      'train finished',
      'train finished',
      'train failed',
      'train killed',
      'train finished',
      'evaluate finished',
    ]);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name),
    );
    expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(1_000_000);
  });

  it.each(names)('%s agrees with its own log, index and artifacts', (name) => {
    const { document, log, index } = read(name);
    expect(document.endedAt).toBeGreaterThan(document.startedAt);
    expect(document.exitCode === null).toBe(document.status === 'killed');
    expect(document.signal === null).toBe(document.status !== 'killed');
    expect(document.exitCode === 0).toBe(document.status === 'finished');

    // Offsets grow, times never go back, and all lie within the log and the run.
    expect(index[0]?.[0]).toBe(0);
    index.forEach(([offset, timeMs], place) => {
      const [offsetBefore, timeBefore] = index[place - 1] ?? [-1, document.startedAt];
      expect(offset).toBeGreaterThan(offsetBefore);
      expect(offset).toBeLessThan(log.length);
      expect(timeMs).toBeGreaterThanOrEqual(timeBefore);
      expect(timeMs).toBeLessThanOrEqual(document.endedAt);
    });

    const text = log.toString('utf8');
    for (const [key, points] of Object.entries(document.metrics)) {
      const printed = [...text.matchAll(new RegExp(`\\b${key}(?:=|": )([^\\s,}]+)`, 'g'))].map(
        ([, value]) => value,
      );
      expect(
        printed.map((value) => (value === 'nan' ? 'NaN' : Number(value))),
        key,
      ).toEqual(points.map(([, , value]) => value));
    }

    for (const { path, sizeBytes } of document.artifacts) {
      expect(statSync(join(folder, name, 'artifacts', path)).size).toBe(sizeBytes);
    }
    expect(existsSync(join(folder, name))).toBe(document.artifacts.length > 0);
  });

  it('keep the traceback of the run that failed', () => {
    expect(read('04-diverged').log.toString('utf8')).toMatch(
      /Traceback[\s\S]*FloatingPointError: the loss is nan/,
    );
  });
});
