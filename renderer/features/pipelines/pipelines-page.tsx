import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { showProblem } from '../../app/show-problem.ts';
import { usePageActions } from '../../app/use-page-actions.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { PageParts } from '../../ui/page-parts.tsx';
import { Pending } from '../../ui/pending.tsx';
import { ExecutionList } from './execution-list.tsx';
import { NoPipeline } from './no-pipeline.tsx';
import { PipelineMap } from './pipeline-map.tsx';
import { PlanDialog, type PlanTarget } from './plan-dialog.tsx';
import { ProblemList } from './problem-list.tsx';
import { TriggerList } from './trigger-list.tsx';
import { usePipeline } from './use-pipeline.ts';
import { usePipelineStatus } from './use-pipeline-status.ts';

const parts = [
  { id: 'graph', name: 'Graph' },
  { id: 'executions', name: 'Executions' },
  { id: 'triggers', name: 'Triggers' },
] as const;

/** A project's pipeline. Which part of it is shown is in the address. */
export default function PipelinesPage({
  projectId,
  part: named,
}: {
  projectId: string;
  part: string | undefined;
}) {
  const part = parts.find(({ id }) => id === named)?.id ?? 'graph';
  const root = `/projects/${projectId}/pipelines`;
  const [, navigate] = useLocation();
  const { pipeline, executions, last: latest } = usePipeline(projectId);
  const last = latest.data ?? undefined;
  const status = usePipelineStatus(projectId, pipeline.data, last);
  const [target, aim] = useState<PlanTarget | null>(null);
  const cancel = useMutation({
    mutationFn: (executionId: string) => engine.pipelines.cancel({ executionId }),
    onError: showProblem,
  });
  const isRunning = last?.status === 'running';
  const canRun = pipeline.data?.problems.length === 0 && !isRunning;
  const runAll = () => aim({ stage: null, reach: 'up-to-here' });
  usePageActions(canRun ? { 'pipeline.run': runAll } : {});
  return (
    <PageFrame
      name="Pipelines"
      actions={
        isRunning ? (
          <>
            <Button component={Link} href={`${root}/executions/${last.id}`}>
              Watch it
            </Button>
            <Button onClick={() => cancel.mutate(last.id)} loading={cancel.isPending}>
              Cancel
            </Button>
          </>
        ) : !pipeline.data ? null : (
          <Button variant="filled" disabled={!canRun} onClick={runAll}>
            Run pipeline
          </Button>
        )
      }
    >
      <PageParts
        label="Parts of the pipeline"
        parts={parts.map(({ id, name }) => ({ id, name, href: id === 'graph' ? root : `${root}/${id}` }))}
        current={part}
      />
      {part === 'executions' ? (
        <ExecutionList executions={executions.data} error={executions.error} projectId={projectId} />
      ) : part === 'triggers' ? (
        <TriggerList projectId={projectId} />
      ) : pipeline.error !== null ? (
        <ErrorNotice error={pipeline.error} onRetry={() => void pipeline.refetch()} />
      ) : pipeline.data === undefined ? (
        <Pending what="the pipeline" />
      ) : pipeline.data === null ? (
        <NoPipeline projectId={projectId} />
      ) : (
        <>
          <ProblemList pipeline={pipeline.data} />
          {status.error === null ? null : (
            <ErrorNotice error={status.error} onRetry={() => void status.refetch()} />
          )}
          <PipelineMap
            projectId={projectId}
            pipeline={pipeline.data}
            statuses={status.data}
            last={last}
            onRun={canRun ? aim : null}
          />
        </>
      )}
      {target === null ? null : (
        <PlanDialog
          projectId={projectId}
          target={target}
          onClose={() => aim(null)}
          onStarted={(executionId) => {
            aim(null);
            // Who started one stage from the graph goes on looking at the graph.
            if (target.stage === null) navigate(`${root}/executions/${executionId}`);
          }}
        />
      )}
    </PageFrame>
  );
}
