import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'wouter';
import {
  stageState,
  type Execution,
  type ExecutionSummary,
  type Pipeline,
  type PipelineStage,
  type StageOutput,
} from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { showProblem } from '../../app/show-problem.ts';
import { usePageActions } from '../../app/use-page-actions.ts';
import { ElapsedTime } from '../../ui/elapsed-time.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import styles from './pipelines-page.module.css';
import { stageColumns } from './stage-columns.ts';
import { usePipeline } from './use-pipeline.ts';
import { useRunPipeline } from './use-run-pipeline.ts';

/** A project's pipeline: its stages from left to right, how each went last, and the executions so far. */
export default function PipelinesPage({ projectId }: { projectId: string }) {
  const { pipeline, executions, last: lastOne } = usePipeline(projectId);
  const run = useRunPipeline(projectId);
  const cancel = useMutation({
    mutationFn: (executionId: string) => engine.pipelines.cancel({ executionId }),
    onError: showProblem,
  });
  const last = executions.data?.[0];
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
      {pipeline.error !== null ? (
        <ErrorNotice error={pipeline.error} onRetry={() => void pipeline.refetch()} />
      ) : pipeline.data === undefined ? (
        <Pending what="the pipeline" />
      ) : pipeline.data === null ? (
        <NoPipeline />
      ) : (
        <div className={styles.scroll} tabIndex={0} role="region" aria-label="Pipeline" data-read>
          <Problems pipeline={pipeline.data} />
          <Stages pipeline={pipeline.data} last={lastOne.data} projectId={projectId} />
          <Executions executions={executions.data ?? []} error={executions.error} />
        </div>
      )}
    </PageFrame>
  );
}

function NoPipeline() {
  return (
    <EmptyState title="No pipeline in this folder">
      <p>
        Looked for <code>benchtop.yaml</code> and <code>dvc.yaml</code> in the project’s folder. A pipeline is
        a list of stages, each with a command, what it reads and what it writes:
      </p>
      <pre>
        {
          'stages:\n  prepare:\n    cmd: python prepare.py\n    deps: [raw.csv]\n    outs: [clean.csv]\n  train:\n    cmd: python train.py\n    deps: [clean.csv]\n    outs: [model.json]'
        }
      </pre>
    </EmptyState>
  );
}

function Problems({ pipeline }: { pipeline: Pipeline }) {
  if (pipeline.problems.length === 0) return null;
  return (
    <section className={styles.problems} aria-labelledby="problems">
      <h2 id="problems" className={styles.heading}>
        To mend in {pipeline.file}
      </h2>
      <ul className={styles.plain}>
        {pipeline.problems.map((problem) => (
          <li key={`${problem.line}:${problem.column} ${problem.message}`} className={styles.problem}>
            <code>
              {pipeline.file}:{problem.line}:{problem.column}
            </code>
            <span>
              {problem.message} <span className={styles.quiet}>{problem.fix}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Stages({
  pipeline,
  last,
  projectId,
}: {
  pipeline: Pipeline;
  last: Execution | undefined;
  projectId: string;
}) {
  const columns = useMemo(() => stageColumns(pipeline.stages), [pipeline]);
  return (
    <section aria-labelledby="stages">
      <h2 id="stages" className={styles.heading}>
        {pipeline.file}
        {last === undefined ? (
          <span className={styles.quiet}>not run yet</span>
        ) : (
          <span className={styles.quiet}>
            last run <RelativeTime at={last.startedAt} />
          </span>
        )}
      </h2>
      <ol className={styles.flow}>
        {columns.map((stages) => (
          <li key={stages[0]?.name} className={styles.step}>
            {stages.map((stage) => (
              <Stage key={stage.name} stage={stage} last={last} projectId={projectId} />
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Stage({
  stage,
  last,
  projectId,
}: {
  stage: PipelineStage;
  last: Execution | undefined;
  projectId: string;
}) {
  const at = last?.stages.find((each) => each.name === stage.name);
  return (
    <article className={styles.stage} aria-label={`Stage ${stage.name}`}>
      <header className={styles.stageHead}>
        <h3 className={styles.stageName}>
          {typeof at?.runId !== 'string' ? (
            stage.name
          ) : (
            <Link href={`/projects/${projectId}/runs/${at.runId}`}>{stage.name}</Link>
          )}
        </h3>
        {at === undefined ? (
          <span className={styles.quiet}>not run yet</span>
        ) : (
          <StatusMark status={at.state} />
        )}
      </header>
      {stage.description === '' ? null : <p className={styles.about}>{stage.description}</p>}
      <code className={styles.command}>{stage.commands.join('\n')}</code>
      <dl className={styles.files}>
        <Files name="reads" paths={stage.deps} />
        <Files name="params" paths={stage.params.flatMap(({ names }) => names)} />
        <Files name="writes" paths={pathsOf(stage, 'output', 'plots')} />
        <Files name="metrics" paths={pathsOf(stage, 'metrics')} />
      </dl>
    </article>
  );
}

const pathsOf = (stage: PipelineStage, ...kinds: readonly StageOutput['kind'][]) =>
  stage.outputs.filter(({ kind }) => kinds.includes(kind)).map(({ path }) => path);

const filesAtMost = 6;

function Files({ name, paths }: { name: string; paths: readonly string[] }) {
  if (paths.length === 0) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {paths.slice(0, filesAtMost).map((path) => (
          <code key={path} title={path}>
            {path}
          </code>
        ))}
        {paths.length > filesAtMost ? (
          <span className={styles.quiet}>and {paths.length - filesAtMost} more</span>
        ) : null}
      </dd>
    </div>
  );
}

function Executions({ executions, error }: { executions: readonly ExecutionSummary[]; error: Error | null }) {
  return (
    <section aria-labelledby="executions">
      <h2 id="executions" className={styles.heading}>
        Executions
      </h2>
      {error === null ? null : <ErrorNotice error={error} />}
      {executions.length === 0 ? (
        <p className={styles.quiet}>None yet. Each one will be listed here with its stages.</p>
      ) : null}
      {executions.length === 0 ? null : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Started</th>
              <th scope="col">Duration</th>
              <th scope="col">Stages</th>
            </tr>
          </thead>
          <tbody>
            {executions.map((execution) => (
              <tr key={execution.id}>
                <td>
                  <StatusMark status={execution.status} />
                </td>
                <td>
                  <RelativeTime at={execution.startedAt} />
                </td>
                <td>
                  <ElapsedTime startedAt={execution.startedAt} endedAt={execution.endedAt} />
                </td>
                <td className={styles.stageMarks}>
                  {stageState.options.map((state) =>
                    execution.counts[state] === undefined ? null : (
                      <span key={state} className={styles.stageMark}>
                        <StatusMark status={state} isIconOnly />
                        {execution.counts[state]}
                      </span>
                    ),
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
