import { numberMetrics, type Answers, type QualityMetric } from '../../statistics/index.ts';
import { Unfit, type EvaluationTask, type HeldOutRows, type PredictedRows } from './evaluation-task.ts';
import { matchedRows, numbersAt, sameWord, wordsAt, type RowMap } from './matched-rows.ts';

export interface MatchedAnswers {
  readonly rowCount: number;
  readonly metric: QualityMetric;
  readonly positive: string | null;
  readonly candidate: Answers;
  readonly champion: Answers | null;
  /** For each held-out row that of the candidate's predictions. */
  readonly candidateRows: RowMap;
  /** By their codes; null for numbers. */
  readonly classes: readonly string[] | null;
  /** What names the held-out rows. */
  readonly ids: HeldOutRows['ids'];
}

const isNumberMetric = (metric: QualityMetric): boolean => numberMetrics.some((each) => each === metric);
/** More different labels than this, all of them numbers, are quantities and no classes. */
const classesAtMost = 20;

/** What both models said of the same rows, ready to be measured. @throws {Unfit} where that cannot be. */
export function answersOf(task: EvaluationTask): MatchedAnswers {
  const rows = matchedRows(task);
  const everyRow = Uint32Array.from({ length: rows.base.rowCount }, (_, row) => row);
  const labels = labelsOf(task, { ...rows, everyRow });
  const metric = task.metric ?? (areClasses(labels) ? 'accuracy' : 'rmse');
  if (rows.base.rowCount < 2) throw new Unfit('There are fewer than two held-out rows.');
  const sides = [
    { side: task.candidate, rows: rows.candidate },
    ...(task.champion === null || rows.champion === null
      ? []
      : [{ side: task.champion, rows: rows.champion }]),
  ];
  const read = isNumberMetric(metric)
    ? numberAnswers(labels, sides)
    : classAnswers(labels, sides, task.positive);
  const [candidate, champion] = read.answers;
  if (candidate === undefined) throw new Unfit('There are no predictions.');
  return {
    rowCount: rows.base.rowCount,
    metric,
    positive: read.positive,
    candidate,
    champion: champion ?? null,
    candidateRows: rows.candidate,
    classes: read.classes,
    ids: rows.base.ids,
  };
}

interface SideRows {
  readonly side: PredictedRows;
  readonly rows: RowMap;
}

/** What is true, told by the held-out rows or by a file of predictions; where several tell it they must agree. */
function labelsOf(
  { candidate, champion, heldOut }: EvaluationTask,
  rows: { candidate: RowMap; champion: RowMap | null; everyRow: RowMap },
): (string | null)[] {
  const told = [
    ...(heldOut === null || heldOut.labels === null
      ? []
      : [{ whose: 'the held-out data', words: wordsAt(heldOut.labels, rows.everyRow) }]),
    ...(candidate.labels === null
      ? []
      : [{ whose: candidate.whose, words: wordsAt(candidate.labels, rows.candidate) }]),
    ...(champion === null || champion.labels === null || rows.champion === null
      ? []
      : [{ whose: champion.whose, words: wordsAt(champion.labels, rows.champion) }]),
  ];
  const [first, ...others] = told;
  if (first === undefined)
    throw new Unfit(
      'Nobody tells what is true: neither the held-out data nor the predictions have a column with labels.',
    );
  for (const other of others) {
    const differing = other.words.filter((word, row) => !isSame(word, first.words[row] ?? null)).length;
    if (differing > 0)
      throw new Unfit(
        `In ${differing} rows ${other.whose} and ${first.whose} disagree about what is true: these are not the same rows.`,
      );
  }
  const empty = first.words.filter((word) => word === null).length;
  if (empty > 0) throw new Unfit(`${empty} of ${first.words.length} held-out rows have no label.`);
  return first.words;
}

/** Labels of a float32 and of a double are the same. */
function isSame(a: string | null, b: string | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  const [one, other] = [Number(a), Number(b)];
  return Math.abs(one - other) <= 1e-6 * Math.max(Math.abs(one), Math.abs(other));
}

function areClasses(labels: readonly (string | null)[]): boolean {
  const distinct = new Set(labels);
  if ([...distinct].some((label) => label === null || !Number.isFinite(Number(label)))) return true;
  return distinct.size <= classesAtMost && [...distinct].every((label) => Number.isInteger(Number(label)));
}

