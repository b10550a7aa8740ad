import { Link } from 'wouter';
import type { MetricSummary, Run, SeriesView } from '../../../contract/index.ts';
import { formatNumber } from '../../ui/format-number.ts';
import { formatExactTime } from '../../ui/format-time.ts';
import { Sparkline } from '../../ui/series-chart/sparkline.tsx';
import { WhatChanged } from '../comparison/index.ts';
import { comparePath } from './compare-path.ts';
import { Fact } from './fact.tsx';
import { FailureNotice } from './failure-notice.tsx';
import { MeasureMenu } from './measure-menu.tsx';
import { type RuledMeasure, ruledMeasure } from './ruled-measure.ts';
import { runPath } from './run-path.ts';
import { shownTags } from './run-tags.ts';
import { RunNote } from './run-note.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import styles from './run-overview.module.css';
import { ownMetrics } from './system-series.ts';
import { useTrends } from './use-series.ts';

/** What a run came to, was given, and says about itself. How it failed comes first when it did. */
export function RunOverview({ run }: { run: Run }) {
  const metrics = Object.entries(ownMetrics(run)).toSorted(byName);
  const measures = new Map(
    metrics.flatMap(([name]): [string, RuledMeasure][] => {
      const measure = ruledMeasure([run], name);
      return measure === null ? [] : [[name, measure]];
    }),
  );
  const params = Object.entries(run.params).toSorted(byName);
  const tags = shownTags(run).toSorted(byName);
  const marks = Object.entries(run.tags)
    .filter(([key]) => !tags.some(([shown]) => shown === key))
    .toSorted(byName);
  const { data: series } = useTrends(
    { runIds: [run.id], points: 60 },
    metrics.some(([, metric]) => metric.count > 1),
  );
  return (
    <ScrollRegion label="Overview">
      {run.status === 'failed' || run.status === 'killed' || run.status === 'lost' ? (
        <FailureNotice run={run} />
      ) : null}
      <div className={styles.columns}>
        <section aria-labelledby="metrics" className={styles.wide}>
          <h2 id="metrics" className={styles.heading}>
            Metrics
            {metrics.length > 0 ? (
              <Link href={runPath(run, 'charts')} className={styles.more}>
                Charts
              </Link>
            ) : null}
          </h2>
          {metrics.length === 0 ? (
            <p className={styles.quiet}>
              No metric so far. Lines such as <code>loss=0.41</code> in the output become metrics.
            </p>
          ) : (
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Course</th>
                  <th scope="col" className={styles.number}>
                    Last
                  </th>
                  <th scope="col" className={styles.number}>
                    Least
                  </th>
                  <th scope="col" className={styles.number}>
                    Greatest
                  </th>
                  <th scope="col" className={styles.number}>
                    Points
                  </th>
                  {measures.size === 0 ? null : <th aria-hidden />}
                </tr>
              </thead>
              <tbody>
                {metrics.map(([name, metric]) => (
                  <tr key={name}>
                    <th scope="row" title={titleOf(name, metric)}>
                      {name}
                    </th>
                    <td className={styles.course}>
                      <Course
                        name={name}
                        view={metric.count > 1 ? series?.find((view) => view.key === name) : undefined}
                      />
                    </td>
                    <td className={styles.number} title={`${metric.last} at step ${metric.lastStep}`}>
                      {formatNumber(metric.last)}
                    </td>
                    <td className={styles.number} title={String(metric.min)}>
                      {metric.min === null ? '–' : formatNumber(metric.min)}
                    </td>
                    <td className={styles.number} title={String(metric.max)}>
                      {metric.max === null ? '–' : formatNumber(metric.max)}
                    </td>
                    <td className={styles.number}>{metric.count.toLocaleString('en-US')}</td>
                    {measures.size === 0 ? null : (
                      <td className={styles.menu}>
                        <OwnMenu measure={measures.get(name)} />
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </section>
        <div className={styles.wide}>
          <WhatChanged run={run} comparePath={(ids) => comparePath(run.projectId, ids)} />
          <Pairs id="params" name="Params" pairs={params} none="No params." />
          <RunNote run={run} />
          <Pairs id="tags" name="Tags" pairs={tags} none="No tags." />
          <section aria-labelledby="facts">
            <h2 id="facts" className={styles.heading}>
              Run
            </h2>
            <table className={styles.table}>
              <tbody>
                <Fact name="Id" value={run.id} canCopy />
                <Fact
                  name="Started"
                  value={run.startedAt === null ? 'not yet' : formatExactTime(run.startedAt)}
                />
                <Fact
                  name="Ended"
                  value={
                    run.endedAt === null
                      ? 'not yet'
                      : `${formatExactTime(run.endedAt)}${run.ending === null ? '' : `, ${run.ending}`}`
                  }
                />
                {run.workingFolder === null ? null : <Fact name="Folder" value={run.workingFolder} canCopy />}
                <Fact name="Recorded by" value={sources[run.source]} />
                {marks.map(([key, value]) => (
                  <Fact key={key} name={key} value={value} />
                ))}
              </tbody>
            </table>
          </section>
        </div>
      </div>
    </ScrollRegion>
  );
}

function OwnMenu({ measure }: { measure: RuledMeasure | undefined }) {
  return measure === undefined ? null : <MeasureMenu measure={measure} />;
}

function titleOf(name: string, { isGuessed, readName }: MetricSummary): string {
  if (!isGuessed) return name;
  return readName === undefined
    ? `${name}, read from the output`
    : `${name}, read as ${readName} from the output`;
}

function Course({ name, view }: { name: string; view: SeriesView | undefined }) {
  return view === undefined ? null : (
    <Sparkline label={name} xs={view.steps} values={view.values} width={96} height={20} />
  );
}

const sources: Record<Run['source'], string> = {
  runner: 'Benchtop, which started it',
  mlflow: 'an MLflow client',
  recording: 'a recording that came with the sample',
};

const byName = ([one]: [string, unknown], [other]: [string, unknown]) => one.localeCompare(other);

function Pairs({
  id,
  name,
  pairs,
  none,
}: {
  id: string;
  name: string;
  pairs: [string, string][];
  none: string;
}) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className={styles.heading}>
        {name}
      </h2>
      {pairs.length === 0 ? <p className={styles.quiet}>{none}</p> : null}
      <table className={styles.table}>
        <tbody>
          {pairs.map(([key, value]) => (
            <Fact key={key} name={key} value={value} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
