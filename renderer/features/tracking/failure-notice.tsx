import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { withoutAnsi } from '../../ui/log-view/ansi-spans.ts';
import { collapseReturns } from '../../ui/log-view/log-window.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import styles from './failure-notice.module.css';
import { lastWords } from './last-words.ts';
import { runPath } from './run-path.ts';

const tailBytes = 16 * 1024;

/** How a run failed: in words, with its exit code and the last lines it printed, from the traceback on if there is one. */
export function FailureNotice({ run }: { run: Run }) {
  const { data } = useQuery({
    queryKey: ['log-end', run.id, run.endedAt],
    queryFn: () => engine.runner.log({ runId: run.id, offset: -tailBytes, limit: tailBytes }),
  });
  const lines =
    data === undefined
      ? []
      : lastWords(
          new TextDecoder()
            .decode(data.bytes)
            .split('\n')
            .map((line) => withoutAnsi(collapseReturns(line))),
        );
  return (
    <section className={styles.notice} data-status={run.status} aria-label="How it ended">
      <p className={styles.what}>
        <StatusMark status={run.status} />
        <span>
          {run.ending ?? (run.exitCode === null ? 'It ended without a word.' : `exit code ${run.exitCode}`)}
        </span>
        {data !== undefined && data.sizeBytes > 0 ? (
          <Link href={runPath(run, 'logs')} className={styles.more}>
            The whole log
          </Link>
        ) : null}
      </p>
      {lines.length === 0 ? null : (
        <pre className={styles.lines} tabIndex={0}>
          {lines.join('\n')}
        </pre>
      )}
    </section>
  );
}
