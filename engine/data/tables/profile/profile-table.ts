import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnProfile, ProfileProgress, TableProfile } from '../../../../contract/index.ts';
import { readableTable, rowsOf, type LoadedColumn, type LoadedTable, type TableFile } from '../load-table.ts';
import { columnMeasures, type ColumnMeasures } from './column-measures.ts';
import { columnWarnings } from './column-warnings.ts';
import { dayCounts } from './day-counts.ts';
import { distinctWay, sampledDistinct } from './distinct-values.ts';
import { groupedMeasures } from './grouped-measures.ts';
import { withSteps, type BeginStep } from './profile-steps.ts';
import { sampledMeasures, type SampledMeasures } from './sampled-measures.ts';
import { tableCorrelations } from './table-correlations.ts';

/** More columns than this are counted, not summed up. */
const columnsAtMost = 500;
const columnsPerQuery = 50;
/** Tables of so many rows, and so many cells in all, are looked at whole; of larger ones every so-manieth row for what is drawn or ranked. */
const sampledRowsAtMost = 200_000;
const sampledCellsAtMost = 20_000_000;
/** Tables of more rows or cells are not searched for rows that come twice. */
const comparedRowsAtMost = 1_000_000;
const timesAtMost = 5;
/** About the share of the work that is done when a table is open (Parquet is read in place), when its sample is drawn, and when some columns are summed up. */
const openedOf = (format: TableFile['format']): number => (format === 'parquet' ? 0.02 : 0.2);
const drawn = 0.5;
const summedUp = 0.7;

/** What is asked of a table whose columns are c0, c1, … in `from`; `sample` holds all its rows, or some. */
export interface ProfiledTable extends LoadedTable {
  readonly sample: string;
  readonly isSampled: boolean;
}

/**
 * Sums a table up. Rows, empty cells, extremes, means, days and frequent values are counted over all rows; quantiles, histograms, lengths and
 * correlations over every so-manieth row of a large table.
 * @param tell hears now and then how far it is
 */
export const profileTable = (
  db: DuckDBConnection,
  file: TableFile,
  tell: (progress: ProfileProgress) => void,
): Promise<TableProfile> => withSteps(db, tell, (begin) => profileBySteps(db, file, begin));

async function profileBySteps(
  db: DuckDBConnection,
  file: TableFile,
  begin: BeginStep,
): Promise<TableProfile> {
  const opened = openedOf(file.format);
  begin('Reading the table', 0, opened);
  const loaded = await readableTable(db, 't', file);
  try {
    const shown = loaded.columns.slice(0, columnsAtMost);
    begin('Taking a sample of the rows', opened, drawn);
    const { table, sampledRows } = await withSample(db, loaded);
    const columns: ColumnProfile[] = [];
    for (let from = 0; from < shown.length; from += columnsPerQuery) {
      const some = shown.slice(from, from + columnsPerQuery);
      const share = (done: number) => drawn + ((1 - drawn) * (from + done * some.length)) / shown.length;
      const columnsText = `columns ${from + 1} to ${from + some.length} of ${loaded.columns.length}`;
      begin(`Summing up ${columnsText}`, share(0), share(summedUp));
      const measures = await measuresOf(db, table, some, from);
      begin(`Ranking ${columnsText}`, share(summedUp), share(1));
      const sampled = await sampledMeasures(db, table, some, from, measures);
      for (const [at, column] of some.entries())
        columns.push(columnProfile(table, column, measures[at], sampled[at]));
    }
    await addDays(db, table, shown, columns);
    return {
      format: file.format,
      rowCount: table.rowCount,
      columnCount: table.columns.length,
      columns: columns.map((column) => ({ ...column, warnings: columnWarnings(column, table.rowCount) })),
      layout:
        table.layout === null
          ? null
          : { delimiter: table.layout.delimiter, hasHeader: table.layout.hasHeader },
      sampledRows,
      duplicateRows: await repeatedRows(db, table, shown.length),
      correlations: await tableCorrelations(db, table, shown, columns, sampledRows),
    };
  } finally {
    await db.run('DROP TABLE IF EXISTS t; DROP TABLE IF EXISTS s');
  }
}

