import { expect, test } from 'vitest';
import { durationText } from './duration-text.ts';
import { exitCodeOfRun } from './exit-code-of-run.ts';
import { parseDuration } from './parse-duration.ts';
import { jobLines } from './runner/ps-command.ts';

test.each([
  ['90s', 90_000],
  ['90', 90_000],
  ['1.5h', 5_400_000],
  ['1h30m', 5_400_000],
  ['250ms', 250],
  ['2d', 172_800_000],
  ['0s', null],
  ['', null],
  ['10 m', null],
  ['-5s', null],
  ['5y', null],
  ['9e99s', null],
])('the duration %s is %s ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

test('durations have at most two units', () => {
  expect([0, 59_400, 192_000, 7_500_000, 273_600_000].map(durationText)).toEqual([
    '0s',
    '59s',
    '3m 12s',
    '2h 5m',
    '3d 4h',
  ]);
});

test('a run that was cut short is no success', () => {
  const code = (status: 'finished' | 'failed' | 'killed' | 'lost', ending: string, exitCode: number | null) =>
    exitCodeOfRun({ status, ending, exitCode });
  expect(code('finished', 'exit code 0', 0)).toBe(0);
  expect(code('failed', 'exit code 3', 3)).toBe(3);
  expect(code('killed', 'killed by SIGKILL', null)).toBe(137);
  expect(code('killed', 'cancelled (exit code 0)', 0)).toBe(1);
  expect(code('killed', 'time limit reached (killed by SIGTERM)', null)).toBe(124);
  expect(code('lost', 'lost: machine restarted', null)).toBe(1);
});

test('jobs in columns, with a dash for what is not known', () => {
  const job = {
    runId: 'abcdef0123456789',
    name: 'fit',
    projectId: null,
    isPaused: false,
    gaps: [],
    gpus: [],
    isEtaLearnt: false,
    priority: 'normal' as const,
    needs: { program: 'fit', runCount: 0, memoryBytes: null, durationMs: null, outOfMemoryCount: 0 },
    waitsFor: null,
  };
  expect(
    jobLines(
      [
        { ...job, status: 'running', startedAt: 0, progress: 0.25, etaAt: 400_000 },
        { ...job, status: 'running', startedAt: 0, progress: 0.5, etaAt: null, isPaused: true, gpus: [0, 1] },
        { ...job, status: 'running', startedAt: 0, progress: null, etaAt: 160_000, isEtaLearnt: true },
        { ...job, status: 'queued', startedAt: null, progress: null, etaAt: null },
      ],
      100_000,
    ),
  ).toEqual([
    'RUN       STATE    RUNNING  DONE  LEFT    GPU  NAME',
    'abcdef01  running  1m 40s   25 %  5m 0s   -    fit',
    'abcdef01  paused   1m 40s   50 %  -       0,1  fit',
    'abcdef01  running  1m 40s   -     ~1m 0s  -    fit',
    'abcdef01  waiting  -        -     -       -    fit',
  ]);
});
