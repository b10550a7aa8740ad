import { expect, test } from 'vitest';
import type { Run } from '../../contract/index.ts';
import { fixtureMetric, fixtureRun } from '../../contract/fixture-run.ts';
import { learntNeeds, memoryWarning } from './learnt-needs.ts';

const gigabyte = 1e9;
let count = 0;

function run(command: string, memoryGigabytes: number | null, minutes: number, more: Partial<Run> = {}): Run {
  const memory = memoryGigabytes === null ? null : fixtureMetric(memoryGigabytes * gigabyte);
  return fixtureRun({
    id: String(count++),
    endedAt: minutes * 60_000,
    command: command.split(' '),
    metrics: memory === null ? {} : { 'system/memory_bytes': memory },
    ...more,
  });
}

const needs = (command: string, ...earlier: Run[]) => learntNeeds(command.split(' '), earlier);

test('the last three runs of the same script tell, whatever interpreter they had', () => {
  const earlier = [
    run('python train.py --lr 1', 4, 10),
    run('python other.py', 30, 90),
    run('/venv/bin/python3 train.py --lr 2', 11, 30),
    run('python -u train.py --lr 3', 3, 20),
    run('python train.py --lr 4', 60, 500),
  ];
  expect(needs('python train.py --lr 5', ...earlier)).toEqual({
    program: 'train.py',
    runCount: 3,
    memoryBytes: 11 * gigabyte,
    durationMs: 20 * 60_000,
    outOfMemoryCount: 0,
  });
});

test('runs of the very same command tell more than others of its script', () => {
  const earlier = [run('python train.py --small', 1, 1), run('python train.py --large', 12, 60)];
  expect(needs('python train.py --large', ...earlier)).toMatchObject({
    runCount: 1,
    memoryBytes: 12 * gigabyte,
  });
});

test('what was cut short says nothing of how long it takes, a sleep is no part of it', () => {
  const asleep = { gaps: [{ from: 0, to: 20 * 60_000, why: 'asleep' as const }] };
  expect(
    needs('./fit', run('./fit', null, 1, { status: 'killed' }), run('./fit', null, 50, asleep)),
  ).toMatchObject({ memoryBytes: null, durationMs: 30 * 60_000 });
  expect(needs('./fit')).toMatchObject({ runCount: 0, memoryBytes: null, durationMs: null });
});

test('the warning names what shows it, and there is none where memory will do', () => {
  const oom = { status: 'killed', ending: 'killed by SIGKILL, probably out of memory' } as const;
  const told = needs('python train.py', run('python train.py', 11, 5), run('python train.py', 9, 1, oom));
  expect(memoryWarning(told, 6.04 * gigabyte)).toBe(
    'The last 2 runs of train.py used up to 11 GB, and one ran out of memory; 6 GB are free.',
  );
  expect(memoryWarning(told, 12 * gigabyte)).toBeNull();
  expect(memoryWarning(needs('python train.py'), 0)).toBeNull();
});
