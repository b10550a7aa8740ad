import { expect, test } from 'vitest';
import type { DriftColumn, DriftReport } from './drift.ts';
import { importanceCell, rankedForModel, type ModelImportance } from './model-importance.ts';

const column = (name: string, verdict: DriftColumn['verdict'], beyond: number): DriftColumn => ({
  name,
  kind: 'numbers',
  reference: { type: 'DOUBLE', rowCount: 100, missingCount: 0 },
  current: { type: 'DOUBLE', rowCount: 100, missingCount: 0 },
  verdict,
  about: '',
  test: null,
  effect: { moved: beyond, byChance: 0, beyond, size: 'large', detectable: 0.1 },
  distances: null,
  bins: null,
  histogram: null,
  peer: null,
});
const report = (columns: DriftColumn[]): DriftReport => ({
  mode: { name: 'benchtop', version: null },
  verdict: 'drift',
  about: 'So much drifted.',
  reference: { path: 'a.csv', rowCount: 100 },
  current: { path: 'b.csv', rowCount: 100 },
  added: [],
  removed: [],
  columns,
});
const importance = (columns: Record<string, number>): ModelImportance => ({
  model: 'late',
  version: 3,
  measure: 'probabilities',
  rowCount: 100,
  table: 'a.csv',
  runId: 'r',
  at: 0,
  columns: Object.entries(columns).map(([name, value]) => ({ name, importance: value })),
});

test('columns come by verdict, then by effect times importance; those that the model makes no use of come last', () => {
  const columns = [
    column('unused', 'drift', 0.9),
    column('shuffled to no effect', 'drift', 0.8),
    column('large', 'drift', 0.5),
    column('weighty', 'drift', 0.2),
    column('quiet', 'no-drift', 0.01),
  ];
  const ranked = rankedForModel(
    report(columns),
    importance({ quiet: 1, large: 0.1, weighty: 0.3, 'shuffled to no effect': 0 }),
  );
  expect(ranked.columns.map(({ name }) => name)).toEqual([
    'weighty',
    'large',
    'unused',
    'shuffled to no effect',
    'quiet',
  ]);
  expect(ranked.columns.map((each) => importanceCell(each.importance))).toEqual([
    '30.0 %',
    '10.0 %',
    'not used',
    'not used',
    '100.0 %',
  ]);
  expect(ranked.about).toBe('So much drifted. What matters most to late/3 is weighty.');
  expect(rankedForModel(report(columns.slice(0, 1)), importance({})).about).toContain(
    'late/3 makes no use of what drifted.',
  );
});
