import { Button } from '@mantine/core';
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
      <progress
        className={styles.progress}
        aria-label={`Fetching ${name}/${version}`}
        value={doneBytes}
        max={totalBytes || undefined}
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
