import { Button } from '@mantine/core';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-number.ts';
import styles from './data.module.css';
import { contentText } from './data-texts.ts';
import type { Recording } from './use-recording.ts';

/** How a recording goes, and what came of it. */
export function RecordingNotice({ recording, onCancel }: { recording: Recording; onCancel: () => void }) {
  switch (recording.kind) {
    case 'idle':
      return null;
    case 'failed':
      return <ErrorNotice error={recording.error} />;
    case 'going':
      return (
        <p role="status" className={styles.notice}>
          <span>
            Recording <code>{recording.path}</code>
            {recording.progress === null || recording.progress.kind === 'done'
              ? ' …'
              : `: ${formatCount(recording.progress.files)}${recording.progress.ofFiles === null ? '' : ` of ${formatCount(recording.progress.ofFiles)}`} files, ${formatBytes(recording.progress.bytes)}`}
          </span>
          <Button onClick={onCancel}>Cancel</Button>
        </p>
      );
    case 'done': {
      const { moment, isNew } = recording.event;
      return (
        <div role="status" className={styles.notice}>
          <span>
            {isNew ? 'Recorded' : 'Nothing changed in'} <code>{recording.path}</code>: version{' '}
            <code>{moment.version.slice(0, 12)}</code>, {contentText(moment)}.
            {moment.problemCount === 0
              ? null
              : ` ${formatCount(moment.problemCount)} could not be part of it.`}
          </span>
        </div>
      );
    }
  }
}
