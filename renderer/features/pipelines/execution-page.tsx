import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { Execution, Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { queryClient } from '../../app/query-client.ts';
import { showProblem } from '../../app/show-problem.ts';
import { ElapsedTime } from '../../ui/elapsed-time.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatDuration } from '../../ui/format-duration.ts';
import { Pending } from '../../ui/pending.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { useNow } from '../../ui/use-now.ts';
import styles from './execution-page.module.css';
import { GanttChart } from './gantt/gantt-chart.tsx';
import { ganttRows } from './gantt/gantt-rows.ts';
import { StageLog } from './stage-log.tsx';
import { useExecution } from './use-execution.ts';
import { usePipeline } from './use-pipeline.ts';

/** One execution of a pipeline: its stages over time, and the log of the one chosen. */
export default function ExecutionPage({
  projectId,
  executionId,
}: {
  projectId: string;
  executionId: string;
}) {
  const { data: execution, error, refetch } = useExecution(executionId);
  const take = (next: Execution) => {
    queryClient.setQueryData(['execution', executionId], next);
    void queryClient.invalidateQueries({ queryKey: ['executions'] });
  };
  const cancel = useMutation({
    mutationFn: () => engine.pipelines.cancel({ executionId }),
    onError: showProblem,
  });
  const resume = useMutation({
    mutationFn: () => engine.pipelines.resume({ executionId }),
    onSuccess: take,
    onError: showProblem,
  });
  const isOver = execution?.status === 'failed' || execution?.status === 'killed';
  return (
    <PageFrame
      name="Execution"
      heading={
        <div className={styles.heading}>
          <Link href={`/projects/${projectId}/pipelines/executions`} className={styles.quiet}>
            Executions
          </Link>
          <span className={styles.quiet} aria-hidden>
            /
          </span>
          <h1 className={styles.name} title={executionId}>
            Execution {executionId.slice(0, 8)}
          </h1>
          {!execution ? null : <ExecutionFacts execution={execution} />}
        </div>
      }
      actions={
        execution?.status === 'running' ? (
          <Button onClick={() => cancel.mutate()} loading={cancel.isPending}>
            Cancel
          </Button>
        ) : isOver ? (
          <Button
            variant="filled"
            onClick={() => resume.mutate()}
            loading={resume.isPending}
            title="What has been done stays done, the rest runs"
          >
            Resume
          </Button>
        ) : null
      }
    >
      {execution ? (
        <ShownExecution execution={execution} />
      ) : error !== null ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Pending what="the execution" />
      )}
    </PageFrame>
  );
}

function ExecutionFacts({ execution: { status, startedAt, endedAt, cause } }: { execution: Execution }) {
  return (
    <>
      <StatusMark status={status} />
      <span className={styles.quiet}>
        <ElapsedTime startedAt={startedAt} endedAt={endedAt} />
      </span>
      <span className={styles.quiet}>
        <RelativeTime at={startedAt} />
      </span>
      <span className={styles.quiet} title="What began it">
        {cause}
      </span>
    </>
  );
}

function ShownExecution({ execution }: { execution: Execution }) {
  const [search, setSearch] = useSearchParams();
  const { pipeline } = usePipeline(execution.projectId);
  const isRunning = execution.status === 'running';
  const second = useNow('second');
  const now = isRunning ? second : (execution.endedAt ?? second);
  const stages = pipeline.data?.stages;
  const upstream = useMemo(() => new Map(stages?.map((stage) => [stage.name, stage.upstream])), [stages]);
  const gantt = useMemo(
    () => ganttRows(execution, (stage) => upstream.get(stage) ?? [], now),
    [execution, upstream, now],
  );
  const earlierTries = useEarlierTries(execution);
  const chosen = search.get('stage');
  // Somebody looks for what runs now, or for what went wrong, or for what ended last.
  const first =
    execution.stages.find(({ state }) => state === 'failed') ??
    execution.stages.find(({ state }) => state === 'running') ??
    gantt.rows.findLast(({ stage }) => stage.runId !== null)?.stage;
  const shown = execution.stages.find(({ name }) => name === (chosen ?? first?.name));
  const spanMs = gantt.toAt - gantt.fromAt;
  return (
    <div className={styles.split} data-read>
      <div className={styles.gantt} data-region="gantt">
        <GanttChart
          gantt={gantt}
          earlierTries={earlierTries}
          selected={shown?.name ?? null}
          onSelect={(stage) =>
            setSearch(
              (before) => {
                const next = new URLSearchParams(before);
                next.set('stage', stage);
                return next;
              },
              { replace: true },
            )
          }
        />
        {gantt.criticalPath.length < 2 ? null : (
          <p className={styles.note} title={gantt.criticalPath.join(' → ')}>
            Underlined: the critical path, {gantt.criticalPath.length} of {execution.stages.length} stages,{' '}
            {formatDuration(spanMs)}. Shaded: ready, and waiting for a slot.
          </p>
        )}
      </div>
      {shown === undefined ? null : (
        <StageLog key={shown.name} stage={shown} projectId={execution.projectId} />
      )}
    </div>
  );
}

const noTries: ReadonlyMap<string, readonly Run[]> = new Map();
const triesAtMost = 200;

/** Runs of stages that were begun more than once, without the last of each. */
function useEarlierTries(execution: Execution): ReadonlyMap<string, readonly Run[]> {
  const repeated = execution.stages.some(({ tries }) => tries > 1);
  const { data } = useQuery({
    queryKey: ['runs', 'of-execution', execution.id],
    queryFn: () =>
      engine.tracking.searchRuns({
        projectId: execution.projectId,
        text: `tags.\`benchtop.execution\` = '${execution.id}'`,
        limit: triesAtMost,
      }),
    enabled: repeated,
  });
  return useMemo(() => {
    if (data === undefined) return noTries;
    const lastRuns = new Set(execution.stages.map(({ runId }) => runId));
    const tries = new Map<string, Run[]>();
    for (const run of data.runs) {
      const stage = run.tags['benchtop.stage'];
      if (stage === undefined || lastRuns.has(run.id)) continue;
      tries.set(stage, [...(tries.get(stage) ?? []), run]);
    }
    return tries;
  }, [data, execution]);
}
