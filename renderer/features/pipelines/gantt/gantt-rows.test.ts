import { expect, test } from 'vitest';
import { fixtureExecution } from '../../../../contract/fixture-pipeline.ts';
import { ganttRows, ganttWords } from './gantt-rows.ts';

const upstream: Record<string, string[]> = { train: ['prepare'], evaluate: ['train'], report: ['prepare'] };
const upstreamOf = (stage: string) => upstream[stage] ?? [];
const ran = (name: string, startedAt: number, endedAt: number | null) =>
  ({ name, state: endedAt === null ? 'running' : 'finished', startedAt, endedAt, tries: 1 }) as const;

test('a stage waits from when its upstream stages were done until it began', () => {
  const gantt = ganttRows(
    fixtureExecution('finished', [ran('prepare', 0, 300), ran('report', 500, 600), ran('train', 300, 500)]),
    upstreamOf,
    9999,
  );
  expect(
    gantt.rows.map(({ stage, readyAt, waitedTo, ranTo }) => [stage.name, readyAt, waitedTo, ranTo]),
  ).toEqual([
    ['prepare', 0, 0, 300],
    ['train', 300, 300, 500],
    ['report', 300, 500, 600],
  ]);
  expect([gantt.fromAt, gantt.toAt]).toEqual([0, 1000]);
  expect(ganttWords(gantt.rows[2]!, (ms) => `${ms} ms`)).toBe('waited 200 ms, ran 100 ms');
});

test('the critical path goes over what a stage reads, and over who held its slot', () => {
  const execution = fixtureExecution('finished', [
    ran('prepare', 0, 100),
    ran('train', 100, 800),
    ran('report', 800, 900),
    ran('evaluate', 900, 1000),
    ran('other', 0, 50),
  ]);
  // Report was ready at 100 and began when train was done.
  expect(ganttRows(execution, upstreamOf, 0).criticalPath).toEqual([
    'prepare',
    'train',
    'report',
    'evaluate',
  ]);
  const alone = fixtureExecution('finished', [
    ran('other', 0, 400),
    ran('prepare', 0, 100),
    ran('train', 101, 900),
  ]);
  expect(ganttRows(alone, upstreamOf, 0).criticalPath).toEqual(['prepare', 'train']);
});

test('while it goes on a bar ends now, who waits for a slot is shaded, and who waits for others is not', () => {
  const { rows, toAt } = ganttRows(
    fixtureExecution('running', [
      { name: 'evaluate' },
      ran('prepare', 0, 100),
      ran('train', 150, null),
      { name: 'report' },
      { name: 'done', state: 'up-to-date' },
    ]),
    upstreamOf,
    700,
  );
  expect(toAt).toBe(700);
  expect(rows.map(({ stage, readyAt, waitedTo, ranTo }) => [stage.name, readyAt, waitedTo, ranTo])).toEqual([
    ['prepare', 0, 0, 100],
    ['train', 100, 150, 700],
    ['evaluate', 700, 700, null],
    ['report', 100, 700, null],
    ['done', null, null, null],
  ]);
});
