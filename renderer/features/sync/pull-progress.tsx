import { Button, Progress } from '@mantine/core';
import type { Pull } from '../../../contract/index.ts';
import { formatBytes } from '../../ui/format-bytes.ts';
import styles from './sync.module.css';
import { usePullChanges } from './use-pulls.ts';

/** How far a fetch is, with the way to end it. */
export function PullProgress({ pull }: { pull: Pull }) {
  const { cancel } = usePullChanges(pull);
  const { name, version, doneBytes, totalBytes } = pull;
  return (
    <span role="status">
      <Progress
        className={styles.progress}
        aria-label={`Fetching ${name}/${version}`}
        value={totalBytes === 0 ? 0 : (100 * doneBytes) / totalBytes}
      />
      {formatBytes(doneBytes)} of {formatBytes(totalBytes)}{' '}
      <Button
        size="compact-xs"
        aria-label={`Cancel the fetch of ${name}/${version}`}
        loading={cancel.isPending}
        onClick={() => cancel.mutate(undefined)}
      >
        Cancel
      </Button>
    </span>
  );
}
