import type { CausePart, Difference, MetricComparison, Run, RunComparison } from '../../../contract/index.ts';
import { numberText } from '../number-text.ts';
import { textColumns } from '../text-columns.ts';

/** A comparison for reading: every part in the order of likely causes, then the metrics. */
export function comparisonText({ causes, metrics }: RunComparison, a: Run, b: Run): string {
  const differing = metrics.filter((metric) => !Object.is(metric.a, metric.b));
  return [
    ...textColumns([
      ['a', a.id.slice(0, 8), a.name],
      ['b', b.id.slice(0, 8), b.name],
    ]),
    ...causes.flatMap(({ part, state, why, differences }) => [
      '',
      `${partNames[part]}: ${state === 'differs' ? countText(differences.length) : stateWords[state]}${why === null ? '' : ` (${why})`}`,
      ...textColumns(differences.map(rowOf)).map((line) => `  ${line}`),
    ]),
    '',
    `metrics: ${metrics.length === 0 ? 'none' : differing.length === 0 ? `the same, ${metrics.length} of them` : `${differing.length} of ${metrics.length} differ`}`,
    ...textColumns(differing.map(metricRow)).map((line) => `  ${line}`),
  ].join('\n');
}

const partNames: Record<CausePart, string> = {
  code: 'code',
  command: 'command',
  params: 'params',
  data: 'data',
  packages: 'packages',
  interpreter: 'interpreter',
  variables: 'environment variables',
  machine: 'machine',
};
const stateWords = { same: 'the same', unknown: 'not known' };
const countText = (count: number) => (count === 1 ? '1 difference' : `${count} differences`);

function rowOf({ name, a, b, detail }: Difference): string[] {
  return [name, `${a ?? 'none'} → ${b ?? 'none'}`, detail ?? ''];
}

function metricRow({ name, a, b, isBetter }: MetricComparison): string[] {
  const change = a === null || b === null ? Number.NaN : b - a;
  return [
    name,
    `${a === null ? 'none' : numberText(a)} → ${b === null ? 'none' : numberText(b)}`,
    Number.isFinite(change) ? `${change > 0 ? '+' : ''}${numberText(change)}` : '',
    isBetter === null ? '' : isBetter ? 'better' : 'worse',
  ];
}
