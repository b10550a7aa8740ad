import type { ValueFormat } from '../../ui/series-chart/index.ts';
import { isSystemSeries } from './system-series.ts';

export interface SeriesFormat {
  readonly format: ValueFormat;
  /** Stands behind the chart's title; undefined where the values carry their unit. */
  readonly unit: string | undefined;
}

/**
 * How the values of a system series are written, told from the end of its name (`…_bytes`, `…_percent`, `…_cores`, as in
 * docs/system-series.md, and MLflow's `…_megabytes`). A script's own metrics are written as they are: Benchtop does not guess units.
 */
export function seriesFormat(key: string): SeriesFormat {
  if (!isSystemSeries(key)) return { format: 'number', unit: undefined };
  if (key.endsWith('_bytes')) return { format: 'bytes', unit: undefined };
  if (key.endsWith('_bytes_per_s')) return { format: 'bytes', unit: 'per second' };
  if (key.endsWith('_percent') || key.endsWith('_percentage')) return { format: 'percent', unit: undefined };
  if (key.endsWith('_cores')) return { format: 'number', unit: 'cores' };
  if (key.endsWith('_megabytes')) return { format: 'number', unit: 'MB' };
  if (key.endsWith('_watts')) return { format: 'number', unit: 'W' };
  return { format: 'number', unit: undefined };
}
