import { BenchtopError } from '../../contract/index.ts';

/** Predictions as labels find them: each with its id, and when it was made. */
interface Predicted {
  /** Of their table. */
  readonly name: string;
  readonly ids: readonly (string | null)[];
  /** Milliseconds; NaN where it is not known; null where no prediction says so. */
  readonly predictedAt: Float64Array | null;
}

/** Labels in a table of their own. */
interface Labelled {
  readonly ids: readonly (string | null)[];
  readonly labels: readonly (string | null)[];
  readonly labelledAt: Float64Array | null;
}

/** The labels of predictions, in the order of these. */
export interface JoinedLabels {
  /** What is known now. */
  readonly now: (string | null)[];
  /** What was known when a label fell due; the same as `now` where nobody says when labels came. */
  readonly whenDue: (string | null)[];
  readonly unmatchedCount: number;
  readonly replacedCount: number;
  /** The latest time that a label was known at. */
  readonly knownUpTo: number | null;
}

/**
 * Joins labels to predictions by id. Of several labels of one id the latest counts, or the last row where no times are told. A label is
 * due so long after its prediction: what was known then is told beside what is known now.
 * @throws {BenchtopError} `invalid-input` for an id that two predictions have.
 */
export function joinLabels(
  predictions: Predicted,
  labels: Labelled,
  maturityMs: number | null,
): JoinedLabels {
  const rowOf = new Map<string, number>();
  for (const [row, id] of predictions.ids.entries()) {
    if (id === null) continue;
    if (rowOf.has(id))
      throw new BenchtopError({
        code: 'invalid-input',
        what: `Two predictions of ${predictions.name} have the id "${id}".`,
        evidence: `rows ${(rowOf.get(id) ?? 0) + 1} and ${row + 1}`,
        next: 'Labels are joined by an id that each prediction has of its own.',
      });
    rowOf.set(id, row);
  }
  const { predictedAt } = predictions;
  const { labelledAt } = labels;
  const now = Array<string | null>(predictions.ids.length).fill(null);
  const whenDue = [...now];
  let unmatchedCount = 0;
  let replacedCount = 0;
  for (const at of inOrder(labels)) {
    const [id, label] = [labels.ids[at] ?? null, labels.labels[at] ?? null];
    if (id === null || label === null) continue;
    const row = rowOf.get(id);
    if (row === undefined) {
      unmatchedCount++;
      continue;
    }
    if (now[row] !== null) replacedCount++;
    now[row] = label;
    const delay = (labelledAt?.[at] ?? Number.NaN) - (predictedAt?.[row] ?? Number.NaN);
    if (maturityMs === null || Number.isNaN(delay) || delay <= maturityMs) whenDue[row] = label;
  }
  const known = labelledAt?.reduce((most, time) => (time > most ? time : most), -Infinity) ?? -Infinity;
  return { now, whenDue, unmatchedCount, replacedCount, knownUpTo: known === -Infinity ? null : known };
}

/** The rows of labels as they came to be known. */
function inOrder({ ids, labelledAt }: Labelled): Iterable<number> {
  if (labelledAt === null) return ids.keys();
  // A label without a time is older than any with one.
  const time = (at: number) => (Number.isNaN(labelledAt[at]) ? -Infinity : (labelledAt[at] ?? -Infinity));
  return [...ids.keys()].sort((a, b) => (time(a) === time(b) ? a - b : time(a) - time(b)));
}
