import { expect, test } from 'vitest';
import { pythonEnvironment } from '../fixture-python.ts';
import { adjustedP } from './adjusted-p.ts';
import { seededRandom } from './seeded-random.ts';
import { differences, ownAnswer, pairCases, peerAnswers } from './testing/two-samples.ts';
import { compareSorted } from './two-sample/compare-sorted.ts';
import { sortNumbers } from './two-sample/sort-numbers.ts';
import { summarisePair } from './two-sample/summarise-pair.ts';

const environment = pythonEnvironment();
if ('reason' in environment) console.log(`SciPy is not compared with: ${environment.reason}`);

test.skipIf('reason' in environment)('tests and distances of two samples are those of SciPy', () => {
  if ('reason' in environment) return;
  // Some pairs of more than 10,000 values, of which the first is one, and all the small kinds; the long form has 12,000.
  const cases = pairCases(120, 1);
  const theirs = peerAnswers(environment.python, cases);
  const found = cases.flatMap((made, at) =>
    differences(ownAnswer(made), theirs[at]!, made).map((text) => `${at}: ${text}`),
  );
  expect(found).toEqual([]);
});

test('a difference of the smallest kind would be told', () => {
  const pair = {
    numbers: [
      [1, 2, 3, 4, 5, 6, 7, 8],
      [5, 6, 7, 8, 9, 10, 11, 12],
    ] as [number[], number[]],
  };
  const own = ownAnswer(pair);
  const [statistic, p] = own['ks'] as readonly [number, number];
  expect(differences(own, { ...own, ks: [statistic * (1 + 1e-11), p] }, pair)).toHaveLength(1);
  expect(differences(own, { ...own, ks: [statistic, p * (1 + 1e-8)] }, pair)).toHaveLength(1);
  expect(differences(own, own, pair)).toEqual([]);
});

test('numbers are sorted as by comparing them, whatever their sign, size and number', () => {
  const random = seededRandom(3);
  for (const [count, draw] of [
    [20_000, () => (random.share() - 0.5) * 10 ** (random.index(600) - 300)],
    [20_000, () => random.index(1000) - 300],
    [20_000, () => [-Infinity, Infinity, 0, -0, 5e-324, -5e-324][random.index(6)] ?? 0],
    [4096, () => 7],
    [10, () => random.share()],
    [0, () => 0],
  ] as const) {
    const values = Float64Array.from({ length: count }, draw);
    const expected = values.toSorted();
    sortNumbers(values, new Float64Array(count + 5));
    expect(values.every((value, at) => Object.is(value, expected[at]))).toBe(true);
  }
});

test('a pair is summed up without sorting it as by sorting it, whatever its values', () => {
  const random = seededRandom(9);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.share())) * Math.cos(2 * Math.PI * random.share());
  for (const draw of [
    (shift: number) => normal() + shift,
    (shift: number) => Math.exp(6 * normal() + shift),
    (shift: number) => random.index(1000) + Math.round(30 * shift),
    (shift: number) => 1.6e15 + 1e6 * (normal() + shift),
    (shift: number) => (random.share() < 0.6 ? 0 : normal() + shift),
    () => 3,
    () => normal() * 4e307,
    (shift: number) => [Infinity, -Infinity, normal() + shift][Math.min(2, random.index(50))] ?? 0,
  ])
    for (const shift of [0, 0.5]) {
      const reference = Float64Array.from({ length: 30_000 }, () => draw(0));
      const current = Float64Array.from({ length: 25_000 }, () => draw(shift));
      const summary = summarisePair({ reference, current });
      const [a, b] = [reference.toSorted(), current.toSorted()];
      const sorted = compareSorted({ reference: a, current: b });
      expect(summary.distance).toBe(sorted.distance);
      if (Number.isNaN(sorted.wasserstein)) expect(summary.wasserstein).toBeNaN();
      else
        expect(Math.abs(summary.wasserstein - sorted.wasserstein)).toBeLessThanOrEqual(
          sorted.wasserstein * 1e-12,
        );
      expect(summary.median).toEqual({ reference: a[15_000], current: b[12_500] });
      const upTo = (values: Float64Array, value: number) => values.filter((each) => each <= value).length;
      if (!Number.isNaN(summary.at))
        expect(summary.upTo).toEqual({
          reference: upTo(a, summary.at) / 30_000,
          current: upTo(b, summary.at) / 25_000,
        });
      const deciles = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((part) => a[3000 * part - 1]);
      expect([...summary.deciles]).toEqual([...new Set(deciles)].filter((value) => value !== a.at(-1)));
      let counted = 0;
      for (const [at, value] of summary.deciles.entries())
        expect((counted += summary.counts.current[at] ?? 0)).toBe(upTo(b, value));
      // One that comes in ascending order, as what is kept does, is cut; all but the last digits of the area are the same.
      const cut = summarisePair({ reference: a, current });
      expect(cut.upTo).toEqual(summary.upTo);
      expect(cut.at).toBe(summary.at);
      expect(cut.distance).toBe(summary.distance);
      expect([...cut.deciles]).toEqual([...summary.deciles]);
      expect(cut.counts).toEqual(summary.counts);
      expect(cut.median).toEqual(summary.median);
      if (!Number.isNaN(summary.wasserstein))
        expect(Math.abs(cut.wasserstein - summary.wasserstein)).toBeLessThanOrEqual(
          summary.wasserstein * 1e-12,
        );
    }
});

test('where two distributions are furthest apart is told, and which of them is larger', () => {
  const of = (...values: number[]) => Float64Array.from(values);
  expect(compareSorted({ reference: of(1, 2, 3, 4), current: of(3, 4, 5, 6) })).toMatchObject({
    distance: 0.5,
    at: 2,
    isLarger: true,
    wasserstein: 2,
  });
  expect(compareSorted({ reference: of(5), current: of(1, 9) })).toMatchObject({
    distance: 0.5,
    wasserstein: 4,
  });
});

test('adjusted probabilities are those of R (p.adjust, method BH), in the order given', () => {
  expect(adjustedP([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(10)))).toEqual([
    0.02, 0.04, 0.04, 0.02,
  ]);
  expect(adjustedP([])).toEqual([]);
  expect(adjustedP([0.9, 0.8])).toEqual([0.9, 0.9]);
});
