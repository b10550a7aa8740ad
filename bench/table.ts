import type { Figure } from './measure.ts';
import type { Taken } from './records.ts';
import { ratios, summarize } from './summary.ts';

/** A measure's figures as a Markdown table, its notes below. */
export function tableOf({ figures, notes }: Taken): string {
  const rows = figures.map((figure) => `| ${cells(figure).join(' | ')} |`);
  const head = '| what | ours | floor | ours ÷ floor | peer | goal | |\n|---|---|---|---|---|---|---|';
  const table = rows.length === 0 ? [] : [[head, ...rows].join('\n')];
  const floors = [...new Set(figures.flatMap(({ floorIs }) => floorIs ?? []))].map(
    (floor) => `Floor: ${floor}.`,
  );
  return [...table, ...[...floors, ...notes].map((note) => `- ${note}`)]
    .join('\n')
    .replace('|\n- ', '|\n\n- ');
}

function cells({ name, unit, below, samples }: Figure): string[] {
  const { ours, floor, peer } = samples;
  return [
    name,
    withRange(ours, unit),
    floor === undefined ? '–' : withRange(floor, unit),
    floor === undefined || ratios(ours, floor).length === 0 ? '–' : withRange(ratios(ours, floor), ''),
    peer === undefined ? '–' : withRange(peer, unit),
    below === null ? '–' : `< ${number(below)} ${unit}`,
    below === null ? '' : summarize(ours).median < below ? 'met' : '**missed**',
  ];
}

/** The median, and the least and greatest sample behind it. */
function withRange(samples: readonly number[], unit: Figure['unit'] | ''): string {
  const { median, min, max } = summarize(samples);
  const named = unit === '' || unit === 'count' ? '' : ` ${unit}`;
  return `${number(median)}${named} (${number(min)}–${number(max)})`;
}

/** Three digits say all that a noisy machine knows. */
function number(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
