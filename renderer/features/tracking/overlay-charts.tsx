import { useMemo, useState } from 'react';
import { z } from 'zod';
import type { Run } from '../../../contract/index.ts';
import { usePreference } from '../../app/preferences.ts';
import { createCrosshair } from '../../ui/series-chart/index.ts';
import { differingKeys } from './differing-keys.ts';
import { MetricChart } from './metric-chart.tsx';
import styles from './overlay-charts.module.css';
import { isSystemSeries } from './system-series.ts';
import { useSeriesGrowth } from './use-series.ts';

const heights = { small: 148, medium: 232, large: 380 } as const;
const chartsAtMost = 3;

/** The curves of the selected runs, one chart per metric that has a course, above the table that is their legend. */
export default function OverlayCharts({
  runs,
  colours,
  scope,
}: {
  runs: readonly Run[];
  colours: ReadonlyMap<string, number>;
  scope: string;
}) {
  const [size, setSize] = usePreference(
    scope,
    'runs.chart-height',
    z.enum(['small', 'medium', 'large']),
    'small',
  );
  const [picked, pick] = usePreference(scope, 'runs.chart-metrics', z.array(z.string()).nullable(), null);
  const [cursor] = useState(createCrosshair);
  useSeriesGrowth(runs);
  const courses = useMemo(() => {
    const all = new Set(
      runs.flatMap((run) => Object.keys(run.metrics).filter((key) => (run.metrics[key]?.count ?? 0) > 1)),
    );
    const varied = differingKeys(runs, 'metrics').filter((key) => all.has(key));
    const rest = [...all].filter((key) => !varied.includes(key)).toSorted();
    return [...varied, ...rest.filter((key) => !isSystemSeries(key)), ...rest.filter(isSystemSeries)];
  }, [runs]);
  const shown = (picked?.filter((key) => courses.includes(key)) ?? []).slice(0, chartsAtMost);
  const metrics = shown.length > 0 ? shown : courses.filter((key) => !isSystemSeries(key)).slice(0, 2);
  if (metrics.length === 0)
    return (
      <p className={styles.none}>
        The selected runs have no metric with more than one point; their values are in the table.
      </p>
    );
  return (
    <section className={styles.panel} aria-label="Curves of the selected runs" data-read>
      <div className={styles.bar}>
        <div className={styles.metrics} role="group" aria-label="Metrics drawn">
          {courses.slice(0, 12).map((metric) => (
            <button
              key={metric}
              type="button"
              className={styles.metric}
              aria-pressed={metrics.includes(metric)}
              onClick={() =>
                pick(
                  metrics.includes(metric)
                    ? metrics.filter((each) => each !== metric)
                    : [...metrics, metric].slice(-chartsAtMost),
                )
              }
            >
              {metric}
            </button>
          ))}
          {courses.length > 12 ? <span className={styles.rest}>first 12 of {courses.length}</span> : null}
        </div>
        <div role="group" aria-label="Height of the charts" className={styles.metrics}>
          {(['small', 'medium', 'large'] as const).map((each) => (
            <button
              key={each}
              type="button"
              className={styles.metric}
              aria-pressed={size === each}
              onClick={() => setSize(each)}
            >
              {each}
            </button>
          ))}
        </div>
      </div>
      <div
        className={styles.charts}
        style={{ gridTemplateColumns: `repeat(${metrics.length}, minmax(0, 1fr))` }}
      >
        {metrics.map((metric) => (
          <MetricChart
            key={metric}
            metric={metric}
            runs={runs}
            colours={colours}
            axis="step"
            height={heights[size]}
            cursor={cursor}
          />
        ))}
      </div>
    </section>
  );
}
