import { expect, test } from 'vitest';
import { unknownLabel } from './classified-rows.ts';
import { estimatePerformance, type PerformanceSide } from './estimate-performance.ts';
import { joinLabels } from './late-labels.ts';
import { estimateCase, ownEstimate } from './testing/estimates.ts';

// What NannyML 0.13.1 said of these rows (testing/estimates.py, scikit-learn 1.8, NumPy 2): the third chunk of the current data.
const said = {
  'two classes': {
    made: estimateCase(2, 2, 700, 3),
    auc: [0.8361070730741564, 0.014714863201362446, 0.8707346447209956, 0.9128197541207511, true],
    accuracy: [0.7543115224865582, 0.03363034344160047, 0.8, 0.794786019536639, true],
    f1: [0.7637145736393374, 0.061967224180718934, 0.8113207547169812, 0.8118396562249054, true],
    precision: [0.7491573865920713, 0.046030448115296496, 0.8113207547169812, 0.742228468913712, false],
    recall: [0.7788487049751034, 0.04698036283869484, 0.8113207547169812, 0.729635870245888, false],
  },
  'three classes': {
    made: estimateCase(4, 3, 700, 2),
    auc: [0.7838401837168499, 0.012331851042509013, 0.8159624450696058, 0.8938317890567369, true],
    accuracy: [0.5673151198322329, 0.04244444147641594, 0.6, 0.6766640787131676, true],
    f1: [0.5642550916948834, 0.043761313679623416, 0.6015030441400304, 0.6671533167893423, true],
    precision: [0.5666147113967638, 0.04252223367834997, 0.6102564102564103, 0.6733483611956261, true],
    recall: [0.5658359281613128, 0.042401469893583434, 0.6137770897832817, 0.6751693666941284, true],
  },
} as const;

test.each(Object.entries(said))('estimates of %s are those that NannyML gave', (_, { made, ...expected }) => {
  const { chunks, metrics, verdict } = ownEstimate(made);
  expect(verdict).toBe('worse');
  expect(chunks.filter(({ side }) => side === 'current')).toHaveLength(7);
  for (const value of chunks[9]!.values) {
    const [estimated, error, realised, lower, isAlarm] = expected[value.metric];
    expect(value.estimated).toBeCloseTo(estimated, 12);
    expect(value.samplingError).toBeCloseTo(error, 12);
    expect(value.realised).toBeCloseTo(realised, 12);
    expect(value.low).toBeCloseTo(Math.max(0, estimated - 3 * error), 12);
    expect(metrics.find(({ metric }) => metric === value.metric)?.lowerThreshold).toBeCloseTo(lower, 12);
    expect(value.isAlarm).toBe(isAlarm);
  }
});

test('the latest label of an id counts, and what was known when it fell due is kept beside it', () => {
  const hour = 3_600_000;
  const joined = joinLabels(
    { name: 'live.csv', ids: ['a', 'b', 'c', null], predictedAt: Float64Array.of(0, 0, 0, 0) },
    {
      ids: ['b', 'a', 'a', 'x', 'c', 'a'],
      labels: ['1', '1', '0', '1', null, '1'],
      labelledAt: Float64Array.of(2 * hour, 30 * hour, hour, hour, hour, Number.NaN),
    },
    24 * hour,
  );
  expect(joined).toEqual({
    now: ['1', '1', null, null],
    whenDue: ['0', '1', null, null],
    unmatchedCount: 1,
    replacedCount: 2,
    knownUpTo: 30 * hour,
  });
  const inOrder = joinLabels(
    { name: 'live.csv', ids: ['a'], predictedAt: null },
    { ids: ['a', 'a'], labels: ['0', '1'], labelledAt: null },
    null,
  );
  expect(inOrder).toMatchObject({ now: ['1'], whenDue: ['1'], replacedCount: 1, knownUpTo: null });
  expect(() =>
    joinLabels(
      { name: 'live.csv', ids: ['a', 'b', 'a'], predictedAt: null },
      { ids: [], labels: [], labelledAt: null },
      null,
    ),
  ).toThrow('Two predictions of live.csv have the id "a".');
});

