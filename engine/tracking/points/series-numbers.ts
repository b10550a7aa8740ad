import type Database from 'better-sqlite3';
import { prepared } from '../../store/index.ts';
import { nameNumber } from '../names.ts';

/** So many series are remembered at most; beyond it all are forgotten and looked up again. */
const maxRemembered = 50_000;

/** The numbers of series that were written to lately. Belongs to the writer. */
export interface SeriesNumbers {
  /** The number of a run's metric, given out on first use. */
  numberOf(
    db: Database.Database,
    run: { id: number; runId: string },
    key: string,
    isGuessed: boolean,
  ): number;
  /** To be called when work was undone that may have given out numbers. */
  forget(): void;
}

export function createSeriesNumbers(): SeriesNumbers {
  // By the run's own id, which is never used again; its number in the store can be, once it is erased.
  const byRun = new Map<string, Map<string, number>>();
  let remembered = 0;
  const forget = () => {
    byRun.clear();
    remembered = 0;
  };
  return {
    numberOf(db, run, key, isGuessed) {
      let own = byRun.get(run.runId);
      const known = own?.get(key);
      if (known !== undefined) return known;
      if (remembered >= maxRemembered) {
        forget();
        own = undefined;
      }
      if (own === undefined) {
        own = new Map<string, number>();
        byRun.set(run.runId, own);
      }
      const number = storedNumber(db, run.id, key, isGuessed);
      own.set(key, number);
      remembered++;
      return number;
    },
    forget,
  };
}

function storedNumber(db: Database.Database, run: number, key: string, isGuessed: boolean): number {
  const name = nameNumber(db, key);
  const known = prepared(db, 'SELECT id FROM series WHERE run = ? AND name = ?').get(run, name) as
    | { id: number }
    | undefined;
  return (
    known?.id ??
    Number(
      prepared(db, 'INSERT INTO series (run, name, is_guessed) VALUES (?, ?, ?)').run(
        run,
        name,
        Number(isGuessed),
      ).lastInsertRowid,
    )
  );
}
