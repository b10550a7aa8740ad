import type { ColumnProfile } from '../../../contract/index.ts';
import { jsonText } from '../json-text.ts';
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
    const profile = await engine.api.data.profile({ table: await tablePlace(engine.api, file) });
    if (options.json) return console.log(jsonText(profile));
    console.log(
      `${profile.rowCount.toLocaleString('en-US')} rows, ${profile.columnCount} columns${profile.columns.length < profile.columnCount ? `, of which the first ${profile.columns.length} are told` : ''}`,
    );
    console.log('');
    for (const line of textColumns([
      ['column', 'type', 'empty', 'different', 'least', 'median', 'most', 'mean', 'most often'],
      ...profile.columns.map(columnCells),
    ]))
      console.log(line);
  });
}

function columnCells({ name, type, ...column }: ColumnProfile): string[] {
  const empty = column.nullCount + column.nanCount;
  return [
    name,
    type,
    empty === 0 ? '' : String(empty),
    `~${column.distinctCount}`,
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
