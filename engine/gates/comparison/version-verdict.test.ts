import { expect, test } from 'vitest';
import type {
  CheckResult,
  Estimate,
  Evaluation,
  GateReport,
  SliceResult,
  VersionVerdict,
} from '../../../contract/index.ts';
import { staleEvidence, type PresentEvidence } from './stale-evidence.ts';
import { versionVerdict, type VerdictGrounds } from './version-verdict.ts';

const estimate = (value: number, low: number, high: number): Estimate => ({ value, low, high });

const check = (over: Partial<CheckResult>): CheckResult => ({
  check: 'card',
  level: 'warn',
  state: 'passed',
  what: 'So it is.',
  evidence: [],
  next: null,
  skip: null,
  elapsedMs: 1,
  ...over,
});

const slice = (value: string, gain: Estimate | null): SliceResult => ({
  column: 'carrier',
  value,
  rowCount: 200,
  candidate: estimate(0.8, 0.7, 0.9),
  champion: estimate(0.8, 0.7, 0.9),
  gain,
});

const evaluation = (gain: Estimate | null, over: Partial<Evaluation> = {}): Evaluation => ({
  metric: 'auc',
  metrics: [
    {
      name: 'auc',
      isLowerBetter: false,
      candidate: estimate(0.9, 0.88, 0.92),
      champion: gain === null ? null : estimate(0.87, 0.85, 0.89),
      gain: gain === null ? null : { ...gain, method: 'percentile', resamples: 2000 },
    },
  ],
  unavailable: [],
  slices: [],
  rowCount: 600,
  disagreementCount: gain === null ? null : 40,
  closer: null,
  positive: '1',
  dataVersion: null,
  candidate: { objectId: 'a', name: 'a.csv', madeBy: 'file', runId: null, at: 1 },
  champion: null,
  seed: 1,
  confidence: 0.95,
  method: 'percentile',
  ...over,
});

const report = (over: Partial<GateReport> = {}): GateReport => ({
  id: 'r',
  model: 'churn',
  version: 3,
  environment: 'production',
  startedAt: 100,
  endedAt: 200,
  checksFile: null,
  champion: 2,
  results: [check({})],
  evaluation: evaluation(estimate(0.03, 0.01, 0.05)),
  latency: null,
  blockers: [],
  ...over,
});

const verdict = (found: GateReport | null, over: Partial<VerdictGrounds> = {}): VersionVerdict =>
  versionVerdict({
    version: 3,
    environment: 'production',
    champion: 2,
    report: found,
    stale: [],
    latency: { candidate: null, champion: null },
    ...over,
  });

const better = estimate(0.03, 0.01, 0.05);
const chance = estimate(0.003, -0.01, 0.02);
const worse = estimate(-0.03, -0.05, -0.01);
const slow = {
  candidate: { p50Ms: 2, p95Ms: 6, rowCount: 200 },
  champion: { p50Ms: 2, p95Ms: 3, rowCount: 200 },
};

