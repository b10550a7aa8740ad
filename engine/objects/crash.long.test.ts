import { expect, test } from 'vitest';
import { killAtRandom } from './kill-rounds.ts';

const rounds = 1000;

test(
  `what was acknowledged is there, whole, after ${rounds} kills while storing, collecting and verifying`,
  { timeout: 3_600_000 },
  async () => {
    const kept = await killAtRandom(rounds, 400);
    console.log(`${rounds} kills, ${kept} files acknowledged, none lost or damaged`);
    expect(kept).toBeGreaterThan(rounds);
  },
);
