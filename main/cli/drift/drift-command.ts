import type { DriftColumn, DriftMode, DriftReport, DriftTest } from '../../../contract/index.ts';
import { jsonText } from '../json-text.ts';
import { textColumns } from '../text-columns.ts';
import { withEngine } from '../with-engine.ts';
import { tablePlace } from './table-place.ts';

export interface DriftOptions {
  readonly home: string;
  readonly columnTests?: Record<string, DriftTest>;
  readonly mode: DriftMode;
  readonly json?: boolean;
}

/** `benchtop drift`: whether and how the columns of one table differ from those of another. */
export async function driftCommand(reference: string, current: string, options: DriftOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const report = await engine.api.data.drift({
      reference: await tablePlace(engine.api, reference),
      current: await tablePlace(engine.api, current),
      tests: options.columnTests ?? {},
      mode: options.mode,
    });
    if (options.json) return console.log(jsonText(report));
    for (const line of reportLines(report)) console.log(line);
  });
}

const words = {
  drift: 'drift',
  'no-drift': 'no drift',
  'not-enough-data': 'not enough data',
  'not-compared': 'not compared',
} as const satisfies Record<DriftColumn['verdict'], string>;

function reportLines({ about, reference, current, added, removed, columns }: DriftReport): string[] {
  const rows = columns.map(({ name, verdict, effect, test, about: told }) => [
    name,
    words[verdict],
    effect === null ? '' : `${percent(effect.moved)} moved`,
    effect === null ? '' : effect.size,
    test === null ? '' : `p ${test.adjustedP.toPrecision(2)}`,
    told,
  ]);
  return [
    about,
    `${reference.rowCount.toLocaleString('en-US')} rows in the reference, ${current.rowCount.toLocaleString('en-US')} in the current data`,
    '',
    ...textColumns([['column', 'verdict', 'rows', 'size', 'adjusted', 'what changed most'], ...rows]),
    ...(added.length === 0 ? [] : ['', `only in the current data: ${added.join(', ')}`]),
    ...(removed.length === 0 ? [] : ['', `only in the reference: ${removed.join(', ')}`]),
  ];
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
