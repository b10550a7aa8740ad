import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** One set of rows, with what was drawn of it, for the peer's metrics and intervals. */
export interface PeerCase {
  readonly metric: string;
  readonly labels: readonly number[];
  /** Two sides: predicted classes or numbers, and the scores of class 1. */
  readonly predictions: readonly (readonly number[])[];
  readonly scores: readonly (readonly number[])[];
  readonly positive: number | null;
  /** Of the difference of the two, in any order; none where no interval is asked for. */
  readonly distribution: readonly number[];
}

export interface PeerAnswer {
  readonly values: readonly number[];
  readonly intervals: Readonly<
    Record<'bca' | 'percentile', { readonly low: number; readonly high: number }>
  > | null;
}

/** Asks scikit-learn for the metrics, and SciPy for the intervals of their difference by the same draws. */
export function askPeer(python: string, cases: readonly PeerCase[]): PeerAnswer[] {
  const output = execFileSync(python, [join(import.meta.dirname, 'peer.py')], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, PYTHONWARNINGS: 'ignore' },
  });
  return JSON.parse(output) as PeerAnswer[];
}
