import { expect, test } from 'vitest';
import { killAtRandom } from './fixture-kill-rounds.ts';

/** A start takes more than a second; `npm run test:long` does a thousand. */
const rounds = 6;

test(`what was acknowledged is there, whole, after ${rounds} kills while storing, collecting and verifying`, async () => {
  expect(await killAtRandom(rounds, 150)).toBeGreaterThanOrEqual(rounds / 2);
}, 180_000);
