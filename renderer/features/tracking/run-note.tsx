import { useState } from 'react';
import type { Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { placeRun } from '../../app/follow-changes.ts';
import { queryClient } from '../../app/query-client.ts';
import { showProblem } from '../../app/show-problem.ts';
import styles from './run-overview.module.css';

/** The run's note, kept when the field is left. */
export function RunNote({ run }: { run: Run }) {
  const [note, setNote] = useState(run.note);
  const [kept, setKept] = useState(run.note);
  if (kept !== run.note) {
    setKept(run.note);
    setNote(run.note);
  }
  const keep = () => {
    if (note === run.note) return;
    engine.tracking
      .updateRun({ runId: run.id, note })
      .then((answer) => placeRun(queryClient, answer), showProblem);
  };
  return (
    <section aria-labelledby="note">
      <h2 id="note" className={styles.heading}>
        Note
      </h2>
      <textarea
        className={styles.note}
        aria-labelledby="note"
        placeholder="What was tried, what came of it"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        onBlur={keep}
      />
    </section>
  );
}
