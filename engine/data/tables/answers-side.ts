import { BenchtopError, type PerformanceColumns } from '../../../contract/index.ts';
import { unknownLabel, type PerformanceSide } from '../../performance/index.ts';
import type { ClassifierAnswers } from './classifier-answers.ts';

/** The classes in order; of two the one that is looked for comes last. */
export function classesOf(
  { probabilities, positive }: Pick<PerformanceColumns, 'probabilities' | 'positive'>,
  labels: readonly (string | null)[],
  table: string,
): string[] {
  if (typeof probabilities !== 'string') return Object.keys(probabilities).toSorted();
  const found = [...new Set(labels)].filter((each) => each !== null).toSorted();
  const looked = positive ?? found.find((each) => each === '1' || each === 'true');
  const others = found.filter((each) => each !== looked);
  if (looked === undefined || others.length > 1)
    throw new BenchtopError({
      code: 'invalid-input',
      what:
        found.length > 2
          ? `The labels of ${table} are of ${found.length} classes, and there is one column of probabilities.`
          : `Nobody says which class of ${table} the probabilities are of.`,
      evidence: `Its labels are ${found.slice(0, 10).join(', ')}.`,
      next: 'Of two classes name the one that is looked for; of several give a column for each.',
    });
  return [others[0] ?? `not ${looked}`, looked];
}

/** The rows that count, their words as classes. @param labels of every row of the table; null where nobody knows them */
export function answersSide(
  answers: ClassifierAnswers,
  classes: readonly string[],
  labelTable: string,
  labels: readonly (string | null)[] | null,
  isLabelNeeded: boolean,
): PerformanceSide {
  const placeOf = new Map(classes.map((name, at) => [name, at]));
  const classOf = (word: string | null, what: string): number => {
    if (word === null) return unknownLabel;
    const place = placeOf.get(word);
    if (place === undefined)
      throw new BenchtopError({
        code: 'invalid-input',
        what: `There is a ${what} "${word}" in ${labelTable}, which is none of the classes.`,
        evidence: `The classes are ${classes.join(', ')}.`,
      });
    return place;
  };
  const { predictions, scores } = answers;
  const places = Uint32Array.from({ length: answers.rowCount }, (_, row) => row).filter(
    (row) =>
      (predictions === null || predictions[row] !== null) &&
      scores.every((each) => !Number.isNaN(each[row])) &&
      (!isLabelNeeded || (labels?.[row] ?? null) !== null),
  );
  const ofPlaces = (values: Float64Array) => Float64Array.from(places, (row) => values[row] ?? Number.NaN);
  return {
    places,
    predictedAt: answers.predictedAt === null ? null : ofPlaces(answers.predictedAt),
    rows: {
      rowCount: places.length,
      classCount: classes.length,
      scores: scores.map(ofPlaces),
      predictions: Uint32Array.from(places, (row) =>
        predictions === null ? likeliest(scores, row) : classOf(predictions[row] ?? null, 'prediction'),
      ),
      labels: Uint32Array.from(places, (row) => classOf(labels?.[row] ?? null, 'label')),
    },
  };
}

/** Of two classes the one that is looked for from 0.5 on, of several that of the highest score. */
function likeliest(scores: readonly Float64Array[], row: number): number {
  if (scores.length === 1) return Number((scores[0]?.[row] ?? 0) >= 0.5);
  return scores.reduce((best, each, at) => ((each[row] ?? 0) > (scores[best]?.[row] ?? 0) ? at : best), 0);
}
