import type { GateReport } from '../../../contract/index.ts';

const estimate = (value: number) => ({ value, low: value - 0.1, high: value + 0.1 });
const source = { objectId: '', name: '', madeBy: 'file', runId: null, at: 0 } as const;
/** For tests: what a gate may have found out about a version, against version 1. */
export const gateReportOf = (model: string, version: number): GateReport => ({
  id: 'a',
  model,
  version,
  environment: 'production',
  startedAt: 0,
  endedAt: Date.UTC(2026, 0, 2),
  checksFile: null,
  champion: 1,
  results: [],
  latency: { p50Ms: 0.5, p95Ms: 2, rowCount: 100 },
  blockers: [],
  evaluation: {
    metric: 'f1',
    metrics: [
      {
        name: 'f1',
        isLowerBetter: false,
        candidate: estimate(0.7),
        champion: estimate(0.6),
        gain: { ...estimate(0.1), method: 'bca', resamples: 100 },
      },
    ],
    unavailable: [],
    slices: [
      {
        column: 'region',
        value: 'north | south',
        rowCount: 40,
        candidate: estimate(0.5),
        champion: null,
        gain: null,
      },
      { column: 'region', value: 'west', rowCount: 2, candidate: null, champion: null, gain: null },
    ],
    rowCount: 120,
    disagreementCount: 3,
    closer: null,
    positive: null,
    dataVersion: 'd'.repeat(64),
    candidate: source,
    champion: source,
    seed: 1,
    confidence: 0.95,
    method: 'bca',
  },
});
