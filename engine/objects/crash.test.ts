import { expect, test } from 'vitest';
import { killAtRandom } from './fixture-kill-rounds.ts';

/** `npm run test:long` does a thousand. */
const rounds = 20;

test(`what was acknowledged is there, whole, after ${rounds} kills while storing, collecting and verifying`, async () => {
  const { acknowledged, kills } = await killAtRandom(rounds, 200);
  expect(acknowledged).toBeGreaterThan(0);
  expect(kills.size).toBeGreaterThan(1);
}, 180_000);
