import type { DriftColumn, DriftReport } from '../../contract/index.ts';
import { adjustedP } from '../statistics/index.ts';
import { shareText, withMissing, type ColumnEvidence, type SideCounts } from './column-evidence.ts';

/** Of data sets without drift, at most this share is told to have some. */
const falseAlarms = 0.05;
/** A shift of fewer rows than this, beyond what chance moves, is told and not called drift; what is medium and large is twice and four times that. */
const leastMoved = 0.02;
/** Where even a shift of this share could not be told, there is too little data for a verdict. */
const detectableAtMost = 0.3;

/** A column of both tables, with what its samples say or why they say nothing. */
export interface ComparedColumn {
  readonly name: string;
  readonly reference: SideCounts;
  readonly current: SideCounts;
  readonly found: ColumnEvidence | { readonly why: string };
}

export interface ComparedTables {
  readonly reference: { readonly path: string; readonly rowCount: number };
  readonly current: { readonly path: string; readonly rowCount: number };
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Judges all columns together. A column drifts when its probability, adjusted for how many are looked at, is at most 5 %, *and* more
 * rows moved, beyond what chance moves with so many rows and categories, than matter.
 */
export function driftReport(tables: ComparedTables, compared: readonly ComparedColumn[]): DriftReport {
  const tested = compared.flatMap(({ name, reference, current, found }) =>
    'why' in found ? [] : [{ name, reference, current, evidence: withMissing(found, reference, current) }],
  );
  const adjusted = dataSetP(tested.map(({ evidence }) => evidence.test.p));
  const judged = tested.map(({ name, reference, current, evidence }, at): DriftColumn => {
    const adjustedOne = adjusted[at] ?? 1;
    const beyond = beyondChance(evidence);
    const detectable = detectableShare(filled(reference), filled(current));
    const isTold = adjustedOne <= falseAlarms;
    const verdict =
      isTold && beyond >= leastMoved
        ? 'drift'
        : !isTold && detectable > detectableAtMost
          ? 'not-enough-data'
          : 'no-drift';
    return {
      name,
      kind: evidence.kind,
      reference,
      current,
      verdict,
      about:
        verdict === 'not-enough-data'
          ? `with ${filled(reference)} and ${filled(current)} values only a shift of ${shareText(detectable)} of the rows could be told`
          : evidence.about,
      test: {
        name: evidence.test.name,
        statistic: evidence.test.statistic,
        p: evidence.test.p,
        adjustedP: adjustedOne,
      },
      effect: {
        moved: evidence.moved,
        byChance: evidence.byChance,
        beyond,
        size: sizeOf(beyond),
        detectable,
      },
      distances: evidence.distances,
      bins: evidence.bins,
      histogram: evidence.histogram,
      peer: null,
    };
  });
  const skipped = compared.flatMap(({ name, reference, current, found }): DriftColumn[] =>
    'why' in found ? [notCompared(name, reference, current, found.why)] : [],
  );
  const columns = [...judged, ...skipped].toSorted(
    (a, b) => rank[a.verdict] - rank[b.verdict] || beyondOf(b) - beyondOf(a),
  );
  const drifted = columns.filter(({ verdict }) => verdict === 'drift');
  const isJudged = columns.some(({ verdict }) => verdict === 'no-drift');
  return {
    mode: { name: 'benchtop', version: null },
    verdict: drifted.length > 0 ? 'drift' : isJudged ? 'no-drift' : 'not-enough-data',
    about: aboutAll(columns, tested.length),
    reference: tables.reference,
    current: tables.current,
    added: [...tables.added],
    removed: [...tables.removed],
    columns,
  };
}

/**
 * Adjusted by Benjamini and Hochberg, and none below the least of them times their number (Bonferroni): whatever the columns have to do
 * with each other, of data sets without drift at most 5 % then have a column that falls. Where one column is beyond doubt this changes nothing.
 */
function dataSetP(values: readonly number[]): number[] {
  const least = Math.min(1, values.length * Math.min(1, ...values));
  return adjustedP(values).map((p) => Math.max(p, least));
}

/** A column that nothing is said of, with the reason. */
const notCompared = (name: string, reference: SideCounts, current: SideCounts, why: string): DriftColumn => ({
  name,
  kind: 'none',
  reference,
  current,
  verdict: filled(reference) === 0 || filled(current) === 0 ? 'not-enough-data' : 'not-compared',
  about: why,
  test: null,
  effect: null,
  distances: null,
  bins: null,
  histogram: null,
  peer: null,
});

const rank = { drift: 0, 'no-drift': 1, 'not-enough-data': 2, 'not-compared': 3 } as const;

const filled = ({ rowCount, missingCount }: SideCounts): number => rowCount - missingCount;
const beyondOf = ({ effect }: DriftColumn): number => effect?.beyond ?? -1;

/**
 * What moved less what chance moves, as the two sides of a right angle: a shift and the chance beside it add up by their squares. (Taken off
 * as it is, chance hides half of the shifts of 4 % that a test of 5,000 rows in 11 categories tells: bench/false-alarms.)
 */
const beyondChance = ({ moved, byChance }: { moved: number; byChance: number }): number =>
  Math.sqrt(Math.max(0, moved ** 2 - byChance ** 2));

const sizeOf = (beyond: number): NonNullable<DriftColumn['effect']>['size'] =>
  beyond >= 4 * leastMoved
    ? 'large'
    : beyond >= 2 * leastMoved
      ? 'medium'
      : beyond >= leastMoved
        ? 'small'
        : 'negligible';

/** The distance that Kolmogorov and Smirnov's test tells at 5 %: 1.358 √(1/n + 1/m); at most everything. */
const detectableShare = (n: number, m: number): number => Math.min(1, 1.358 * Math.sqrt(1 / n + 1 / m));

function aboutAll(columns: readonly DriftColumn[], testedCount: number): string {
  const drifted = columns.filter(({ verdict }) => verdict === 'drift');
  const [first] = drifted;
  const tooFew = columns.filter(({ verdict }) => verdict === 'not-enough-data').length;
  const few = tooFew === 0 ? '' : `; ${tooFew} ${tooFew === 1 ? 'has' : 'have'} not enough data`;
  if (testedCount === 0) return 'There is nothing to compare: no column has values on both sides.';
  if (first === undefined) return `No drift in ${testedCount} columns${few}.`;
  return `${drifted.length} of ${testedCount} columns drifted, most of all ${first.name}: ${first.about}${few}.`;
}
