import { Button } from '@mantine/core';
import { errorShapeOf } from '../../contract/index.ts';
import { copyText } from './copy-text.ts';
import { MarkedText } from './marked-text.tsx';
import styles from './error-notice.module.css';

/** A failure in full: what happened, what shows it, what to do next, and the same as text to copy. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { code, what, evidence, next } = errorShapeOf(error);
  const diagnostics = () =>
    JSON.stringify(
      {
        code,
        what,
        evidence,
        next,
        place: location.pathname,
        at: new Date().toISOString(),
        agent: navigator.userAgent,
      },
      null,
      2,
    );
  return (
    <div role="alert" className={styles.notice}>
      <p className={styles.what}>
        <MarkedText text={what} />
      </p>
      {evidence === undefined ? null : <pre className={styles.evidence}>{evidence}</pre>}
      {next === undefined ? null : (
        <p className={styles.next}>
          <MarkedText text={next} />
        </p>
      )}
      <div className={styles.actions}>
        {onRetry === undefined ? null : <Button onClick={onRetry}>Try again</Button>}
        <Button onClick={() => void copyText(diagnostics(), 'the diagnostics')}>Copy diagnostics</Button>
      </div>
    </div>
  );
}
