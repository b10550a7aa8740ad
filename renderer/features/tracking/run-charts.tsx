import { TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import type { Run } from '../../../contract/index.ts';
import { usePreference } from '../../app/preferences.ts';
import choices from '../../ui/choice-buttons.module.css';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatNumber } from '../../ui/format-number.ts';
import { createCrosshair } from '../../ui/series-chart/index.ts';
import { groupMetrics } from './group-metrics.ts';
import { isGoingOn } from './is-going-on.ts';
import { MetricChart } from './metric-chart.tsx';
import styles from './run-charts.module.css';
import { useRunColours } from './run-colours.ts';
import { byUser, isSystemSeries } from './system-series.ts';
import { WhenNear } from './when-near.tsx';

const axes = [
  { id: 'step', name: 'Step' },
  { id: 'time', name: 'Time' },
  { id: 'running-time', name: 'Running time' },
] as const;
const smoothings = [0, 0.6, 0.9] as const;
const chartPx = 220;
const folds = z.array(z.string());
const noFolds: string[] = [];

/** One chart per metric, or per series of what the run used, grouped by the part of the name before the slash. */
export default function RunCharts({ run, part }: { run: Run; part: 'metrics' | 'system' }) {
  const isSystem = part === 'system';
  const scope = run.projectId ?? 'window';
  const [wanted, setWanted] = useState('');
  const [axis, setAxis] = usePreference(
    scope,
    `${isSystem ? 'system' : 'charts'}.axis`,
    z.enum(['step', 'time', 'running-time']),
    isSystem ? 'running-time' : 'step',
  );
  const [smoothing, setSmoothing] = usePreference(
    scope,
    `${isSystem ? 'system' : 'charts'}.smoothing`,
    z.number(),
    0,
  );
  const [isLog, setLog] = usePreference(scope, `${isSystem ? 'system' : 'charts'}.log`, z.boolean(), false);
  const [folded, setFolded] = usePreference(scope, 'charts.folded', folds, noFolds);
  const [cursor] = useState(createCrosshair);
  const colours = useRunColours([run.id]);
  const runs = useMemo(() => [run], [run]);
  const names = Object.keys(run.metrics)
    .filter((key) => isSystemSeries(key) === isSystem)
    .toSorted(byUser);
  const found = names.filter((name) => name.toLowerCase().includes(wanted.toLowerCase()));
  const courses = found.filter((name) => (run.metrics[name]?.count ?? 0) > 1);
  const single = found.filter((name) => !courses.includes(name));
  if (names.length === 0 && isSystem) {
    return (
      <EmptyState title="No system series">
        <p>
          {isGoingOn(run)
            ? 'The first samples come a few seconds after the start.'
            : 'What this run used was not sampled: it was shorter than a second, or not started by Benchtop.'}
        </p>
      </EmptyState>
    );
  }
  if (names.length === 0) {
    return (
      <EmptyState title="No metrics">
        <p>
          {isGoingOn(run)
            ? 'The run has told none so far; charts appear with the first point.'
            : 'The run told none.'}{' '}
          Lines such as <code>loss=0.41</code> in the output become metrics.
        </p>
      </EmptyState>
    );
  }
  return (
    <>
      <div className={styles.bar} role="toolbar" aria-label="Charts">
        <TextInput
          className={styles.search ?? ''}
          aria-label="Find a metric"
          placeholder="Find a metric"
          leftSection={<IconSearch size={14} stroke={1.5} />}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        <span className={styles.quiet} role="status">
          {found.length} of {names.length}
        </span>
        <span className={styles.space} />
        <div role="group" aria-label="Smoothing" className={`${choices.choice} ${styles.choice}`}>
          {smoothings.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={smoothing === each}
              onClick={() => setSmoothing(each)}
            >
              {each === 0 ? 'Raw' : `Smooth ${each}`}
            </button>
          ))}
        </div>
        <div role="group" aria-label="Values" className={`${choices.choice} ${styles.choice}`}>
          <button
            type="button"
            aria-pressed={isLog}
            title="Values on a logarithmic axis"
            onClick={() => setLog(!isLog)}
          >
            Log
          </button>
        </div>
        <div role="group" aria-label="Axis" className={`${choices.choice} ${styles.choice}`}>
          {axes.map(({ id, name }) => (
            <button key={id} type="button" aria-pressed={axis === id} onClick={() => setAxis(id)}>
              {name}
            </button>
          ))}
        </div>
      </div>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="Charts" data-read>
        {groupMetrics(courses).map((group) => {
          // What is searched for is shown, folded or not.
          const isFolded = wanted === '' && group.name !== '' && folded.includes(group.name);
          return (
            <section key={group.name} aria-label={group.name === '' ? 'Metrics' : group.name}>
              {group.name === '' ? null : (
                <h2 className={styles.heading}>
                  <button
                    type="button"
                    className={styles.fold}
                    aria-expanded={!isFolded}
                    onClick={() =>
                      setFolded(
                        folded.includes(group.name)
                          ? folded.filter((name) => name !== group.name)
                          : [...folded, group.name],
                      )
                    }
                  >
                    {isFolded ? (
                      <IconChevronRight size={14} stroke={1.5} aria-hidden />
                    ) : (
                      <IconChevronDown size={14} stroke={1.5} aria-hidden />
                    )}
                    {group.name}
                    <span className={styles.quiet}>{group.metrics.length}</span>
                  </button>
                </h2>
              )}
              {isFolded ? null : (
                <div className={styles.grid}>
                  {group.metrics.map((metric) => (
                    <WhenNear key={metric} heightPx={chartPx}>
                      {() => (
                        <MetricChart
                          metric={metric}
                          runs={runs}
                          colours={colours}
                          axis={axis}
                          height={chartPx}
                          cursor={cursor}
                          smoothing={smoothing}
                          yScale={isLog ? 'log' : 'linear'}
                        />
                      )}
                    </WhenNear>
                  ))}
                </div>
              )}
            </section>
          );
        })}
        {single.length === 0 ? null : (
          <section aria-labelledby="single">
            <h2 id="single" className={styles.heading}>
              One value each
            </h2>
            <dl className={styles.single}>
              {single.map((name) => {
                const value = run.metrics[name]?.last ?? Number.NaN;
                return (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd title={String(value)}>{formatNumber(value)}</dd>
                  </div>
                );
              })}
            </dl>
          </section>
        )}
      </div>
    </>
  );
}
