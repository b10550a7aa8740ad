import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Finding, Project } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { useProjects } from '../../app/use-projects.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { usePipeline } from '../pipelines/index.ts';
import { MeasureRules } from './measure-rules.tsx';
import { LatestRuns } from './latest-runs.tsx';
import { NextActionLine } from './next-action-line.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import styles from './project-home.module.css';

/** A project at a glance: what to do next, its latest runs, its pipeline, what lies in its folder. */
export default function ProjectHome({ projectId }: { projectId: string }) {
  const { data: projects, error, refetch } = useProjects();
  const project = projects?.find((each) => each.id === projectId);
  return (
    <PageFrame name={project?.name ?? 'Project'}>
      {project !== undefined ? (
        <Home project={project} />
      ) : error !== null ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : projects === undefined ? (
        <Pending what="the project" />
      ) : (
        <EmptyState title="This project is not known here">
          <p>No project in this home has the id {projectId}. Choose one in the rail, or open its folder.</p>
        </EmptyState>
      )}
    </PageFrame>
  );
}

function Home({ project }: { project: Project }) {
  const findings = useQuery({
    queryKey: ['findings', project.id],
    queryFn: () => engine.projects.findings({ projectId: project.id }),
    staleTime: 30_000,
  });
  const { pipeline, last: lastExecution } = usePipeline(project.id);
  return (
    <ScrollRegion label={project.name}>
      <div className={styles.path}>
        <code>{project.path}</code>
        <CopyButton text={project.path} what="the path" />
        {project.isPresent ? null : (
          <span className={styles.gone}>This folder is not there at the moment.</span>
        )}
      </div>
      <NextActionLine
        project={project}
        pipeline={pipeline.data ?? null}
        lastExecution={lastExecution.data ?? undefined}
        findings={findings.data ?? []}
      />
      <div className={styles.columns}>
        <section aria-labelledby="latest">
          <h2 id="latest" className={styles.heading}>
            Latest runs
            <Link href={`/projects/${project.id}/runs`} className={styles.more}>
              All {formatCount(project.runCount)}
            </Link>
          </h2>
          <LatestRuns projectId={project.id} />
        </section>
        <div className={styles.side}>
          <section aria-labelledby="pipeline">
            <h2 id="pipeline" className={styles.heading}>
              Pipeline
              {!pipeline.data ? null : (
                <Link href={`/projects/${project.id}/pipelines`} className={styles.more}>
                  {pipeline.data.file}
                </Link>
              )}
            </h2>
            {pipeline.error !== null ? <ErrorNotice error={pipeline.error} /> : null}
            {pipeline.data === null ? (
              <p className={styles.quiet}>No benchtop.yaml or dvc.yaml in this folder.</p>
            ) : null}
            <ul className={styles.list}>
              {pipeline.data?.stages.map((stage) => {
                const last = lastExecution.data?.stages.find((each) => each.name === stage.name);
                return (
                  <li key={stage.name} className={styles.line}>
                    <span className={styles.kind}>{stage.name}</span>
                    <code className={styles.detail}>{stage.commands.join(' && ')}</code>
                    {last === undefined ? (
                      <span className={styles.quiet}>not run yet</span>
                    ) : (
                      <StatusMark status={last.state} />
                    )}
                  </li>
                );
              })}
            </ul>
          </section>
          <MeasureRules projectId={project.id} />
          <section aria-labelledby="findings">
            <h2 id="findings" className={styles.heading}>
              In the folder
            </h2>
            {findings.error !== null ? (
              <ErrorNotice error={findings.error} onRetry={() => void findings.refetch()} />
            ) : null}
            {findings.data === undefined && findings.error === null ? <Pending what="the folder" /> : null}
            {findings.data?.length === 0 ? (
              <p className={styles.quiet}>No scripts, notebooks, pipelines, data or earlier trackers.</p>
            ) : null}
            <Findings findings={findings.data ?? []} />
          </section>
        </div>
      </div>
    </ScrollRegion>
  );
}

const kindNames: Record<Finding['kind'], string> = {
  script: 'Script',
  notebook: 'Notebook',
  environment: 'Environment',
  git: 'Git',
  mlruns: 'MLflow runs',
  'mlflow-db': 'MLflow database',
  tensorboard: 'TensorBoard',
  pipeline: 'Pipeline',
  data: 'Data',
  params: 'Params',
};
const shownFindings = 40;

function Findings({ findings }: { findings: readonly Finding[] }) {
  return (
    <>
      <ul className={styles.list}>
        {findings.slice(0, shownFindings).map((finding) => (
          <li key={`${finding.kind} ${finding.path}`} className={styles.line}>
            <span className={styles.kind}>{kindNames[finding.kind]}</span>
            <code className={styles.file} title={finding.path}>
              {finding.path}
            </code>
            <span className={styles.detail} title={finding.detail}>
              {finding.detail}
            </span>
          </li>
        ))}
      </ul>
      {findings.length > shownFindings ? (
        <p className={styles.quiet}>
          Showing the first {shownFindings} of {formatCount(findings.length)}.
        </p>
      ) : null}
    </>
  );
}
