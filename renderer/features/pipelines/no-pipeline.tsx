import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { PipelineProposal, ProposedStage } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import styles from './no-pipeline.module.css';

const example = [
  'stages:',
  '  prepare:',
  '    cmd: python prepare.py',
  '    deps: [raw.csv]',
  '    outs: [clean.csv]',
  '  train:',
  '    cmd: python train.py',
  '    deps: [clean.csv]',
  '    outs: [model.json]',
].join('\n');

/** A project without a pipeline: one that its runs show, to be saved once a person has looked at it, or what one is. */
export function NoPipeline({ projectId }: { projectId: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['pipeline-proposal', projectId],
    queryFn: () => engine.pipelines.proposal({ projectId }),
    staleTime: 0,
  });
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Pending what="what the runs show" />;
  return data === null ? <Explained /> : <Proposal proposal={data} projectId={projectId} />;
}

function Explained() {
  return (
    <EmptyState title="No pipeline in this folder">
      <p>
        Looked for <code>benchtop.yaml</code> and <code>dvc.yaml</code> in the project’s folder. A pipeline is
        a list of stages, each with a command, what it reads and what it writes. Once programs have run here
        of which one reads what another writes, one is proposed.
      </p>
      <pre>{example}</pre>
    </EmptyState>
  );
}

function Proposal({ proposal, projectId }: { proposal: PipelineProposal; projectId: string }) {
  const { stages, edges, leftOut, text } = proposal;
  const save = useMutation({
    mutationFn: () => engine.pipelines.saveProposal({ projectId, text }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['pipeline', projectId] }),
  });
  return (
    <ScrollRegion label="Proposed pipeline">
      <h2 className={styles.title}>
        Your runs look like a pipeline of {stages.length === 1 ? 'one stage' : `${stages.length} stages`}
      </h2>
      <p className={styles.about}>
        No <code>benchtop.yaml</code> or <code>dvc.yaml</code> is in this folder. What follows was declared,
        observed or guessed from recorded runs; look at it, then save it as <code>benchtop.yaml</code>.
        Nothing is written before.
      </p>
      <div className={styles.actions}>
        <Button variant="filled" onClick={() => save.mutate()} loading={save.isPending}>
          Save as benchtop.yaml
        </Button>
      </div>
      {save.error === null ? null : <ErrorNotice error={save.error} />}
      <div className={styles.columns}>
        <div>
          {stages.map((stage) => (
            <Stage key={stage.name} stage={stage} projectId={projectId} />
          ))}
          {edges.length === 0 ? null : (
            <ul className={styles.list} aria-label="What hangs on what">
              {edges.map(({ from, to, path, known }) => (
                <li key={`${from} ${to} ${path}`}>
                  {to} reads <code>{path}</code>, which {from} writes{' '}
                  <span className={styles.known}>{known}</span>
                </li>
              ))}
            </ul>
          )}
          {leftOut.length === 0 ? null : (
            <ul className={styles.list} aria-label="Left out">
              {leftOut.map((why) => (
                <li key={why}>{why}</li>
              ))}
            </ul>
          )}
        </div>
        <div className={styles.file}>
          <CopyButton text={text} what="the file" />
          <pre tabIndex={0} role="region" aria-label="The file">
            {text}
          </pre>
        </div>
      </div>
    </ScrollRegion>
  );
}

function Stage({ stage, projectId }: { stage: ProposedStage; projectId: string }) {
  const paths = [
    ...stage.deps.map((path) => ({ ...path, does: 'reads' })),
    ...stage.outs.map((path) => ({ ...path, does: 'writes' })),
  ];
  return (
    <section className={styles.stage} aria-label={`Proposed stage ${stage.name}`}>
      <h3 className={styles.name}>
        {stage.name}{' '}
        <Link href={`/projects/${projectId}/runs/${stage.runId}`} className={styles.run}>
          the run that shows it
        </Link>
      </h3>
      <code className={styles.command}>{stage.command}</code>
      <table className={styles.table}>
        <tbody>
          {paths.map(({ does, path, known }) => (
            <tr key={`${does} ${path}`}>
              <td>{does}</td>
              <td>
                <code>{path}</code>
              </td>
              <td className={styles.known}>{known}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