test.each<[VersionVerdict, VersionVerdict]>([
  [verdict(null), { kind: 'unknown', sentence: 'Version 3 was not judged for production yet.' }],
  [
    verdict(report(), { stale: [{ what: 'The checks have changed.', next: 'Judge it.', isBlocking: true }] }),
    { kind: 'unknown', sentence: 'What is known of version 3 is out of date: the checks have changed.' },
  ],
  [
    verdict(report(), { stale: [{ what: 'The held-out data have changed.', next: '', isBlocking: false }] }),
    {
      kind: 'better',
      sentence: 'Version 3 is better than version 2: auc +0.03 (+0.01 to +0.05) on 600 rows.',
    },
  ],
  [
    verdict(report({ blockers: ['tests', 'card', 'latency'] })),
    { kind: 'kept back', sentence: 'Version 3 is kept from production by tests, card and latency.' },
  ],
  [
    verdict(report({ champion: null, evaluation: evaluation(null) }), { champion: null }),
    {
      kind: 'first',
      sentence: 'Nothing blocks version 3, the first in production: auc 0.9 (0.88 to 0.92) on 600 rows.',
    },
  ],
  [
    verdict(report({ champion: null, evaluation: null }), { champion: null }),
    {
      kind: 'first',
      sentence:
        'Nothing blocks version 3, the first in production: nothing tells how it does on held-out rows.',
    },
  ],
  [
    verdict(report({ evaluation: null, results: [check({ state: 'could not judge' })] })),
    {
      kind: 'unknown',
      sentence:
        'Nothing blocks version 3, and nothing tells whether it is better than version 2; one check warns.',
    },
  ],
  [
    verdict(report({ evaluation: evaluation(chance, { disagreementCount: 0 }) })),
    { kind: 'alike', sentence: 'Version 3 says the same as version 2 of all 600 rows.' },
  ],
  [
    verdict(report({ evaluation: evaluation(better, { slices: [slice('LH', chance), slice('AF', null)] }) })),
    {
      kind: 'better',
      sentence:
        'Version 3 is better than version 2: auc +0.03 (+0.01 to +0.05) on 600 rows, on no part of them surely worse.',
    },
  ],
  [
    verdict(
      report({
        evaluation: evaluation(better, {
          slices: [slice('LH', worse), slice('', worse), slice('AF', worse)],
        }),
      }),
    ),
    {
      kind: 'mixed',
      sentence:
        'Version 3 is better than version 2: auc +0.03 (+0.01 to +0.05) on 600 rows, but worse where carrier is LH and carrier is empty and on 1 more parts.',
    },
  ],
  [
    verdict(report(), { latency: slow }),
    {
      kind: 'mixed',
      sentence:
        'Version 3 is better than version 2: auc +0.03 (+0.01 to +0.05) on 600 rows; it takes 2 times as long for a row.',
    },
  ],
  [
    verdict(report({ evaluation: evaluation(chance) })),
    {
      kind: 'alike',
      sentence: 'Version 3 and version 2 cannot be told apart: auc +0.003 (−0.01 to +0.02) on 600 rows.',
    },
  ],
  [
    verdict(report({ evaluation: evaluation(chance, { slices: [slice('LH', worse)] }) })),
    {
      kind: 'mixed',
      sentence:
        'Version 3 and version 2 cannot be told apart: auc +0.003 (−0.01 to +0.02) on 600 rows, but worse where carrier is LH.',
    },
  ],
  [
    verdict(
      report({
        evaluation: evaluation(worse),
        results: [check({ state: 'warning' }), check({ state: 'warning' })],
      }),
    ),
    {
      kind: 'worse',
      sentence: 'Version 3 is worse than version 2: auc −0.03 (−0.05 to −0.01) on 600 rows; 2 checks warn.',
    },
  ],
])('%o', (found, expected) => {
  expect(found).toEqual(expected);
});

test('a report is out of date by another champion, other checks, other data or newer predictions', () => {
  const now: PresentEvidence = {
    model: 'churn',
    version: 3,
    environment: 'production',
    champion: 2,
    checksSha256: null,
    dataVersion: null,
    givenAt: { candidate: 50, champion: null },
  };
  const stale = (over: Partial<PresentEvidence>, of: GateReport | null = report()) =>
    staleEvidence(of, { ...now, ...over }).map(({ what, isBlocking }) => [what, isBlocking]);
  expect(stale({})).toEqual([]);
  expect(stale({}, null)).toEqual([['Version 3 of churn was not judged for production.', true]]);
  expect(stale({ champion: null })).toEqual([
    ['Version 3 of churn was held against version 2, and now nobody is in production.', true],
  ]);
  expect(stale({ checksSha256: 'ab' })).toEqual([
    ['The checks have changed since version 3 of churn was judged.', true],
  ]);
  expect(stale({ givenAt: { candidate: 150, champion: null } })).toEqual([
    ['Other predictions of the candidate were given since it was judged.', false],
  ]);
  const onData = report({ evaluation: evaluation(better, { dataVersion: 'd1' }) });
  expect(stale({ dataVersion: 'd1' }, onData)).toEqual([]);
  expect(stale({ dataVersion: 'd2' }, onData)).toEqual([
    ['The held-out data have changed since it was judged.', false],
  ]);
  const unjudged = report({
    evaluation: null,
    results: [
      check({ check: 'beats_champion', state: 'could not judge', what: 'No rows.', next: 'Give some.' }),
    ],
  });
  expect(staleEvidence(unjudged, now)).toEqual([{ what: 'No rows.', next: 'Give some.', isBlocking: false }]);
});
