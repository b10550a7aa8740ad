import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { PerformanceMetric } from '../../../contract/index.ts';
import { seededRandom } from '../../statistics/index.ts';
import {
  estimatePerformance,
  type PerformanceFindings,
  type PerformanceSide,
} from '../estimate-performance.ts';

/** Answers of a classifier; of two classes the scores of the second. Of several classes predictions and labels are their names. */
export interface Answers {
  readonly scores: readonly (readonly number[])[];
  readonly predictions: readonly (number | string)[];
  readonly labels: readonly (number | string)[];
}

export interface EstimateCase {
  readonly classes: readonly string[];
  readonly chunkRows: number;
  readonly reference: Answers;
  readonly current: Answers;
}

interface PeerValue {
  readonly value: number;
  readonly sampling_error: number;
  readonly realized: number;
  readonly lower_threshold: number;
  readonly upper_threshold: number;
  readonly alert: number;
}

export interface PeerEstimate {
  readonly classes: string[];
  /** Of a data set that NannyML brings along. */
  readonly rows: { readonly reference: Answers; readonly current: Answers } | null;
  readonly chunks: Record<string, PeerValue>[];
}

/** Asks NannyML about all of them in one process. */
export function peerEstimates(
  python: string,
  cases: readonly ((EstimateCase | { dataset: 'car-loan' | 'cards'; chunkRows: number }) & {
    isStable?: boolean;
  })[],
): PeerEstimate[] {
  const output = execFileSync(python, [join(import.meta.dirname, 'estimates.py')], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 512 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
  });
  return JSON.parse(output.replaceAll('NaN', 'null')) as PeerEstimate[];
}

/**
 * A classifier that is right as often as its scores say, but for a bend in them where `bend` is not 1; the current rows come from a harder
 * part of the inputs.
 */
export function estimateCase(seed: number, classCount: number, rows: number, bend: number): EstimateCase {
  const random = seededRandom(seed);
  const classes = Array.from({ length: classCount }, (_, at) => String.fromCharCode(97 + at));
  const side = (certainty: number): Answers => {
    const drawn = Array.from({ length: rows }, () => {
      const weights = classes.map(() => random.share() ** certainty);
      const all = weights.reduce((sum, weight) => sum + weight, 0);
      const shares = weights.map((weight) => weight / all);
      let left = random.share();
      const label = shares.findIndex((share) => (left -= share) < 0);
      const bent = shares.map((share) => share ** bend);
      const sum = bent.reduce((total, each) => total + each, 0);
      const scores = bent.map((each) => each / sum);
      return { label: Math.max(0, label), told: scores.indexOf(Math.max(...scores)), scores };
    });
    const isOfTwo = classCount === 2;
    const named = (at: number) => (isOfTwo ? at : (classes[at] ?? ''));
    return {
      scores: isOfTwo
        ? [drawn.map(({ scores }) => scores[1] ?? 0)]
        : classes.map((_, at) => drawn.map(({ scores }) => scores[at] ?? 0)),
      predictions: drawn.map(({ told }) => named(told)),
      labels: drawn.map(({ label }) => named(label)),
    };
  };
  return { classes, chunkRows: Math.ceil(rows / 7), reference: side(4), current: side(1.5) };
}

export function ownEstimate({ classes, chunkRows, reference, current }: EstimateCase): PerformanceFindings {
  const side = ({ scores, predictions, labels }: Answers): PerformanceSide => {
    const placesOf = (values: readonly (number | string)[]) =>
      Uint32Array.from(values, (value) => (typeof value === 'number' ? value : classes.indexOf(value)));
    return {
      places: Uint32Array.from(labels.keys()),
      predictedAt: null,
      rows: {
        rowCount: labels.length,
        classCount: classes.length,
        scores: scores.map((each) => Float64Array.from(each)),
        predictions: placesOf(predictions),
        labels: placesOf(labels),
      },
    };
  };
  return estimatePerformance(side(reference), side(current), chunkRows, null);
}

const peerName: Record<PerformanceMetric, string> = {
  auc: 'roc_auc',
  accuracy: 'accuracy',
  f1: 'f1',
  precision: 'precision',
  recall: 'recall',
};

/** By how much each kind of figure differs at most, and which alarms differ. */
export function furthest(own: PerformanceFindings, peer: PeerEstimate): Record<string, number> {
  const found: Record<string, number> = { alarms: 0 };
  const far = (name: string, a: number | null, b: number | null) => {
    const off = a === null || b === null ? (a === b ? 0 : Infinity) : Math.abs(a - b);
    found[name] = Math.max(found[name] ?? 0, off);
  };
  if (own.chunks.length !== peer.chunks.length) return { chunks: Infinity };
  for (const [at, { values }] of own.chunks.entries())
    for (const value of values) {
      const theirs = peer.chunks[at]?.[peerName[value.metric]];
      if (theirs === undefined) continue;
      far('estimated', value.estimated, theirs.value);
      far(value.metric === 'auc' ? 'error of auc' : 'error', value.samplingError, theirs.sampling_error);
      far('realised', value.realised, theirs.realized);
      const bounds = own.metrics.find(({ metric }) => metric === value.metric);
      far('thresholds', bounds?.lowerThreshold ?? null, theirs.lower_threshold);
      far('thresholds', bounds?.upperThreshold ?? null, theirs.upper_threshold);
      if (value.isAlarm !== (theirs.alert === 1)) found['alarms'] = (found['alarms'] ?? 0) + 1;
    }
  return found;
}
