import { expect, test } from 'vitest';
import { pythonEnvironment } from '../fixture-python.ts';
import { differences, ownAnswer, pairCases, peerAnswers } from './testing/two-samples.ts';

const environment = pythonEnvironment();
const seed = Number(process.env['BENCHTOP_SEED'] ?? Date.now() % 1_000_000);

test.skipIf('reason' in environment)(
  'tests and distances of 12,000 pairs of samples are those of SciPy',
  () => {
    if ('reason' in environment) return;
    let least = 1;
    let compared = 0;
    const found: string[] = [];
    for (let part = 0; part < 12; part++) {
      const cases = pairCases(1000, seed + part);
      for (const [at, peer] of peerAnswers(environment.python, cases).entries()) {
        const made = cases[at]!;
        compared++;
        for (const answer of Object.values(peer))
          if (typeof answer !== 'number' && answer[1] > 0) least = Math.min(least, answer[1]);
        for (const text of differences(ownAnswer(made), peer, made))
          found.push(`${seed + part}, ${at}: ${text}`);
      }
    }
    console.log(`${compared} pairs, seed ${seed}: ${found.length} differ; the least probability is ${least}`);
    expect(found).toEqual([]);
  },
  600_000,
);
