import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { ComparableRuns, Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import choices from '../../ui/choice-buttons.module.css';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatNumber } from '../../ui/format-number.ts';
import { CauseList } from './cause-list.tsx';
import { useComparison } from './use-comparison.ts';
import styles from './what-changed.module.css';

/** What differs from the previous run of the same program, or from the best one. Nothing where there is neither. */
export function WhatChanged({
  run,
  comparePath,
}: {
  run: Run;
  /** Where two runs stand side by side. */
  comparePath: (runIds: readonly string[]) => string;
}) {
  const { data: comparable } = useQuery({
    queryKey: ['comparable', run.id, run.status],
    queryFn: () => engine.comparison.comparable({ runId: run.id }),
  });
  const [chosen, setChosen] = useState<keyof ComparableRuns>('previous');
  if (comparable === undefined) return null;
  const shown = comparable[chosen] === null ? other(chosen) : chosen;
  const against = comparable[shown];
  if (against === null) return null;
  return (
    <section aria-labelledby="what-changed">
      <h2 id="what-changed" className={styles.heading}>
        What changed
        <span className={`${styles.choice ?? ''} ${choices.choice ?? ''}`}>
          {(['previous', 'best'] as const).map((which) =>
            comparable[which] === null ? null : (
              <button
                key={which}
                type="button"
                aria-pressed={which === shown}
                onClick={() => setChosen(which)}
              >
                since the {which} run
              </button>
            ),
          )}
        </span>
        <Link href={comparePath([against.runId, run.id])} className={styles.more}>
          Compare
        </Link>
      </h2>
      <p className={styles.against}>
        {against.name}
        {shown === 'best' && comparable.best !== null
          ? `, with ${comparable.best.metric} ${formatNumber(comparable.best.value)}`
          : null}
      </p>
      <Changes a={against.runId} run={run} />
    </section>
  );
}

const other = (which: keyof ComparableRuns) => (which === 'best' ? 'previous' : 'best');

function Changes({ a, run }: { a: string; run: Run }) {
  const { data, error } = useComparison(a, run.id, run.status);
  if (error !== null) return <ErrorNotice error={error} />;
  return data === undefined ? null : <CauseList causes={data.causes} />;
}
