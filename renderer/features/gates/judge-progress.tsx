import { Button } from '@mantine/core';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { CheckTable } from './check-table.tsx';
import styles from './gates.module.css';
import type { Judging } from './use-judge.ts';

/** What is judged just now, with the way to end it; why judging failed. Nothing while nothing goes on. */
export function JudgeProgress({ judging, projectId }: { judging: Judging; projectId: string }) {
  const { isRunning, progress, results, error, cancel } = judging;
  if (!isRunning) return error === null ? null : <ErrorNotice error={error} onRetry={judging.start} />;
  return (
    <>
      <p className={styles.note} role="status">
        {progress === null ? 'Judging …' : `${progress.check.replaceAll('_', ' ')}: ${progress.what} …`}
        <Button onClick={cancel}>Cancel</Button>
      </p>
      {results.length === 0 ? null : <CheckTable results={results} projectId={projectId} />}
    </>
  );
}
