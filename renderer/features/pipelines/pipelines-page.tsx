import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { showProblem } from '../../app/show-problem.ts';
import { usePageActions } from '../../app/use-page-actions.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { ExecutionList } from './execution-list.tsx';
import { NoPipeline } from './no-pipeline.tsx';
import { PipelineMap } from './pipeline-map.tsx';
import styles from './pipelines-page.module.css';
import { ProblemList } from './problem-list.tsx';
import { usePipeline } from './use-pipeline.ts';
import { useRunPipeline } from './use-run-pipeline.ts';

const parts = [
  { id: 'graph', name: 'Graph' },
  { id: 'executions', name: 'Executions' },
] as const;

/** A project's pipeline. Which part of it is shown is in the address. */
export default function PipelinesPage({
  projectId,
  part: named,
}: {
  projectId: string;
  part: string | undefined;
}) {
  const { pipeline, executions, last: latest } = usePipeline(projectId);
  const part = parts.find(({ id }) => id === named)?.id ?? 'graph';
  const run = useRunPipeline(projectId);
  const cancel = useMutation({
    mutationFn: (executionId: string) => engine.pipelines.cancel({ executionId }),
    onError: showProblem,
  });
  const last = latest.data;
  const isRunning = last?.status === 'running';
  const canRun = pipeline.data?.problems.length === 0 && !isRunning;
  usePageActions(canRun ? { 'pipeline.run': () => run.mutate() } : {});
  return (
    <PageFrame
      name="Pipelines"
      actions={
        isRunning ? (
          <Button onClick={() => cancel.mutate(last.id)} loading={cancel.isPending}>
            Cancel
          </Button>
        ) : !pipeline.data ? null : (
          <Button variant="filled" disabled={!canRun} onClick={() => run.mutate()} loading={run.isPending}>
            Run pipeline
          </Button>
        )
      }
    >
      <nav className={styles.tabs} aria-label="Parts of the pipeline">
        {parts.map(({ id, name }) => (
          <Link
            key={id}
            href={`/projects/${projectId}/pipelines${id === 'graph' ? '' : `/${id}`}`}
            className={styles.tab}
            aria-current={part === id ? 'page' : undefined}
          >
            {name}
          </Link>
        ))}
      </nav>
      {part === 'executions' ? (
        <ExecutionList executions={executions.data ?? []} error={executions.error} projectId={projectId} />
      ) : pipeline.error !== null ? (
        <ErrorNotice error={pipeline.error} onRetry={() => void pipeline.refetch()} />
      ) : pipeline.data === undefined ? (
        <Pending what="the pipeline" />
      ) : pipeline.data === null ? (
        <NoPipeline />
      ) : (
        <>
          <ProblemList pipeline={pipeline.data} />
          <PipelineMap projectId={projectId} pipeline={pipeline.data} last={last} />
        </>
      )}
    </PageFrame>
  );
}
