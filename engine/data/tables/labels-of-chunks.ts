import type { DuckDBConnection } from '@duckdb/node-api';
import type { LateLabels } from '../../../contract/index.ts';
import { joinLabels, type JoinedLabels } from '../../performance/index.ts';
import { namedColumns, tableOfFile, type ClassifierAnswers } from './classifier-answers.ts';
import type { NamedFile } from './table-question.ts';

/**
 * Labels that came later, read once from their tables, one below the other, and joined to the answers of one table after the other.
 * @returns what joins them; `knownUpTo` is that of all labels
 * @throws {BenchtopError} `invalid-input` for a column that is not there.
 */
export async function labelsOfChunks(
  db: DuckDBConnection,
  { id, labelledAt, maturityMs }: LateLabels,
  label: string,
  files: readonly NamedFile[],
): Promise<(answers: ClassifierAnswers, name: string) => JoinedLabels> {
  const ids: (string | null)[] = [];
  const labels: (string | null)[] = [];
  const times: number[] = [];
  for (const file of files) {
    const read = await namedColumns(
      tableOfFile(db, file),
      [
        { name: id, as: 'words' },
        { name: label, as: 'words' },
        ...(labelledAt === null ? [] : [{ name: labelledAt, as: 'times' as const }]),
      ],
      null,
    );
    for (const each of read.words(id)) ids.push(each);
    for (const each of read.words(label)) labels.push(each);
    if (labelledAt !== null) for (const time of read.numbers(labelledAt)) times.push(time);
  }
  const known = times.reduce((most, time) => (time > most ? time : most), -Infinity);
  const rowsOfId = new Map<string, number[]>();
  for (const [row, each] of ids.entries()) {
    if (each === null) continue;
    const rows = rowsOfId.get(each);
    if (rows === undefined) rowsOfId.set(each, [row]);
    else rows.push(row);
  }
  return (answers, name) => {
    const own = answers.ids ?? [];
    const rows = [...new Set(own)]
      .flatMap((each) => (each === null ? [] : (rowsOfId.get(each) ?? [])))
      .toSorted((a, b) => a - b);
    const joined = joinLabels(
      { ids: own, predictedAt: answers.predictedAt, name },
      {
        ids: rows.map((row) => ids[row] ?? null),
        labels: rows.map((row) => labels[row] ?? null),
        labelledAt: labelledAt === null ? null : Float64Array.from(rows, (row) => times[row] ?? Number.NaN),
      },
      maturityMs,
    );
    return { ...joined, knownUpTo: known === -Infinity ? null : known };
  };
}
