import { expect, test } from 'vitest';
import { killDiamond, wholeDiamond } from './testing/kill-diamond.ts';

// All moments are in crash.long.test.ts; these differ from day to day.
const first = 3 + (Math.floor(Date.now() / 86_400_000) % 6);
test('an engine killed at a commit, before or after it, or between two: the next goes on by itself, and every stage has run once', async () => {
  const ends = await Promise.all([
    killDiamond(first, 'before'),
    killDiamond(first + 6, 'after'),
    killDiamond(2 * first, 'between'),
  ]);
  const whole = { ...wholeDiamond, wasKilled: true };
  expect(ends, `${first}, ${first + 6} and ${2 * first}`).toEqual([whole, whole, whole]);
}, 60_000);
