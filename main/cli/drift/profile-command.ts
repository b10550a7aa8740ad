import { columnWarningText, type ColumnProfile, type TableProfile } from '../../../contract/index.ts';
import { jsonText } from '../json-text.ts';
import { lastEvent } from '../last-event.ts';
import { numberText } from '../number-text.ts';
import { textColumns } from '../text-columns.ts';
import { withEngine } from '../with-engine.ts';
import { tablePlace } from './table-place.ts';

export interface ProfileOptions {
  readonly home: string;
  readonly json?: boolean;
}

const topShown = 3;

/** `benchtop profile`: the columns of a table, each summed up. */
export async function profileCommand(file: string, options: ProfileOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const table = await tablePlace(engine.api, file);
    const { profile } = await lastEvent(
      (call) => engine.api.data.profile({ table }, call),
      ({ what, share }) => `${what}: ${Math.floor(100 * share)} %`,
    );
    if (options.json) return console.log(jsonText(profile));
    if (profile.columnCount === 0) return console.log(`${file} is empty: it has no columns.`);
    console.log(
      `${profile.rowCount.toLocaleString('en-US')} rows, ${profile.columnCount} columns${profile.columns.length < profile.columnCount ? `, of which the first ${profile.columns.length} are told` : ''}`,
    );
    console.log('');
    for (const line of textColumns([
      ['column', 'type', 'empty', 'different', 'least', 'median', 'most', 'mean', 'most often'],
      ...profile.columns.map(columnCells),
    ]))
      console.log(line);
    for (const line of ['', ...notesOf(profile)]) console.log(line);
  });
}

/** What the table cannot hold: how exact it is, rows that come twice, columns to be looked at, and what goes together. */
function notesOf({ sampledRows, duplicateRows, columns, correlations }: TableProfile): string[] {
  const strongest = correlations === null ? [] : strongestPairs(correlations.numbers);
  return [
    sampledRows === null
      ? 'All rows were looked at; ~ is an estimate.'
      : `All rows were counted, and every so-manieth ranked: medians are of ${sampledRows.toLocaleString('en-US')} rows; ~ is an estimate.`,
    ...(duplicateRows === null || duplicateRows === 0
      ? []
      : [
          `${duplicateRows.toLocaleString('en-US')} ${duplicateRows === 1 ? 'row is' : 'rows are'} the same as an earlier one.`,
        ]),
    ...columns.flatMap(({ name, warnings }) =>
      warnings.map((warning) => `${name}: ${columnWarningText(warning)}`),
    ),
    ...strongest.map(([a, b, r]) => `${a} and ${b} go together: ${r.toFixed(2)} (Spearman)`),
  ];
}

const pairsShown = 5;
const leastCorrelation = 0.7;

function strongestPairs({
  columns,
  spearman,
}: NonNullable<TableProfile['correlations']>['numbers']): [string, string, number][] {
  return columns
    .flatMap((a, at) =>
      columns.slice(0, at).map((b, other): [string, string, number] => [b, a, spearman[at]?.[other] ?? 0]),
    )
    .filter(([, , r]) => Math.abs(r) >= leastCorrelation)
    .toSorted((x, y) => Math.abs(y[2]) - Math.abs(x[2]))
    .slice(0, pairsShown);
}

function columnCells({ name, type, ...column }: ColumnProfile): string[] {
  const empty = column.nullCount + column.nanCount;
  return [
    name,
    type,
    empty === 0 ? '' : String(empty),
    `${column.isDistinctExact ? '' : '~'}${column.distinctCount}`,
    column.min ?? '',
    column.quantiles === null ? '' : numberText(column.quantiles[2] ?? Number.NaN),
    column.max ?? '',
    column.mean === null ? '' : numberText(column.mean),
    column.top
      .slice(0, topShown)
      .map(({ value, count }) => `${value} (${count})`)
      .join(', '),
  ];
}
