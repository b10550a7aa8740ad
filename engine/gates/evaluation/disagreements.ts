import type { Disagreement, Evaluation } from '../../../contract/index.ts';
import type { Answers } from '../../statistics/index.ts';
import type { MatchedAnswers } from './answers-of.ts';

/** Rows that are kept to be looked at. */
const keptAtMost = 500;

interface DisagreeingRow {
  readonly row: number;
  readonly difference: number;
}

/** Rows in which two models say something else, those farthest apart first; ties in the order of the rows. */
export function disagreeingRows(a: Answers, b: Answers): DisagreeingRow[] {
  const apart: DisagreeingRow[] = [];
  for (const [row, predicted] of a.predictions.entries()) {
    const other = b.predictions[row] ?? Number.NaN;
    if (predicted === other) continue;
    const difference =
      a.kind === 'numbers' || b.kind === 'numbers'
        ? Math.abs(predicted - other)
        : a.scores === null || b.scores === null
          ? 1
          : Math.abs((a.scores[row] ?? 0) - (b.scores[row] ?? 0));
    apart.push({ row, difference });
  }
  return apart.sort((one, next) => next.difference - one.difference || one.row - next.row);
}

/** Who is right in a row, or nearer to what is true; null for neither. */
function closerIn(candidate: Answers, champion: Answers, row: number): Disagreement['closer'] {
  const label = candidate.labels[row] ?? Number.NaN;
  const off = ({ kind, predictions }: Answers) => {
    const predicted = predictions[row] ?? Number.NaN;
    return kind === 'numbers' ? Math.abs(predicted - label) : Number(predicted !== label);
  };
  const [own, other] = [off(candidate), off(champion)];
  if (own === other) return null;
  return own < other ? 'candidate' : 'champion';
}

/** In how many rows each is right, or nearer. */
export function closerOf(
  candidate: Answers,
  champion: Answers,
  rows: readonly DisagreeingRow[],
): NonNullable<Evaluation['closer']> {
  const counts = { candidate: 0, champion: 0 };
  for (const { row } of rows) {
    const closer = closerIn(candidate, champion, row);
    if (closer !== null) counts[closer]++;
  }
  return counts;
}

/** The first of them as a person reads them. */
export function disagreementsOf(
  { candidate, classes, ids }: Pick<MatchedAnswers, 'candidate' | 'classes' | 'ids'>,
  champion: Answers,
  rows: readonly DisagreeingRow[],
): Omit<Disagreement, 'cells'>[] {
  const word = (values: Answers['labels'], row: number) => {
    const value = values[row] ?? Number.NaN;
    return classes === null ? String(value) : (classes[value] ?? '');
  };
  const scoreOf = (answers: Answers, row: number) =>
    answers.kind === 'classes' ? (answers.scores?.[row] ?? null) : null;
  return rows.slice(0, keptAtMost).map(({ row, difference }, at) => ({
    place: at + 1,
    row: row + 1,
    id: ids?.words[ids.codes[row] ?? -1] ?? null,
    label: word(candidate.labels, row),
    candidate: word(candidate.predictions, row),
    champion: word(champion.predictions, row),
    candidateScore: scoreOf(candidate, row),
    championScore: scoreOf(champion, row),
    difference,
    closer: closerIn(candidate, champion, row),
  }));
}