async function withSample(
  db: DuckDBConnection,
  table: LoadedTable,
): Promise<{ table: ProfiledTable; sampledRows: number | null }> {
  const atMost = Math.min(
    sampledRowsAtMost,
    Math.ceil(sampledCellsAtMost / Math.max(1, table.columns.length)),
  );
  if (table.rowCount <= atMost)
    return { table: { ...table, sample: table.from, isSampled: false }, sampledRows: null };
  await db.run(
    `CREATE OR REPLACE TEMP TABLE s AS FROM ${table.everyNth(Math.ceil(table.rowCount / atMost))}`,
  );
  const [[count] = []] = await rowsOf(db, 'SELECT count(*)::DOUBLE FROM s');
  return { table: { ...table, sample: 's', isSampled: true }, sampledRows: Number(count) };
}

type Measures = ColumnMeasures & Pick<ColumnProfile, 'top'>;

/** What is told of neighbouring columns over all rows. @param from the place of the first in the table */
async function measuresOf(
  db: DuckDBConnection,
  table: ProfiledTable,
  columns: readonly LoadedColumn[],
  from: number,
): Promise<Measures[]> {
  const sampled = await sampledDistinct(db, table, columns, from);
  const told = columns.map((column, index) => {
    const own = sampled[index] ?? { different: 0, filled: 0 };
    return { column, at: from + index, sampled: own, way: distinctWay(own, table.isSampled) };
  });
  const others = told
    .filter(({ way }) => way !== 'grouped')
    .map((each) => ({ ...each, isSketched: each.way === 'sketched' }));
  const measured = await columnMeasures(db, table, others);
  const measures = new Map(others.map(({ at }, index) => [at, measured[index]]));
  const all: Measures[] = [];
  for (const { column, at } of told) {
    const own = measures.get(at);
    all.push(own === undefined ? await groupedMeasures(db, table, column, at) : { ...own, top: [] });
  }
  return all;
}

function columnProfile(
  table: ProfiledTable,
  { name, type }: LoadedColumn,
  measures: Measures | undefined,
  sampled: SampledMeasures | undefined,
): ColumnProfile {
  if (measures === undefined || sampled === undefined)
    throw new Error(`The column ${name} was not measured.`);
  const { filledCount, ...told } = measures;
  return {
    name,
    type,
    rule: ruleOf(type, filledCount, table.layout !== null),
    nullCount: table.rowCount - filledCount,
    ...told,
    ...sampled,
    days: null,
    warnings: [],
  };
}

/** How the type of a column was told. */
function ruleOf(type: string, filled: number, isText: boolean): string {
  if (filled === 0) return 'every cell is empty';
  if (!isText) return 'the file says so';
  return type === 'VARCHAR'
    ? 'a cell fits no narrower type'
    : `the narrowest type that every one of ${filled} cells fits`;
}

/** Of the first columns that hold times: on which days. */
async function addDays(
  db: DuckDBConnection,
  table: ProfiledTable,
  columns: readonly LoadedColumn[],
  profiles: ColumnProfile[],
): Promise<void> {
  const times = columns.flatMap(({ type, typed }, at) =>
    /^(DATE|TIMESTAMP)/.test(type) ? [{ at, typed }] : [],
  );
  for (const { at, typed } of times.slice(0, timesAtMost)) {
    const profile = profiles[at];
    if (profile !== undefined) profiles[at] = { ...profile, days: await dayCounts(db, table.from, typed) };
  }
}

/** How many rows are the same as an earlier one, by a hash of 64 bits of all their cells; null for what is too large to be searched. */
async function repeatedRows(
  db: DuckDBConnection,
  { from, rowCount, columns }: ProfiledTable,
  shownCount: number,
): Promise<number | null> {
  if (rowCount === 0) return 0;
  if (rowCount > comparedRowsAtMost || rowCount * columns.length > sampledCellsAtMost) return null;
  if (shownCount < columns.length) return null;
  const cells = columns.map((_, at) => `c${at}`).join(', ');
  const [[count] = []] = await rowsOf(
    db,
    `SELECT (count(*) - count(DISTINCT hash(${cells})))::DOUBLE FROM ${from}`,
  );
  return Number(count);
}
