import { expect, test } from 'vitest';
import { afterFailure, type AfterFailure } from './after-failure.ts';

const first = {
  failures: 0,
  lineFailures: 0,
  attempts: 0,
  hasMoved: false,
  hasAnswers: false,
  isLarge: false,
  goesRound: false,
};
const after = (
  kind: Parameters<typeof afterFailure>[0]['kind'],
  known: Partial<typeof first> = {},
): AfterFailure => afterFailure({ kind, retryAfterMs: null }, { ...first, ...known }, 1000);

test('a line that breaks now and then, with answers in between, is paused for no longer each time', () => {
  let lineFailures = 0;
  for (let attempts = 0; attempts < 50; attempts++) {
    const { pauseMs, line, failures } = after('cut', { lineFailures, attempts, hasAnswers: true });
    expect(pauseMs).toBeLessThanOrEqual(2000);
    const moved = after('cut', { lineFailures, attempts, hasAnswers: true, hasMoved: true });
    expect(moved.pauseMs).toBeLessThanOrEqual(250);
    expect(line).toMatchObject({ failures: 1, isAway: false });
    // Cuts are no breakdowns of the target: they never add up to a no.
    expect(failures).toBe(0);
    lineFailures = line?.failures ?? 0;
  }
});

test('a line that is cut again and again without an answer is away, for all deliveries, and longer each time', () => {
  const pauses: number[] = [];
  for (let lineFailures = 0; lineFailures < 20; lineFailures++) {
    const { line } = after('cut', { lineFailures });
    if (line?.isAway === true) pauses.push(line.pauseMs ?? 0);
  }
  expect(pauses.length).toBe(15);
  expect(pauses[0]).toBeLessThanOrEqual(1000);
  expect(pauses.at(-1)).toBeGreaterThanOrEqual(150_000);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(300_000);
});

test('a file that is cut again and again is sent less and less often, though the line answers', () => {
  const { pauseMs, line } = after('cut', { attempts: 8, hasAnswers: true, isLarge: true });
  expect(pauseMs).toBeGreaterThanOrEqual(32_000);
  expect(line?.isAway).toBe(false);
});

test('breakdowns are counted until something came through, but not where all begins again', () => {
  expect(after('failed', { failures: 4 })).toMatchObject({ failures: 5, line: null });
  expect(after('failed', { failures: 4, hasMoved: true }).failures).toBe(1);
  expect(after('failed', { failures: 4, hasMoved: true, goesRound: true }).failures).toBe(5);
  expect(after('cut', { failures: 4 }).failures).toBe(4);
});

test('a pause that the target asks for is kept; a wrong secret waits for a person', () => {
  const busy = afterFailure({ kind: 'busy', retryAfterMs: 30_000 }, first, 1000);
  expect(busy.line?.pauseMs).toBeGreaterThanOrEqual(30_000);
  expect(after('locked').line).toEqual({ failures: 1, isAway: true, pauseMs: null });
});
