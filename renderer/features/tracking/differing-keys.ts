import type { MetricSummary, Run } from '../../../contract/index.ts';
import { isSystemSeries } from './system-series.ts';

/**
 * The names of params or metrics that are not the same in all these runs, those that vary most first: by how many runs differ
 * from the commonest value (absent counts as a value), then by how many runs have it, then by name. What a run used of the machine
 * always differs and says nothing about its result: those series are left out.
 */
export function differingKeys(runs: readonly Run[], kind: 'params' | 'metrics'): string[] {
  return variation(runs, kind)
    .filter(({ differing }) => differing > 0)
    .toSorted(
      (one, other) =>
        other.differing - one.differing || other.present - one.present || one.key.localeCompare(other.key),
    )
    .map(({ key }) => key);
}

/** The names that have one and the same value in all these runs. */
export function equalKeys(runs: readonly Run[], kind: 'params' | 'metrics'): string[] {
  return variation(runs, kind)
    .filter(({ differing }) => differing === 0)
    .map(({ key }) => key)
    .toSorted((one, other) => one.localeCompare(other));
}

function variation(runs: readonly Run[], kind: 'params' | 'metrics') {
  const counts = new Map<string, Map<string | number, number>>();
  for (const run of runs) {
    for (const [key, value] of Object.entries<string | MetricSummary>(run[kind])) {
      if (kind === 'metrics' && isSystemSeries(key)) continue;
      const values = counts.get(key) ?? new Map<string | number, number>();
      const told = typeof value === 'string' ? value : value.last;
      values.set(told, (values.get(told) ?? 0) + 1);
      counts.set(key, values);
    }
  }
  return [...counts].map(([key, values]) => {
    const present = [...values.values()].reduce((sum, count) => sum + count, 0);
    const commonest = Math.max(runs.length - present, ...values.values());
    return { key, present, differing: runs.length - commonest };
  });
}
