import type { DuckDBConnection } from '@duckdb/node-api';
import type { ProfileProgress } from '../../../../contract/index.ts';

/** How often DuckDB is asked how far its query is, in milliseconds. */
const pauseMs = 100;

/** Says that a step begins, and which shares of the whole work it goes from and to. */
export type BeginStep = (what: string, from: number, to: number) => void;

/**
 * Tells now and then how far a work of several steps is, as far as DuckDB is with the query of a step that goes on.
 * @param work is told to name its steps
 */
export async function withSteps<T>(
  db: DuckDBConnection,
  tell: (progress: ProfileProgress) => void,
  work: (begin: BeginStep) => Promise<T>,
): Promise<T> {
  let step = { what: 'Opening the table', from: 0, to: 0 };
  let toldShare = 0;
  const timer = setInterval(() => {
    // Below 0 where DuckDB does not know.
    const ofQuery = Math.max(0, db.progress.percentage) / 100;
    // A step of several queries does not go back.
    toldShare = Math.max(toldShare, step.from + (step.to - step.from) * ofQuery);
    tell({ what: step.what, share: toldShare });
  }, pauseMs);
  try {
    return await work((what, from, to) => {
      step = { what, from, to };
      toldShare = Math.max(toldShare, from);
    });
  } finally {
    clearInterval(timer);
  }
}
