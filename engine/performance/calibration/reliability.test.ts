import { expect, test } from 'vitest';
import { seededRandom } from '../../statistics/index.ts';
import { unknownLabel, type ClassifiedRows } from '../classified-rows.ts';
import { reliabilityOf } from './reliability.ts';

const ofTwo = (scores: number[], labels: number[]): ClassifiedRows => ({
  rowCount: scores.length,
  classCount: 2,
  scores: [Float64Array.from(scores)],
  predictions: Uint32Array.from(scores, (score) => Number(score >= 0.5)),
  labels: Uint32Array.from(labels),
});

test('of two classes the bins hold what was told of the one that is looked for, and what came true', () => {
  const found = reliabilityOf(ofTwo([0.05, 0.05, 0.9, 1, 0.95, 0.5], [0, 1, 1, 1, 0, unknownLabel]));
  expect(found.rowCount).toBe(5);
  expect(found.bins.map(({ from, count }) => [from, count])).toEqual([
    [0, 2],
    [0.9, 3],
  ]);
  expect(found.bins[0]).toMatchObject({ told: 0.05, cameTrue: 0.5 });
  expect(found.bins[1]?.told).toBeCloseTo(0.95, 12);
  // |0.05 − 0.5| of two rows, |0.95 − 2/3| of three.
  expect(found.expectedError).toBeCloseTo((2 * 0.45 + 3 * (0.95 - 2 / 3)) / 5, 12);
  // Two of three by Wilson's formula with z = 1.959964.
  expect(found.bins[1]?.low).toBeCloseTo(0.20765960080204765, 12);
  expect(found.bins[1]?.high).toBeCloseTo(0.9385080552796037, 12);
});

test('of several classes it is about the class that was told', () => {
  const found = reliabilityOf({
    rowCount: 3,
    classCount: 3,
    scores: [Float64Array.of(0.7, 0.2, 0.1), Float64Array.of(0.2, 0.6, 0.1), Float64Array.of(0.1, 0.2, 0.8)],
    predictions: Uint32Array.of(0, 1, 2),
    labels: Uint32Array.of(0, 2, 2),
  });
  expect(found.bins.map(({ told, cameTrue }) => [told, cameTrue])).toEqual([
    [0.6, 0],
    [0.7, 1],
    [0.8, 1],
  ]);
});

test('honest probabilities have a small error, those of no worth a large one; without labels there is none', () => {
  const random = seededRandom(3);
  const scores = Array.from({ length: 20_000 }, () => random.share());
  const honest = reliabilityOf(
    ofTwo(
      scores,
      scores.map((score) => Number(random.share() < score)),
    ),
  );
  expect(honest.expectedError).toBeLessThan(0.02);
  expect(honest.bins.filter(({ told, low, high }) => told < low || told > high).length).toBeLessThanOrEqual(
    2,
  );
  const chance = reliabilityOf(
    ofTwo(
      scores,
      scores.map(() => Number(random.share() < 0.5)),
    ),
  );
  expect(chance.expectedError).toBeCloseTo(0.25, 1);
  expect(reliabilityOf(ofTwo([0.5], [unknownLabel]))).toEqual({ rowCount: 0, expectedError: null, bins: [] });
});
