import {
  importanceCell,
  importanceText,
  rankedForModel,
  type DriftColumn,
  type DriftMode,
  type DriftReport,
  type DriftTest,
  type RankedReport,
} from '../../../contract/index.ts';
import { jsonText } from '../json-text.ts';
import { textColumns } from '../text-columns.ts';
import { withEngine } from '../with-engine.ts';
import { tablePlace } from './table-place.ts';

export interface DriftOptions {
  readonly home: string;
  readonly columnTests?: Record<string, DriftTest>;
  readonly mode: DriftMode;
  readonly model?: string;
  readonly json?: boolean;
}

/** `benchtop drift`: whether and how the columns of one table differ from those of another. */
export async function driftCommand(reference: string, current: string, options: DriftOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const table = await tablePlace(engine.api, reference);
    const plain = await engine.api.data.drift({
      reference: table,
      current: await tablePlace(engine.api, current),
      tests: options.columnTests ?? {},
      mode: options.mode,
    });
    const report = options.model === undefined ? plain : await forModel(plain, options.model);
    if (options.json) return console.log(jsonText(report));
    for (const line of reportLines(report)) console.log(line);

    async function forModel(of: DriftReport, named: string): Promise<RankedReport> {
      const { name: model, version } = await engine.api.registry.version({ reference: named });
      return rankedForModel(of, await engine.api.gates.importance({ model, version, table }));
    }
  });
}

const words = {
  drift: 'drift',
  'no-drift': 'no drift',
  'not-enough-data': 'not enough data',
  'not-compared': 'not compared',
} as const satisfies Record<DriftColumn['verdict'], string>;

function reportLines(report: DriftReport | RankedReport): string[] {
  const { about, reference, current, added, removed, columns } = report;
  const importance = 'importance' in report ? report.importance : null;
  const forModel = (cell: string) => (importance === null ? [] : [cell]);
  const rows = columns.map(({ name, verdict, effect, test, about: told, ...column }) => [
    name,
    words[verdict],
    effect === null ? '' : `${percent(effect.moved)} moved`,
    effect === null ? '' : effect.size,
    ...forModel('importance' in column ? importanceCell(column.importance) : ''),
    test === null ? '' : `p ${test.adjustedP.toPrecision(2)}`,
    told,
  ]);
  return [
    about,
    `${reference.rowCount.toLocaleString('en-US')} rows in the reference, ${current.rowCount.toLocaleString('en-US')} in the current data`,
    '',
    ...textColumns([
      ['column', 'verdict', 'rows', 'size', ...forModel('importance'), 'adjusted', 'what changed most'],
      ...rows,
    ]),
    ...(importance === null ? [] : ['', importanceText(importance)]),
    ...(added.length === 0 ? [] : ['', `only in the current data: ${added.join(', ')}`]),
    ...(removed.length === 0 ? [] : ['', `only in the reference: ${removed.join(', ')}`]),
  ];
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