/** Forty answers a day, of which four in five are right; the labels of the current ones are known as said. */
function sides(labelOf: (row: number, label: number) => number) {
  const day = 86_400_000;
  const side = (labels: (row: number, label: number) => number): PerformanceSide => {
    const rows = Array.from({ length: 400 }, (_, at) => at);
    const isOne = (row: number) => row % 2 === 0;
    const truth = (row: number) => Number((row * row) % 11 === 1 ? !isOne(row) : isOne(row));
    return {
      places: Uint32Array.from(rows),
      predictedAt: Float64Array.from(rows, (row) => Math.floor(row / 40) * day),
      rows: {
        rowCount: 400,
        classCount: 2,
        scores: [Float64Array.from(rows, (row) => (isOne(row) ? 0.8 : 0.05) + (row % 7) / 1000)],
        predictions: Uint32Array.from(rows, (row) => Number(isOne(row))),
        labels: Uint32Array.from(rows, (row) => labels(row, truth(row))),
      },
    };
  };
  return { reference: side((_, label) => label), current: side(labelOf), day };
}

test('a chunk is judged by its labels once they are due, and says what they changed since', () => {
  const { reference, current, day } = sides((row, label) =>
    row >= 320 ? unknownLabel : row < 40 && row % 4 === 0 ? 1 - label : label,
  );
  const whenDue = sides((row, label) => (row >= 320 ? unknownLabel : label)).current.rows.labels;
  const found = estimatePerformance(reference, current, 40, {
    whenDue,
    maturityMs: 3 * day,
    knownUpTo: 9 * day,
  });
  const chunks = found.chunks.filter(({ side }) => side === 'current');
  expect(chunks.map(({ labels }) => [labels?.coverage, labels?.isMature, labels?.restatedCount])).toEqual([
    [1, true, 10],
    ...Array.from({ length: 6 }, () => [1, true, 0]),
    [1, false, 0],
    [0, false, 0],
    [0, false, 0],
  ]);
  const accuracyOf = (at: number) => chunks[at]?.values.find(({ metric }) => metric === 'accuracy');
  expect(accuracyOf(0)).toMatchObject({ isRealisedAlarm: true, isAlarm: false });
  expect(accuracyOf(0)?.before).toBeGreaterThan((accuracyOf(0)?.realised ?? 1) + 0.1);
  expect(accuracyOf(1)).toMatchObject({ before: null, isRealisedAlarm: false });
  expect(accuracyOf(8)).toMatchObject({ realised: null, before: null, isRealisedAlarm: false });
  expect(accuracyOf(8)?.estimated).toBeCloseTo(accuracyOf(1)?.realised ?? 0, 1);
  expect(found.verdict).toBe('worse');
  expect(found.about).toContain('1 of 10 chunks');
});

test('one row, one class and scores that tell everything are answered without a number that is none', () => {
  const few = (count: number, label: number): PerformanceSide => ({
    places: Uint32Array.from({ length: count }, (_, at) => at),
    predictedAt: null,
    rows: {
      rowCount: count,
      classCount: 2,
      scores: [new Float64Array(count).fill(1)],
      predictions: new Uint32Array(count).fill(1),
      labels: new Uint32Array(count).fill(label),
    },
  });
  const found = estimatePerformance(few(1, 1), few(3, unknownLabel), 1, null);
  expect(found).toMatchObject({ isCalibrated: [false], verdict: 'as-before' });
  expect(found.chunks[1]?.values[0]).toMatchObject({ metric: 'auc', estimated: null, isAlarm: false });
  expect(estimatePerformance(few(1, 1), few(0, 1), 1, null).verdict).toBe('not-enough-data');
});
