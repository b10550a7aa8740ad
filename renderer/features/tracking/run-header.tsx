import { Link } from 'wouter';
import type { Run } from '../../../contract/index.ts';
import { commandLine } from '../../ui/command-line.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ElapsedTime } from '../../ui/elapsed-time.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import styles from './run-header.module.css';

/** A run in one line: name, state and how it ended, how long it took, what was run. */
export function RunHeader({ run }: { run: Run }) {
  const command = commandLine(run.command);
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
      <span className={styles.quiet}>
        <ElapsedTime {...run} />
      </span>
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
