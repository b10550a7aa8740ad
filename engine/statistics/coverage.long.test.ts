import { expect, test } from 'vitest';
import { bootstrapInterval } from './bootstrap-interval.ts';
import { isLowerBetter, qualityMetric, type Answers, type QualityMetric } from './metrics/quality-metric.ts';
import { pairedDifference } from './paired-difference.ts';
import { seededRandom, type SeededRandom } from './seeded-random.ts';

const rounds = 1000;

/** How often the interval of the difference holds the true one, which is 0: both sides err by the same law. */
function coverage(metric: QualityMetric, rowCount: number, method: 'bca' | 'percentile'): number {
  const random = seededRandom(rowCount);
  let held = 0;
  for (let round = 0; round < rounds; round++) {
    const [a, b] = twoAlike(metric, rowCount, random).map((answers) => {
      const made = qualityMetric(metric, answers);
      if ('why' in made) throw new Error(made.why);
      return made;
    });
    const { low, high } = bootstrapInterval(pairedDifference(a!, b!, isLowerBetter(metric)), {
      seed: round,
      resamples: 600,
      confidence: 0.95,
      method,
    });
    if (low <= 0 && high >= 0) held++;
  }
  return held / rounds;
}

/** What is hard about a row is so for both sides, which is what makes them a pair. */
function twoAlike(metric: QualityMetric, rowCount: number, random: SeededRandom): [Answers, Answers] {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.share())) * Math.cos(2 * Math.PI * random.share());
  const labels = Array.from({ length: rowCount }, () => random.index(2));
  const hardness = labels.map(normal);
  const side = (): Answers => {
    const own = labels.map((label, row) => (label - 0.5) * 1.5 + 0.7 * (hardness[row] ?? 0) + 0.7 * normal());
    if (metric === 'rmse' || metric === 'mae')
      return { kind: 'numbers', labels: Float64Array.from(labels), predictions: Float64Array.from(own) };
    const scores = Float64Array.from(own, (value) => 1 / (1 + Math.exp(-value)));
    return {
      kind: 'classes',
      classCount: 2,
      labels: Uint32Array.from(labels),
      predictions: Uint32Array.from(scores, (score) => Number(score > 0.5)),
      positive: 1,
      scores,
      ofTrueClass: scores.map((score, row) => (labels[row] === 1 ? score : 1 - score)),
    };
  };
  return [side(), side()];
}

test('the 95 % interval of a difference holds the true one about 95 times in a hundred', () => {
  for (const metric of ['accuracy', 'f1', 'auc', 'log_loss', 'rmse'] as const)
    for (const rowCount of [60, 300])
      for (const method of ['bca', 'percentile'] as const) {
        const share = coverage(metric, rowCount, method);
        console.log(`${metric}, ${rowCount} rows, ${method}: ${(share * 100).toFixed(1)} %`);
        // Three standard errors of a thousand rounds are 2 %, and few rows cost the bootstrap some more.
        expect(share).toBeGreaterThan(rowCount < 100 ? 0.91 : 0.925);
        expect(share).toBeLessThan(0.98);
      }
});
