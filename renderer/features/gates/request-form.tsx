import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { VersionComparison } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { useChange } from '../../app/use-change.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import styles from './gates.module.css';

/** Asks that a version be promoted. What was decided before stands above it. */
export function RequestForm({
  comparison: { model, environment, candidate, requests },
}: {
  comparison: VersionComparison;
}) {
  const [comment, setComment] = useState('');
  const ask = useChange(['models'], () =>
    engine.gates.request({ model, version: candidate.version, environment, comment }),
  );
  const last = requests[0];
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        ask.mutate(undefined);
      }}
    >
      {last === undefined || last.decidedAt === null ? null : (
        <p>
          {last.decidedBy} {last.state} it <RelativeTime at={last.decidedAt} />
          {last.isSelfDecided === true ? ', having asked for it too' : ''}
          {last.decision === '' ? '.' : `: ${last.decision}`}
        </p>
      )}
      <Textarea
        size="xs"
        label="For whoever decides"
        autosize
        minRows={2}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <div className={styles.buttons}>
        <Button type="submit" variant="filled" loading={ask.isPending}>
          Ask for {environment}
        </Button>
      </div>
    </form>
  );
}
