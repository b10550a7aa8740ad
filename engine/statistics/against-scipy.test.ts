import { expect, test } from 'vitest';
import { pythonEnvironment } from '../fixture-python.ts';
import { bootstrapInterval, correctedInterval, percentileInterval } from './bootstrap-interval.ts';
import {
  isLowerBetter,
  qualityMetric,
  qualityMetrics,
  type Answers,
  type QualityMetric,
} from './metrics/quality-metric.ts';
import type { RowMetric } from './metrics/row-metric.ts';
import { pairedDifference } from './paired-difference.ts';
import { seededRandom } from './seeded-random.ts';
import { askPeer, type PeerCase } from './testing/peer.ts';

const environment = pythonEnvironment();
if ('reason' in environment) console.log(`SciPy is not compared with: ${environment.reason}`);

/** Ties among the scores (in steps that a double holds exactly: SciPy counts ties to the last digit), classes that one side never tells, and labels far from zero. */
function cases(): (PeerCase & { answers: [Answers, Answers]; metric: QualityMetric })[] {
  return qualityMetrics.flatMap((metric) =>
    [2, 3, null].flatMap((classCount) => {
      const isOfNumbers = metric === 'rmse' || metric === 'mae' || metric === 'r2';
      if (isOfNumbers !== (classCount === null)) return [];
      if (classCount === 3 && !['accuracy', 'precision', 'recall', 'f1'].includes(metric)) return [];
      const random = seededRandom(classCount ?? 7);
      const draw = <Value>(one: () => Value) => Array.from({ length: 50 }, one);
      const labels = draw(() =>
        classCount === null ? 1000 + 10 * random.share() : random.index(classCount),
      );
      const scores = [0, 1].map((side) =>
        labels.map(
          (label) => Math.round((random.share() * 0.6 + (label === 1 ? 0.2 * side + 0.2 : 0)) * 32) / 32,
        ),
      );
      const predictions = [0, 1].map((side) =>
        labels.map((label, row) =>
          classCount === null
            ? label + (random.share() - 0.5) * (6 - 2 * side)
            : classCount === 2
              ? Number((scores[side]?.[row] ?? 0) > 0.5)
              : random.share() < 0.6 + 0.1 * side
                ? label
                : random.index(classCount - 1 + side),
        ),
      );
      const positive = classCount === 2 ? 1 : null;
      const answersOf = (side: number): Answers => {
        const told = predictions[side] ?? [];
        const scored = Float64Array.from(scores[side] ?? []);
        if (classCount === null)
          return { kind: 'numbers', labels: Float64Array.from(labels), predictions: Float64Array.from(told) };
        return {
          kind: 'classes',
          classCount,
          labels: Uint32Array.from(labels),
          predictions: Uint32Array.from(told),
          positive,
          scores: scored,
          ofTrueClass: scored.map((score, row) => (labels[row] === 1 ? score : 1 - score)),
        };
      };
      const answers: [Answers, Answers] = [answersOf(0), answersOf(1)];
      const isInterval = ['accuracy', 'f1', 'auc', 'rmse'].includes(metric) && classCount !== 3;
      const distribution = isInterval ? [...drawnDifferences(metric, answers)] : [];
      return [{ metric, labels, predictions, scores, positive, distribution, answers }];
    }),
  );
}

const ready = (metric: QualityMetric, answers: Answers): RowMetric => {
  const made = qualityMetric(metric, answers);
  if ('why' in made) throw new Error(made.why);
  return made;
};

const differenceOf = (metric: QualityMetric, [a, b]: readonly [Answers, Answers]) =>
  pairedDifference(ready(metric, a), ready(metric, b), isLowerBetter(metric));

function* drawnDifferences(metric: QualityMetric, answers: [Answers, Answers]): Generator<number> {
  const difference = differenceOf(metric, answers);
  const random = seededRandom(11);
  for (let round = 0; round < 400; round++) {
    const weights = new Uint32Array(difference.rowCount);
    for (let draw = 0; draw < weights.length; draw++) weights[random.index(weights.length)]!++;
    yield difference.over(weights);
  }
}

test.skipIf('reason' in environment)(
  'metrics are those of scikit-learn, and intervals of their differences those of SciPy by the same draws',
  () => {
    if ('reason' in environment) return;
    const all = cases();
    const theirs = askPeer(
      environment.python,
      all.map(({ answers: _answers, ...rest }) => rest),
    );
    expect(all.filter(({ distribution }) => distribution.length > 0)).toHaveLength(4);
    for (const [index, { metric, answers, distribution }] of all.entries()) {
      const peer = theirs[index]!;
      for (const side of [0, 1] as const)
        expect(ready(metric, answers[side]).over(null), metric).toBeCloseTo(peer.values[side]!, 12);
      if (peer.intervals === null) continue;
      const difference = differenceOf(metric, answers);
      const sorted = Float64Array.from(distribution).sort();
      const percentile = percentileInterval(sorted, 0.95);
      expect(percentile.low, metric).toBeCloseTo(peer.intervals.percentile.low, 12);
      expect(percentile.high, metric).toBeCloseTo(peer.intervals.percentile.high, 12);
      const bca = correctedInterval(sorted, difference.over(null), difference.leavingOut(), 0.95)!;
      expect(bca.low, metric).toBeCloseTo(peer.intervals.bca.low, 9);
      expect(bca.high, metric).toBeCloseTo(peer.intervals.bca.high, 9);
    }
  },
);

test('leaving a row out is the metric without it', () => {
  for (const { metric, answers } of cases()) {
    const made = ready(metric, answers[1]);
    const without = made.leavingOut();
    for (const row of [0, 1, 17, made.rowCount - 1]) {
      const weights = new Uint32Array(made.rowCount).fill(1);
      weights[row] = 0;
      expect(without[row], metric).toBeCloseTo(made.over(weights), 10);
    }
  }
});

test('the same seed gives the same interval, another seed another, and what does not vary has no width', () => {
  const [first] = cases();
  const difference = differenceOf(first!.metric, first!.answers);
  const settings = { seed: 5, resamples: 500, confidence: 0.95, method: 'bca' as const };
  const once = bootstrapInterval(difference, settings);
  expect(bootstrapInterval(difference, settings)).toEqual(once);
  expect(bootstrapInterval(difference, { ...settings, seed: 6 })).not.toEqual(once);
  expect(once).toMatchObject({ method: 'bca', resamples: 500 });
  expect(once.low).toBeLessThan(once.value);
  expect(once.high).toBeGreaterThan(once.value);
  const same = bootstrapInterval(differenceOf('accuracy', [first!.answers[0], first!.answers[0]]), settings);
  expect(same).toMatchObject({ value: 0, low: 0, high: 0, method: 'percentile' });
});

test('resamples without a value are left out and counted', () => {
  const answers: Answers = {
    kind: 'classes',
    classCount: 2,
    labels: Uint32Array.from([0, 0, 0, 0, 1]),
    predictions: Uint32Array.from([0, 0, 0, 0, 1]),
    positive: 1,
    scores: Float64Array.from([0.1, 0.4, 0.2, 0.6, 0.5]),
    ofTrueClass: null,
  };
  const found = bootstrapInterval(ready('auc', answers), {
    seed: 1,
    resamples: 300,
    confidence: 0.9,
    method: 'percentile',
  });
  expect(found.value).toBe(0.75);
  expect(found.resamples).toBeGreaterThan(100);
  expect(found.resamples).toBeLessThan(300);
});
