import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ReadinessItem, Reproduction, Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { showProblem } from '../../app/show-problem.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { ReproductionResult } from './reproduction-result.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import styles from './run-reproduction.module.css';

/** Repeats with other seeds, by which a verdict can be judged. */
const seedRepeats = 5;

/** What there is to run a run once more, the button that does it, and the verdicts so far. */
export default function RunReproduction({
  run,
  linkTo,
}: {
  run: Run;
  /** A link to the page of another run, and to two runs side by side. */
  linkTo: (what: { runId: string } | { runIds: readonly string[] }, name: string) => ReactNode;
}) {
  const {
    data: readiness,
    error,
    refetch,
  } = useQuery({
    queryKey: ['readiness', run.id, run.status],
    queryFn: () => engine.reproduction.readiness({ runId: run.id }),
  });
  const { data: past } = useQuery({
    queryKey: ['reproductions', run.id],
    queryFn: () => engine.reproduction.ofRun({ runId: run.id }),
  });
  if (readiness === undefined)
    return error === null ? (
      <Pending what="what there is to reproduce it" />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  const start = (how: { againstRunId?: string; tolerance?: { spread: number } } = {}) => {
    engine.reproduction
      .start({ runId: run.id, ...how })
      .then(() => queryClient.invalidateQueries({ queryKey: ['reproductions', run.id] }))
      .catch(showProblem);
  };
  const first =
    past?.find(({ state, verdict }) => state === 'ended' && verdict !== 'could not run')?.runId ?? null;
  const isBusy = past?.some(isGoingOn) ?? false;
  return (
    <ScrollRegion label="Reproduce">
      <section aria-labelledby="readiness" className={styles.part}>
        <h2 id="readiness" className={styles.heading}>
          What there is to run it once more
        </h2>
        <table className={styles.table}>
          <tbody>
            {readiness.items.map((item) => (
              <ReadinessRow key={item.part} item={item} />
            ))}
          </tbody>
        </table>
        <div className={styles.actions}>
          <Button variant="filled" disabled={!readiness.canRun || isBusy} onClick={() => start()}>
            Reproduce
          </Button>
          {first === null ? null : (
            <>
              <Button disabled={!readiness.canRun || isBusy} onClick={() => start({ againstRunId: first })}>
                Check determinism
              </Button>
              <Button
                disabled={!readiness.canRun || isBusy}
                onClick={() => start({ tolerance: { spread: seedRepeats } })}
              >
                Judge by {seedRepeats} seeds
              </Button>
            </>
          )}
          <span className={styles.quiet}>
            {readiness.canRun
              ? 'Runs in a folder of its own. Yours is not touched.'
              : 'Something that it needs is missing.'}
          </span>
        </div>
      </section>
      {past === undefined || past.length === 0 ? null : (
        <section aria-labelledby="reproductions" className={styles.part}>
          <h2 id="reproductions" className={styles.heading}>
            Verdicts
          </h2>
          {past.map((one) => (
            <ReproductionResult key={one.id} reproduction={one} linkTo={linkTo} />
          ))}
        </section>
      )}
    </ScrollRegion>
  );
}

const isGoingOn = ({ state }: Reproduction) => state !== 'ended';

const stateWords: Record<ReadinessItem['state'], string> = {
  ready: 'ready',
  differs: 'not as it was',
  missing: 'missing',
};

function ReadinessRow({ item: { part, state, what, next } }: { item: ReadinessItem }) {
  return (
    <tr>
      <th scope="row">{part}</th>
      <td className={styles.state} data-state={state}>
        <span aria-hidden>{state === 'ready' ? '✓' : state === 'differs' ? '≠' : '✕'}</span>{' '}
        {stateWords[state]}
      </td>
      <td className={styles.what}>
        {what}
        {next === null ? null : <div className={styles.quiet}>{next}</div>}
      </td>
    </tr>
  );
}