function numberAnswers(labelWords: readonly (string | null)[], sides: readonly SideRows[]) {
  const labels = Float64Array.from(labelWords, Number);
  const others = labels.filter(Number.isNaN).length;
  if (others > 0) throw new Unfit(`${others} labels are no numbers.`);
  return {
    positive: null,
    classes: null,
    answers: sides.map(({ side, rows }): Answers => {
      const predictions = numbersAt(side.predictions, rows);
      const none = predictions.filter(Number.isNaN).length;
      if (none > 0) throw new Unfit(`${none} predictions of ${side.whose} are empty or no numbers.`);
      return { kind: 'numbers', labels, predictions };
    }),
  };
}

function classAnswers(
  labelWords: readonly (string | null)[],
  sides: readonly SideRows[],
  wantedPositive: string | null,
) {
  const predicted = sides.map(({ side, rows }) => wordsAt(side.predictions, rows));
  for (const [at, words] of predicted.entries()) {
    const empty = words.filter((word) => word === null).length;
    if (empty > 0) throw new Unfit(`${empty} rows of ${sides[at]?.side.whose ?? ''} have no prediction.`);
  }
  const names = [...new Set([labelWords, ...predicted].flat())].filter((name) => name !== null);
  const classes = names.toSorted((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
  const codeOf = new Map(classes.map((name, code) => [name, code]));
  const codes = (words: readonly (string | null)[]) =>
    Uint32Array.from(words, (word) => codeOf.get(word ?? '') ?? 0);
  const positive = positiveOf(classes, wantedPositive);
  const labels = codes(labelWords);
  return {
    positive,
    classes,
    answers: sides.map(({ side, rows }, at): Answers => {
      const scores =
        side.scores === null ? null : Float64Array.from(rows, (row) => side.scores?.[row] ?? Number.NaN);
      if (scores?.some(Number.isNaN) === true)
        throw new Unfit(`Some scores of ${side.whose} are empty or no numbers.`);
      const positiveCode = positive === null ? null : (codeOf.get(positive) ?? null);
      return {
        kind: 'classes',
        classCount: classes.length,
        labels,
        predictions: codes(predicted[at] ?? []),
        positive: positiveCode,
        scores: positiveCode === null ? null : (scores ?? classScore(side, rows, positive ?? '')),
        ofTrueClass: ofTrueClass(side, rows, { labels, classes, scores, positiveCode }),
      };
    }),
  };
}

/** The class that is looked for among two: the one that was named, else the one that says yes, else the last. */
function positiveOf(classes: readonly string[], wanted: string | null): string | null {
  if (wanted !== null) {
    const name = sameWord(wanted);
    if (!classes.includes(name))
      throw new Unfit(
        `The positive class "${wanted}" is not among the classes: ${classes.slice(0, 10).join(', ')}.`,
      );
    return classes.length > 2 ? null : name;
  }
  if (classes.length > 2) return null;
  return classes.find((name) => /^(1|true|yes|y|positive|pos)$/i.test(name)) ?? classes.at(-1) ?? null;
}

const classScore = ({ classScores }: PredictedRows, rows: RowMap, name: string): Float64Array | null => {
  const own = classScores.find(({ className }) => sameWord(className) === name)?.values;
  return own === undefined ? null : Float64Array.from(rows, (row) => own[row] ?? Number.NaN);
};

function ofTrueClass(
  side: PredictedRows,
  rows: RowMap,
  {
    labels,
    classes,
    scores,
    positiveCode,
  }: {
    labels: Uint32Array;
    classes: readonly string[];
    scores: Float64Array | null;
    positiveCode: number | null;
  },
): Float64Array | null {
  if (scores !== null && positiveCode !== null && classes.length <= 2)
    return scores.every((score) => score >= 0 && score <= 1)
      ? scores.map((score, row) => (labels[row] === positiveCode ? score : 1 - score))
      : null;
  const columns = classes.map((name) => classScore(side, rows, name));
  if (columns.some((column) => column === null)) return null;
  return Float64Array.from(labels, (label, row) => columns[label]?.[row] ?? Number.NaN);
}
