import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { Monitor, MonitorResults } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { showProblem } from '../../app/show-problem.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatDuration } from '../../ui/format-duration.ts';
import { PanelGround } from '../../ui/panel-ground.tsx';
import { Pending } from '../../ui/pending.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { CellPanel } from './cell-panel.tsx';
import { ChunkTable } from './chunk-table.tsx';
import { HeatMap } from './heat-map.tsx';
import { IncidentList } from './incident-list.tsx';
import { monitorText, scheduleWords } from './monitor-texts.ts';
import styles from './monitoring.module.css';
import { PerformancePanel } from './performance-panel.tsx';
import { StateMark } from './state-mark.tsx';
import { TimePanels } from './time-panels.tsx';
import { useMonitorRun, type MonitorRunning } from './use-monitor-run.ts';
import { useMonitors, useResults } from './use-monitors.ts';

/** One monitor: the verdict, its three panels over time, columns over chunks, incidents. */
export default function MonitorPage({ projectId, monitorId }: { projectId: string; monitorId: string }) {
  const monitors = useMonitors(projectId);
  const results = useResults(monitorId);
  const run = useMonitorRun(monitorId);
  const monitor = monitors.data?.find(({ id }) => id === monitorId);
  const [search, setSearch] = useSearchParams();
  // Whoever has just added it wants to see what there is.
  const isAsked = search.has('run');
  const hasBegun = useRef(false);
  useEffect(() => {
    if (!isAsked || hasBegun.current) return;
    hasBegun.current = true;
    setSearch({}, { replace: true });
    run.start();
  }, [isAsked, run, setSearch]);
  const error = monitors.error ?? results.error;
  return (
    <PageFrame
      name={monitor?.name ?? 'Monitor'}
      beside={monitor === undefined ? null : <StateMark monitor={monitor} />}
      actions={
        <>
          <Link href={`/projects/${projectId}/monitoring`} className={styles.all}>
            All monitors
          </Link>
          <Button onClick={() => void saveReport(monitorId, monitor?.name ?? 'monitor')}>Save report</Button>
          {run.isRunning ? (
            <Button onClick={run.cancel}>Cancel</Button>
          ) : (
            <Button variant="filled" onClick={run.start}>
              Run now
            </Button>
          )}
        </>
      }
    >
      <RunLine run={run} isRunning={monitor?.isRunning ?? false} />
      {error !== null ? (
        <ErrorNotice
          error={error}
          onRetry={() => {
            void monitors.refetch();
            void results.refetch();
          }}
        />
      ) : monitors.data === undefined || results.data === undefined ? (
        <Pending what="the monitor" />
      ) : monitor === undefined ? (
        <EmptyState title="There is no such monitor in this project" />
      ) : (
        <Shown monitor={monitor} results={results.data} projectId={projectId} />
      )}
    </PageFrame>
  );
}

async function saveReport(monitorId: string, name: string): Promise<void> {
  try {
    const { html } = await engine.monitoring.report({ monitorId });
    saveFile(new Blob([html], { type: 'text/html' }), `${name}.html`);
  } catch (error) {
    showProblem(error);
  }
}

/** @param isRunning by whomever */
function RunLine({
  run: { isRunning: isOwn, progress, done, error },
  isRunning,
}: {
  run: MonitorRunning;
  isRunning: boolean;
}) {
  if (error !== null) return <ErrorNotice error={error} />;
  if (isOwn || isRunning)
    return (
      <p className={styles.runLine} role="status">
        {progress === null || progress.of === 0
          ? 'Judging what is new …'
          : `${progress.done} of ${progress.of} chunks judged: ${progress.what}`}
      </p>
    );
  if (done === null) return null;
  return (
    <p className={styles.runLine} role="status">
      {done.judgedCount === 0
        ? `Nothing new: ${done.knownCount} chunks are known from before.`
        : `${done.judgedCount} chunks judged in ${formatDuration(done.elapsedMs)}${done.knownCount === 0 ? '' : `, ${done.knownCount} known from before`}.`}
      {done.waitingRows === 0 ? '' : ` ${done.waitingRows.toLocaleString('en-US')} rows are in no chunk yet.`}
    </p>
  );
}

function Shown({
  monitor,
  results,
  projectId,
}: {
  monitor: Monitor;
  results: MonitorResults;
  projectId: string;
}) {
  const [search, setSearch] = useSearchParams();
  const chunkId = Number(search.get('chunk'));
  const name = search.get('column');
  const chosen = name === null ? null : { chunkId, name };
  const choose = (place: { chunkId: number; name: string } | null) =>
    setSearch(place === null ? {} : { chunk: String(place.chunkId), column: place.name }, { replace: true });
  const trouble = monitor.problem ?? monitor.lastRun?.problem ?? null;
  const chunk = results.chunks.find(({ id }) => id === chunkId);
  return (
    <PanelGround className={styles.split} onClose={chosen === null ? null : () => choose(null)}>
      <ScrollRegion label="What the monitor found">
        <p className={styles.about}>{results.about}</p>
        <p className={styles.meta}>
          {monitorText(monitor)} · runs {scheduleWords(monitor)}
          {monitor.lastRun === null ? null : (
            <>
              {' '}
              · last run <RelativeTime at={monitor.lastRun.at} />
            </>
          )}
        </p>
        {trouble === null ? null : <p className={styles.trouble}>{trouble}</p>}
        {monitor.lastRun === null || monitor.lastRun.importanceProblem === null ? null : (
          <p className={styles.trouble}>
            What the columns are to {monitor.model} is not known: {monitor.lastRun.importanceProblem}
          </p>
        )}
        {results.chunks.length === 0 ? null : (
          <>
            <TimePanels results={results} prediction={monitor.prediction} />
            {monitor.performance === null ? null : <PerformancePanel results={results} />}
            <HeatMap results={results} chosen={chosen} onChoose={choose} />
            <Incidents monitorId={monitor.id} projectId={projectId} />
            <ChunkTable chunks={results.chunks} chunkCount={results.chunkCount} />
          </>
        )}
      </ScrollRegion>
      {chosen === null || chunk === undefined ? null : (
        <CellPanel chunk={chunk} name={chosen.name} onClose={() => choose(null)} />
      )}
    </PanelGround>
  );
}

function Incidents({ monitorId, projectId }: { monitorId: string; projectId: string }) {
  const { data, error } = useQuery({
    queryKey: ['monitors', monitorId, 'incidents'],
    queryFn: () => engine.monitoring.incidents({ monitorId }),
  });
  if (error !== null) return <ErrorNotice error={error} />;
  return data === undefined ? null : <IncidentList incidents={data} projectId={projectId} />;
}
