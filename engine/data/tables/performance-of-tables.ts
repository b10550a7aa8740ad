import type { DuckDBConnection } from '@duckdb/node-api';
import {
  BenchtopError,
  type LateLabels,
  type PerformanceColumns,
  type PerformanceReport,
} from '../../../contract/index.ts';
import {
  estimatePerformance,
  joinLabels,
  unknownLabel,
  type JoinedLabels,
  type PerformanceSide,
} from '../../performance/index.ts';
import { classifierAnswers, namedColumns, type ClassifierAnswers } from './classifier-answers.ts';
import type { NamedFile, PerformanceOfTables } from './table-question.ts';

/** Parts that a reference is cut into where nobody says how many rows a chunk has. */
const chunksOfReference = 10;

/**
 * What a classifier's answers are worth (`engine/performance`), read from tables. Rows without a probability or a prediction do not
 * count; of the reference neither do rows without a label.
 * @throws {BenchtopError} `invalid-input` naming the file, and the column or the value that does not fit.
 */
export async function performanceOfTables(
  db: DuckDBConnection,
  { reference, current, lateLabels, asked }: PerformanceOfTables,
): Promise<PerformanceReport> {
  const before = await classifierAnswers(db, reference, asked.columns, null);
  const unlabelled = new BenchtopError({
    code: 'invalid-input',
    what: `No row of ${reference.name} has a probability, a prediction and a label.`,
    next: `Labels are read from the column "${asked.columns.label}".`,
  });
  if (before.labels === null || before.labels.every((label) => label === null)) throw unlabelled;
  const classes = classesOf(asked.columns, before.labels, reference);
  const ofReference = sideOf(before, classes, reference, before.labels, true);
  if (ofReference.rows.rowCount === 0) throw unlabelled;
  const now = await classifierAnswers(db, current, asked.columns, asked.labels?.id ?? null);
  const late = asked.labels && lateLabels ? { asked: asked.labels, file: lateLabels } : null;
  const joined = late === null ? null : await joinedLabels(db, late, asked.columns.label, now, current);
  const ofCurrent = sideOf(now, classes, late?.file ?? current, joined?.now ?? now.labels, false);
  const found = estimatePerformance(
    ofReference,
    ofCurrent,
    asked.chunkRows ?? Math.max(1, Math.floor(ofReference.rows.rowCount / chunksOfReference)),
    joined === null
      ? null
      : {
          whenDue: sideOf(now, classes, late?.file ?? current, joined.whenDue, false).rows.labels,
          maturityMs: late?.asked.maturityMs ?? null,
          knownUpTo: joined.knownUpTo,
        },
  );
  const isOfTwo = typeof asked.columns.probabilities === 'string';
  const sideTold = (file: NamedFile, { rowCount }: ClassifierAnswers, { rows }: PerformanceSide) => ({
    path: file.name,
    rowCount,
    leftOutCount: rowCount - rows.rowCount,
  });
  return {
    verdict: found.verdict,
    about: found.about,
    problem: isOfTwo ? 'two-classes' : 'several-classes',
    classes: classes.map((name, at) => ({
      name,
      isCalibrated: found.isCalibrated[isOfTwo ? 0 : at] ?? false,
    })),
    reference: sideTold(reference, before, ofReference),
    current: sideTold(current, now, ofCurrent),
    metrics: found.metrics,
    chunks: found.chunks,
    labels:
      joined === null || late === null
        ? null
        : {
            path: late.file.name,
            unmatchedCount: joined.unmatchedCount,
            replacedCount: joined.replacedCount,
            knownUpTo: joined.knownUpTo,
          },
  };
}

async function joinedLabels(
  db: DuckDBConnection,
  { asked, file }: { asked: LateLabels; file: NamedFile },
  label: string,
  answers: ClassifierAnswers,
  current: NamedFile,
): Promise<JoinedLabels> {
  const read = await namedColumns(
    db,
    file,
    [
      { name: asked.id, as: 'words' },
      { name: label, as: 'words' },
      ...(asked.labelledAt === null ? [] : [{ name: asked.labelledAt, as: 'times' as const }]),
    ],
    null,
  );
  return joinLabels(
    { ids: answers.ids ?? [], predictedAt: answers.predictedAt, name: current.name },
    {
      ids: read.words(asked.id),
      labels: read.words(label),
      labelledAt: asked.labelledAt === null ? null : read.numbers(asked.labelledAt),
    },
    asked.maturityMs,
  );
}

/** The classes in order; of two the one that is looked for comes last. */
function classesOf(
  { probabilities, positive }: PerformanceColumns,
  labels: readonly (string | null)[],
  file: NamedFile,
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
          ? `The labels of ${file.name} are of ${found.length} classes, and there is one column of probabilities.`
          : `Nobody says which class of ${file.name} the probabilities are of.`,
      evidence: `Its labels are ${found.slice(0, 10).join(', ')}.`,
      next: 'Of two classes name the one that is looked for; of several give a column for each.',
    });
  return [others[0] ?? `not ${looked}`, looked];
}

/** The rows that count, their words as classes. @param labels of every row of the table; null where nobody knows them */
function sideOf(
  answers: ClassifierAnswers,
  classes: readonly string[],
  labelFile: NamedFile,
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
        what: `There is a ${what} "${word}" in ${labelFile.name}, which is none of the classes.`,
        evidence: `The classes are ${classes.join(', ')}.`,
      });
    return place;
  };
  const places = Uint32Array.from(answers.predictions.keys()).filter(
    (row) =>
      answers.predictions[row] !== null &&
      answers.scores.every((each) => !Number.isNaN(each[row])) &&
      (!isLabelNeeded || (labels?.[row] ?? null) !== null),
  );
  const ofPlaces = (values: Float64Array) => Float64Array.from(places, (row) => values[row] ?? Number.NaN);
  return {
    places,
    predictedAt: answers.predictedAt === null ? null : ofPlaces(answers.predictedAt),
    rows: {
      rowCount: places.length,
      classCount: classes.length,
      scores: answers.scores.map(ofPlaces),
      predictions: Uint32Array.from(places, (row) => classOf(answers.predictions[row] ?? null, 'prediction')),
      labels: Uint32Array.from(places, (row) => classOf(labels?.[row] ?? null, 'label')),
    },
  };
}
