import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { verdict, verdictTag, type Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { EtaText } from '../../ui/eta-text.tsx';
import { isGoingOn } from './is-going-on.ts';
import { commandLine } from '../../ui/command-line.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ElapsedTime } from '../../ui/elapsed-time.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { VerdictMark } from '../reproduction/index.ts';
import styles from './run-header.module.css';
import { runPath } from './run-path.ts';

/** How far a run is, when it will end, and what it waits for. */
function JobFacts({ runId }: { runId: string }) {
  const { data: queue } = useQuery({ queryKey: ['jobs'], queryFn: () => engine.runner.queue({}) });
  const job = queue?.jobs.find((each) => each.runId === runId);
  if (job === undefined) return null;
  const isPaused = job.isPaused ? 'paused' : null;
  const done = job.progress === null ? null : `${Math.round(job.progress * 100)} %`;
  const waits = job.waitsFor === null ? null : `waits for ${job.waitsFor}`;
  const words = [isPaused, done, waits].filter((word) => word !== null).join(' · ');
  if (words === '' && job.etaAt === null) return null;
  return (
    <span className={styles.quiet}>
      {words}
      {job.etaAt === null ? null : (
        <>
          {words === '' ? 'ends about ' : ' · ends about '}
          <EtaText job={job} />
        </>
      )}
    </span>
  );
}

/** A run in one line: name, state and how it ended, how long it took, what was run. */
export function RunHeader({ run }: { run: Run }) {
  const command = commandLine(run.command);
  const reproduced = verdict.safeParse(run.tags[verdictTag]);
  const root = run.projectId === null ? '/runs' : `/projects/${run.projectId}/runs`;
  return (
    <div className={styles.line}>
      <Link href={root} className={styles.back}>
        Runs
      </Link>
      <span className={styles.quiet} aria-hidden>
        /
      </span>
      <h1 className={styles.name} title={run.id}>
        {run.name}
      </h1>
      <StatusMark status={run.status} />
      {run.ending === null || run.status === 'finished' ? null : (
        <span className={styles.quiet}>{run.ending}</span>
      )}
      {reproduced.success ? (
        <Link href={runPath(run, 'reproduce')} title={`Reproduced: ${reproduced.data}`}>
          <VerdictMark verdict={reproduced.data} />
        </Link>
      ) : null}
      <span className={styles.quiet}>
        <ElapsedTime {...run} />
      </span>
      {isGoingOn(run) ? <JobFacts runId={run.id} /> : null}
      <span className={styles.quiet}>
        <RelativeTime at={run.startedAt ?? run.createdAt} />
      </span>
      {command === '' ? null : (
        <span className={styles.command}>
          <code title={command}>{command}</code>
          <CopyButton text={command} what="the command" />
        </span>
      )}
    </div>
  );
}
