import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMeteredWatch } from './metered-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('it is asked only while it matters, and tells when it turns', async () => {
  let network: boolean | null = true;
  let isNeeded = true;
  let questions = 0;
  const turns: boolean[] = [];
  const watch = createMeteredWatch({
    async read() {
      questions++;
      return network;
    },
    isNeeded: () => isNeeded,
    onTurn: (isMetered) => turns.push(isMetered),
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect([questions, watch.isMetered()]).toEqual([0, null]);

  watch.watch();
  watch.watch();
  await vi.advanceTimersByTimeAsync(0);
  expect([questions, watch.isMetered(), turns]).toEqual([1, true, [true]]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([questions, turns]).toEqual([4, [true]]);
  network = false;
  await vi.advanceTimersByTimeAsync(20_000);
  expect([watch.isMetered(), turns]).toEqual([false, [true, false]]);

  // Nobody wants to send: it is not asked, and what was known of one network is not taken for the next.
  isNeeded = false;
  await vi.advanceTimersByTimeAsync(20_000);
  const before = questions;
  await vi.advanceTimersByTimeAsync(600_000);
  expect([questions, watch.isMetered()]).toEqual([before, null]);
  network = null;
  watch.watch();
  await vi.advanceTimersByTimeAsync(0);
  expect([watch.isMetered(), turns]).toEqual([false, [true, false, false]]);
  watch.close();
  expect(vi.getTimerCount()).toBe(0);
});
