import { useMemo, useState } from 'react';
import { z } from 'zod';
import type { Run } from '../../../contract/index.ts';
import { usePreference } from '../../app/preferences.ts';
import { createCrosshair } from '../../ui/series-chart/index.ts';
import { runColour } from '../../ui/series-chart/run-colours.ts';
import { groupsOf } from './chart-groups.ts';
import { differingKeys } from './differing-keys.ts';
import { MetricChart } from './metric-chart.tsx';
import styles from './overlay-charts.module.css';
import type { RunsView } from './runs-view.ts';
import { isSystemSeries } from './system-series.ts';
import { useSeriesGrowth } from './use-series.ts';

const heights = { small: 148, medium: 232, large: 380 } as const;
const chartsAtMost = 3;
const namedAtMost = 12;
const bandNames = { range: 'min–max', deviation: '± sd', none: 'no band' } as const;
const axisNames = { step: 'Step', time: 'Time', 'running-time': 'Running time' } as const;
const axes = z.enum(['step', 'time', 'running-time']);

interface OverlayChartsProps {
  readonly runs: readonly Run[];
  readonly colours: ReadonlyMap<string, number>;
  readonly scope: string;
  /** Grouping is part of the view of the runs, so that it is saved and linked with it. */
  readonly views: {
    readonly view: Pick<RunsView, 'groupBy' | 'band'>;
    change(view: Partial<RunsView>): void;
  };
}

/** The curves of the selected runs, one chart per metric that has a course, above the table that is their legend. */
export default function OverlayCharts({ runs, colours, scope, views }: OverlayChartsProps) {
  const [size, setSize] = usePreference(
    scope,
    'runs.chart-height',
    z.enum(['small', 'medium', 'large']),
    'small',
  );
  const [picked, pick] = usePreference(scope, 'runs.chart-metrics', z.array(z.string()).nullable(), null);
  const [axis, setAxis] = usePreference(scope, 'runs.chart-axis', axes, 'step');
  const [isLog, setLog] = usePreference(scope, 'runs.chart-log', z.boolean(), false);
  const [cursor] = useState(createCrosshair);
  useSeriesGrowth(runs);
  const courses = useMemo(() => {
    const all = new Set(
      runs.flatMap((run) => Object.keys(run.metrics).filter((key) => (run.metrics[key]?.count ?? 0) > 1)),
    );
    const varied = differingKeys(runs, 'metrics').filter((key) => all.has(key));
    const rest = [...all].filter((key) => !varied.includes(key)).toSorted();
    return [...varied, ...rest];
  }, [runs]);
  const params = useMemo(() => {
    const keys = differingKeys(runs, 'params');
    const { groupBy } = views.view;
    return groupBy !== null && !keys.includes(groupBy) && runs.some((run) => groupBy in run.params)
      ? [groupBy, ...keys]
      : keys;
  }, [runs, views.view]);
  const { band } = views.view;
  const groupBy = params.find((param) => param === views.view.groupBy) ?? null;
  const grouping = useMemo(() => (groupBy === null ? null : { param: groupBy, band }), [groupBy, band]);
  const shown = (picked?.filter((key) => courses.includes(key)) ?? []).slice(0, chartsAtMost);
  const metrics = shown.length > 0 ? shown : courses.filter((key) => !isSystemSeries(key)).slice(0, 2);
  if (metrics.length === 0)
    return (
      <p className={styles.none}>
        The selected runs have no metric with more than one point; their values are in the table.
      </p>
    );
  const groups = groupBy === null ? [] : groupsOf(runs.map((run) => ({ group: run.params[groupBy] })));
  return (
    <section className={styles.panel} aria-label="Curves of the selected runs" data-read>
      <div className={styles.bar}>
        <div className={styles.metrics} role="group" aria-label="Metrics drawn">
          {courses.slice(0, namedAtMost).map((metric) => (
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
          {courses.length > namedAtMost ? (
            <span className={styles.rest}>
              first {namedAtMost} of {courses.length}
            </span>
          ) : null}
        </div>
        <div className={styles.choices}>
          <select
            aria-label="Group by"
            className={styles.group}
            value={groupBy ?? ''}
            onChange={({ currentTarget: { value } }) =>
              views.change({ groupBy: value === '' ? null : value })
            }
          >
            <option value="">no groups</option>
            {params.map((param) => (
              <option key={param} value={param}>
                by {param}
              </option>
            ))}
          </select>
          {grouping === null ? null : (
            <Choice
              name="Band"
              of={bandNames}
              value={band}
              onChange={(next) => views.change({ band: next })}
            />
          )}
          <Choice name="Axis" of={axisNames} value={axis} onChange={setAxis} />
          <button
            type="button"
            className={styles.metric}
            aria-pressed={isLog}
            title="Values on a logarithmic axis"
            onClick={() => setLog(!isLog)}
          >
            Log
          </button>
          <Choice name="Height of the charts" of={sizeNames} value={size} onChange={setSize} />
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
            axis={axis}
            yScale={isLog ? 'log' : 'linear'}
            height={heights[size]}
            cursor={cursor}
            grouping={grouping}
          />
        ))}
      </div>
      {groups.length === 0 ? null : (
        <ul className={styles.legend} aria-label={`Groups by ${groupBy ?? ''}`}>
          {groups.slice(0, namedAtMost).map((group, at) => (
            <li key={group}>
              <i style={{ background: runColour(at) }} />
              {groupBy} = {group}
            </li>
          ))}
          {groups.length > namedAtMost ? (
            <li>
              first {namedAtMost} of {groups.length} groups
            </li>
          ) : null}
          <li className={styles.rest}>
            Mean of each group
            {band === 'none' ? '' : band === 'range' ? ', least to greatest' : ', ± one standard deviation'}
          </li>
        </ul>
      )}
    </section>
  );
}

const sizeNames = { small: 'small', medium: 'medium', large: 'large' } as const;

function Choice<T extends string>({
  name,
  of,
  value,
  onChange,
}: {
  name: string;
  of: Readonly<Record<T, string>>;
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <div role="group" aria-label={name} className={styles.choice}>
      {(Object.keys(of) as T[]).map((each) => (
        <button
          key={each}
          type="button"
          className={styles.metric}
          aria-pressed={value === each}
          onClick={() => onChange(each)}
        >
          {of[each]}
        </button>
      ))}
    </div>
  );
}
