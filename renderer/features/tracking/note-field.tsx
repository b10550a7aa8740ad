import { useState } from 'react';
import type { Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { placeRun } from '../../app/follow-changes.ts';
import { queryClient } from '../../app/query-client.ts';
import { showProblem } from '../../app/show-problem.ts';
import styles from './runs-table.module.css';

/** A note in its row: Enter or leaving keeps it, Escape does not. */
export function NoteField({ run, onDone }: { run: Run; onDone: () => void }) {
  const [note, setNote] = useState(run.note);
  const keep = () => {
    onDone();
    if (note === run.note) return;
    engine.tracking
      .updateRun({ runId: run.id, note })
      .then((answer) => placeRun(queryClient, answer), showProblem);
  };
  return (
    <input
      className={styles.note}
      aria-label={`Note on ${run.name}`}
      value={note}
      // Asked for with a key or a press: the person is about to write.
      // oxlint-disable-next-line jsx-a11y/no-autofocus
      autoFocus
      onChange={(event) => setNote(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') keep();
        if (event.key === 'Escape') onDone();
      }}
    />
  );
}
