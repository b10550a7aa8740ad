import { z } from 'zod';
import type { DriftColumn, DriftReport } from './drift.ts';
import { tablePlace } from './tables.ts';
import { importanceMeasures } from './word-lists.ts';

/** The version whose answers are meant, and the rows that it is asked about. */
export const importanceQuestion = z.object({
  model: z.string().min(1).max(256),
  version: z.number().int().min(1),
  table: tablePlace,
  /** Only rows of a time, by a column of times; null for all. */
  part: z
    .object({ column: z.string().min(1), from: z.string().nullable(), before: z.string().nullable() })
    .nullable()
    .default(null),
});
export type ImportanceQuestion = z.infer<typeof importanceQuestion>;

/** What the program that asks the model tells. */
export const importanceFindings = z.object({
  /**
   * What a change of its answers is counted in, as a mean over the rows: the probability that goes to other classes, the share of rows
   * with another class, or, of numbers, standard deviations of its answers.
   */
  measure: z.enum(importanceMeasures),
  /** Rows that it was asked about. */
  rowCount: z.number(),
  /** Of the columns that it takes: how much its answers change when the column is shuffled among the rows; 0 where it makes no use of it. */
  columns: z.array(z.object({ name: z.string(), importance: z.number() })),
});

/** How much the answers of a model rest on each column that it takes. */
export const modelImportance = importanceFindings.extend({
  model: z.string(),
  version: z.number(),
  /** Of the table, as people know it. */
  table: z.string(),
  /** The run in which the model was asked, and when. */
  runId: z.string(),
  at: z.number(),
});
export type ModelImportance = z.infer<typeof modelImportance>;

/** How much the answers rest on a column; null for one that the model does not take. */
export const importanceOfColumn = (
  { columns }: Pick<ModelImportance, 'columns'>,
  name: string,
): number | null => columns.find((column) => column.name === name)?.importance ?? null;

/** A drift report in the order in which its columns matter to a model. */
export type RankedReport = Omit<DriftReport, 'columns'> & {
  readonly importance: ModelImportance;
  readonly columns: (DriftColumn & { readonly importance: number | null })[];
};

/**
 * The columns by verdict, then by what moved beyond chance times how much the answers rest on the column; those that the model makes no
 * use of come last, by what moved alone.
 */
export function rankedForModel(report: DriftReport, importance: ModelImportance): RankedReport {
  const verdicts = [...new Set(report.columns.map(({ verdict }) => verdict))];
  const columns = report.columns.map((column) => ({
    ...column,
    importance: importanceOfColumn(importance, column.name),
  }));
  // The order by what moved stays where nothing else tells: sorting keeps equal ones as they are.
  const ranked = verdicts.flatMap((verdict) =>
    columns
      .filter((column) => column.verdict === verdict)
      .toSorted(
        (a, b) =>
          weightForModel(b.effect?.beyond ?? 0, b.importance) -
          weightForModel(a.effect?.beyond ?? 0, a.importance),
      ),
  );
  const drifted = ranked.filter(({ verdict }) => verdict === 'drift');
  const [first] = drifted;
  const name = `${importance.model}/${importance.version}`;
  const about =
    first === undefined
      ? report.about
      : (first.importance ?? 0) === 0
        ? `${report.about} ${name} makes no use of what drifted.`
        : `${report.about} What matters most to ${name} is ${first.name}.`;
  return { ...report, about, importance, columns: ranked };
}

/** What a shift of a column weighs for a model. @param moved a share of the rows */
export const weightForModel = (moved: number, importance: number | null): number => moved * (importance ?? 0);

const units: Readonly<Record<ModelImportance['measure'], string>> = {
  probabilities: 'of the probability goes to other classes',
  classes: 'of the answers become another class',
  numbers: 'of their standard deviation the answers move',
};

/** How importance was told, in words. */
export const importanceText = ({ model, version, table, rowCount, measure }: ModelImportance): string =>
  `importance to ${model}/${version}: how much ${units[measure]} when the column is shuffled, over ${rowCount.toLocaleString('en-US')} rows of ${table}`;

/** "12.3 %" of a column that the model takes; else that it makes no use of it. */
export function importanceCell(importance: number | null): string {
  if (importance === null || importance === 0) return 'not used';
  const percent = importance * 100;
  return percent < 0.1 ? 'less than 0.1 %' : `${percent.toFixed(1)} %`;
}
