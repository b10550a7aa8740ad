import { expect, test } from 'vitest';
import { killAtRandom } from './fixture-kill-rounds.ts';

/** `npm run test:long` does a thousand. */
const rounds = 20;

test(`what was acknowledged is there, whole, after ${rounds} kills while storing, collecting and verifying`, async () => {
  const { acknowledged, kills } = await killAtRandom(rounds, 150);
  expect(acknowledged).toBeGreaterThanOrEqual(rounds / 2);
  expect(kills.size).toBeGreaterThan(2);
}, 180_000);
