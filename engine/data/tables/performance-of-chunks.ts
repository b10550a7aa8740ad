import type { DuckDBConnection } from '@duckdb/node-api';
import {
  BenchtopError,
  errorShapeOf,
  probabilityColumnsOf,
  type ChunkPerformance,
  type ErrorShape,
  type PerformanceColumns,
} from '../../../contract/index.ts';
import { chunkPerformances, type JoinedLabels } from '../../performance/index.ts';
import { answersSide, classesOf } from './answers-side.ts';
import { classifierAnswers, type NamedTable } from './classifier-answers.ts';
import { labelsOfChunks } from './labels-of-chunks.ts';
import type { LoadedTable } from './load-table.ts';
import { columnsOf } from './table-columns.ts';
import type { AnswerColumns } from './table-question.ts';

/**
 * What a classifier's answers in single chunks are worth, held against those of a reference whose labels are known.
 * @returns what tells it of a chunk: null where it lacks a column of answers, an error where they hold something else
 * @throws {BenchtopError} `invalid-input` where the reference has no labelled answers.
 */
export async function performanceOfChunks(
  db: DuckDBConnection,
  reference: LoadedTable,
  name: string,
  asked: AnswerColumns,
): Promise<(chunk: LoadedTable, name: string) => Promise<ChunkPerformance | ErrorShape | null>> {
  const columns: PerformanceColumns = { ...asked, predictedAt: null };
  const { labels: late, labelFiles } = asked;
  const before = await classifierAnswers(openTableOf(db, reference, name), columns, null);
  const unlabelled = new BenchtopError({
    code: 'invalid-input',
    what: `No row of the reference ${name} has a probability, a prediction and a label.`,
    next: `Labels are read from the column "${asked.label}".`,
  });
  if (before.labels === null || before.labels.every((label) => label === null)) throw unlabelled;
  const classes = classesOf(columns, before.labels, name);
  const { rows } = answersSide(before, classes, name, before.labels, true);
  if (rows.rowCount === 0) throw unlabelled;
  const performanceOf = chunkPerformances(rows);
  const join = late === null ? null : await labelsOfChunks(db, late, asked.label, labelFiles);
  const needed = [
    ...probabilityColumnsOf(columns),
    ...(columns.prediction === null ? [] : [columns.prediction]),
  ];
  return async (chunk, chunkName) => {
    if (!needed.every((each) => chunk.columns.some((column) => column.name === each))) return null;
    try {
      const table = openTableOf(db, chunk, chunkName);
      const answers = await classifierAnswers(table, late === null ? columns : asked, late?.id ?? null);
      if (late === null || join === null)
        return performanceOf(answersSide(answers, classes, chunkName, answers.labels, false).rows, null);
      const joined = join(answers, chunkName);
      const sideWith = (labels: JoinedLabels['now']) =>
        answersSide(answers, classes, late.path, labels, false);
      const { rows: now, predictedAt } = sideWith(joined.now);
      return performanceOf(now, {
        whenDue: sideWith(joined.whenDue).rows.labels,
        predictedAt,
        maturityMs: late.maturityMs,
        knownUpTo: joined.knownUpTo,
      });
    } catch (error) {
      if (!(error instanceof BenchtopError)) throw error;
      return errorShapeOf(error);
    }
  };
}

const openTableOf = (db: DuckDBConnection, { from, columns }: LoadedTable, name: string): NamedTable => ({
  name,
  read: (wanted) =>
    columnsOf(db, { from, columns: columns.map((each) => ({ name: each.name, cell: each.typed })) }, wanted),
});
