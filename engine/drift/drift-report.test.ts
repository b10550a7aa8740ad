import { expect, test } from 'vitest';
import { seededRandom } from '../statistics/index.ts';
import { driftReport, type ComparedColumn } from './drift-report.ts';
import { numberEvidence } from './number-evidence.ts';

const random = seededRandom(4);
const shares = (count: number, grain: number | null = null) =>
  Float64Array.from({ length: count }, () =>
    grain === null ? random.share() : Math.floor(random.share() * grain),
  );

test('numbers that hardly come twice are tested by the whole of both distributions, others and very many by one place', () => {
  const nameOf = (n: number, grain: number | null) =>
    numberEvidence({ reference: shares(n, grain), current: shares(n, grain) }, null).test.name;
  expect(nameOf(300, null)).toBe('anderson-darling');
  expect(nameOf(300, 2000)).toBe('anderson-darling');
  // Where values come again and again the limit of the first would tell too often.
  expect(nameOf(300, 20)).toBe('kolmogorov-smirnov');
  expect(nameOf(10_001, null)).toBe('kolmogorov-smirnov');
  const pair = { reference: shares(300), current: shares(300) };
  for (const asked of ['anderson-darling', 'kolmogorov-smirnov', 'cramer-von-mises'] as const)
    expect(numberEvidence(pair, asked).test.name).toBe(asked);
});

test('columns that say the same do not make drift of each other: the least probability has to hold for all of them', () => {
  const found = numberEvidence({ reference: shares(200), current: shares(200).map((x) => x + 0.3) }, null);
  const judged = (ps: readonly number[]) => {
    const columns = ps.map((p, at): ComparedColumn => ({
      name: String(at),
      reference: { type: 'DOUBLE', rowCount: 200, missingCount: 0 },
      current: { type: 'DOUBLE', rowCount: 200, missingCount: 0 },
      found: { ...found, test: { ...found.test, p } },
    }));
    const tables = { path: '', rowCount: 200 };
    const report = driftReport({ reference: tables, current: tables, added: [], removed: [] }, columns);
    return report.columns
      .toSorted((a, b) => Number(a.name) - Number(b.name))
      .map(({ verdict, test: told }) => [verdict, Number(told?.adjustedP.toFixed(10))]);
  };
  // By Benjamini and Hochberg alone all three would fall at 0.03.
  expect(judged([0.03, 0.03, 0.03])).toEqual([
    ['no-drift', 0.09],
    ['no-drift', 0.09],
    ['no-drift', 0.09],
  ]);
  // One beyond doubt, and the others are judged as Benjamini and Hochberg have it.
  expect(judged([0.001, 0.03, 0.03])).toEqual([
    ['drift', 0.003],
    ['drift', 0.03],
    ['drift', 0.03],
  ]);
});
