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

function cells(figure: Figure): string[] {
  const { name, unit, samples } = figure;
  const { ours, floor, peer } = samples;
  const goals = goalsOf(figure);
  return [
    name,
    withRange(ours, unit),
    floor === undefined ? '–' : withRange(floor, unit),
    floor === undefined || ratios(ours, floor).length === 0 ? '–' : withRange(ratios(ours, floor), ''),
    peer === undefined ? '–' : withRange(peer, unit),
    goals.length === 0 ? '–' : goals.map(({ told }) => told).join(', '),
    goals.length === 0 ? '' : goals.every(({ isMet }) => isMet) ? 'met' : '**missed**',
  ];
}

/** What is asked of a figure: of the median itself, and of its ratio to the floor. */
function goalsOf({ unit, below, ratio, samples }: Figure): { told: string; isMet: boolean }[] {
  const { ours, floor = [] } = samples;
  const goals = [];
  if (below !== null)
    goals.push({ told: `< ${number(below)} ${unit}`, isMet: summarize(ours).median < below });
  if (ratio !== undefined) {
    const { median } = summarize(ratios(ours, floor));
    goals.push(
      'atMost' in ratio
        ? { told: `≤ ${number(ratio.atMost)} × floor`, isMet: median <= ratio.atMost }
        : { told: `≥ ${number(ratio.atLeast)} × floor`, isMet: median >= ratio.atLeast },
    );
  }
  return goals;
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
