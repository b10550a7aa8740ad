import { expect, test } from 'vitest';
import { killAtRandom } from './fixture-kill-rounds.ts';

const rounds = 1000;

test(
  `what was acknowledged is there, whole, after ${rounds} kills while storing, collecting and verifying`,
  { timeout: 3_600_000 },
  async () => {
    const startedAt = performance.now();
    const { acknowledged, kills } = await killAtRandom(rounds, 300);
    const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
    const whenKilled = [...kills].map(([doing, count]) => `${count} at ${doing}`).join(', ');
    console.log(
      `${rounds} kills in ${minutes} minutes (${whenKilled}), ${acknowledged} files acknowledged, none lost or damaged`,
    );
    expect(acknowledged).toBeGreaterThan(rounds);
    for (const doing of ['start', 'add', 'collect', 'reclaim', 'verify'])
      expect(kills.get(doing), doing).toBeGreaterThan(rounds / 200);
  },
);
