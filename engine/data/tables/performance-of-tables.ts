import type { DuckDBConnection } from '@duckdb/node-api';
import { BenchtopError, type LateLabels, type PerformanceReport } from '../../../contract/index.ts';
import {
  estimatePerformance,
  joinLabels,
  type JoinedLabels,
  type PerformanceSide,
} from '../../performance/index.ts';
import { answersSide, classesOf } from './answers-side.ts';
import {
  classifierAnswers,
  namedColumns,
  tableOfFile,
  type ClassifierAnswers,
} from './classifier-answers.ts';
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
  const before = await classifierAnswers(tableOfFile(db, reference), asked.columns, null);
  const unlabelled = new BenchtopError({
    code: 'invalid-input',
    what: `No row of ${reference.name} has a probability, a prediction and a label.`,
    next: `Labels are read from the column "${asked.columns.label}".`,
  });
  if (before.labels === null || before.labels.every((label) => label === null)) throw unlabelled;
  const classes = classesOf(asked.columns, before.labels, reference.name);
  const ofReference = answersSide(before, classes, reference.name, before.labels, true);
  if (ofReference.rows.rowCount === 0) throw unlabelled;
  const now = await classifierAnswers(tableOfFile(db, current), asked.columns, asked.labels?.id ?? null);
  const late = asked.labels && lateLabels ? { asked: asked.labels, file: lateLabels } : null;
  const joined = late === null ? null : await joinedLabels(db, late, asked.columns.label, now, current);
  const ofCurrent = answersSide(now, classes, (late?.file ?? current).name, joined?.now ?? now.labels, false);
  const found = estimatePerformance(
    ofReference,
    ofCurrent,
    asked.chunkRows ?? Math.max(1, Math.floor(ofReference.rows.rowCount / chunksOfReference)),
    joined === null
      ? null
      : {
          whenDue: answersSide(now, classes, (late?.file ?? current).name, joined.whenDue, false).rows.labels,
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
    calibration: found.calibration,
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
    tableOfFile(db, file),
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
