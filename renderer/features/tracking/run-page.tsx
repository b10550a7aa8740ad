import { useQuery } from '@tanstack/react-query';
import { Link, Redirect } from 'wouter';
import type { Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { PageParts } from '../../ui/page-parts.tsx';
import { Pending } from '../../ui/pending.tsx';
import { whenLoaded } from '../../ui/when-loaded.tsx';
import { RunReproduction } from '../reproduction/index.ts';
import { RunTraces, useTraceCount } from '../traces/index.ts';
import { comparePath } from './compare-path.ts';
import { RunActions } from './run-actions.tsx';
import { RunHeader } from './run-header.tsx';
import { RunOverview } from './run-overview.tsx';
import { runPath } from './run-path.ts';
import { RunLogs } from './lazy-run-logs.ts';
import { isSystemSeries } from './system-series.ts';
import { useSeriesGrowth } from './use-series.ts';

const RunCharts = whenLoaded(() => import('./run-charts.tsx'));
const RunArtifacts = whenLoaded(() => import('./run-artifacts.tsx'));
const RunCode = whenLoaded(() => import('../source/index.ts'));
const RunEnvironment = whenLoaded(() => import('./run-environment.tsx'));
const RunData = whenLoaded(async () => ({ default: (await import('../data/index.ts')).RunData }));

const tabs = [
  { id: 'overview', name: 'Overview' },
  { id: 'charts', name: 'Charts' },
  { id: 'system', name: 'System' },
  { id: 'logs', name: 'Logs' },
  { id: 'artifacts', name: 'Artifacts' },
  { id: 'traces', name: 'Traces' },
  { id: 'code', name: 'Code' },
  { id: 'data', name: 'Data' },
  { id: 'environment', name: 'Environment' },
  { id: 'reproduce', name: 'Reproduce' },
] as const;

/** One run. Its tab is part of the address. */
export default function RunPage({
  runId,
  tab,
  projectId,
}: {
  runId: string;
  tab: string | undefined;
  projectId: string | null;
}) {
  const {
    data: run,
    error,
    refetch,
  } = useQuery({
    queryKey: ['run', runId],
    queryFn: () => engine.tracking.run({ runId }),
  });
  if (run === undefined) {
    return (
      <PageFrame name="Run">
        {error === null ? (
          <Pending what="the run" />
        ) : (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        )}
      </PageFrame>
    );
  }
  // An address from outside, such as benchtop://run/…, does not name the project.
  if (projectId === null && run.projectId !== null)
    return <Redirect to={`${runPath(run, tab)}${location.search}`} replace />;
  return <ShownRun run={run} tab={tabs.find(({ id }) => id === tab)?.id ?? 'overview'} />;
}

function ShownRun({ run, tab }: { run: Run; tab: (typeof tabs)[number]['id'] }) {
  useSeriesGrowth([run]);
  const traces = useTraceCount(run.id);
  // Few runs have traces; the others keep their place free of an empty part.
  const hasTraces = traces !== undefined && traces.ofRun + traces.ofExperiment > 0;
  return (
    <PageFrame
      name={run.name}
      runId={run.id}
      heading={<RunHeader run={run} />}
      actions={<RunActions run={run} />}
    >
      <PageParts
        label="Parts of the run"
        parts={tabs
          .filter(({ id }) => id !== 'traces' || hasTraces || tab === 'traces')
          .map(({ id, name }) => ({
            id,
            name,
            href: runPath(run, id === 'overview' ? undefined : id),
            count:
              id === 'charts'
                ? Object.entries(run.metrics).filter(([key, { count }]) => count > 1 && !isSystemSeries(key))
                    .length
                : id === 'traces'
                  ? traces?.ofRun
                  : undefined,
          }))}
        current={tab}
      />
      {tab === 'overview' ? <RunOverview run={run} /> : null}
      {tab === 'charts' ? <RunCharts key="metrics" run={run} part="metrics" /> : null}
      {tab === 'system' ? <RunCharts key="system" run={run} part="system" /> : null}
      {tab === 'logs' ? <RunLogs run={run} /> : null}
      {tab === 'artifacts' ? <RunArtifacts run={run} /> : null}
      {tab === 'traces' ? <RunTraces run={run} /> : null}
      {tab === 'code' ? <RunCode run={run} /> : null}
      {tab === 'data' ? <RunData run={run} /> : null}
      {tab === 'environment' ? <RunEnvironment run={run} /> : null}
      {tab === 'reproduce' ? (
        <RunReproduction
          run={run}
          linkTo={(what, name) => (
            <Link
              href={
                'runId' in what
                  ? runPath({ id: what.runId, projectId: run.projectId })
                  : comparePath(run.projectId, what.runIds)
              }
            >
              {name}
            </Link>
          )}
        />
      ) : null}
    </PageFrame>
  );
}
