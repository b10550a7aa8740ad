import type Database from 'better-sqlite3';
import { prepared } from '../../store/index.ts';
import { ruleOf } from '../measure-rules.ts';
import { nameNumber } from '../names.ts';

/**
 * Who says what a point is: the program itself (`told`, also what is measured of it), or a reader of its console or of
 * the files it writes.
 */
export type PointOrigin = 'told' | 'console' | 'file';

/** So many series are remembered at most; beyond it all are forgotten and looked up again. */
const maxRemembered = 50_000;

/** Where the points of a key go: the number of their series, and the name it has. */
export interface SeriesPlace {
  readonly number: number;
  readonly key: string;
}

/** The series that were written to lately. Belongs to the writer. */
export interface SeriesNumbers {
  /**
   * The series of a run's metric, given a number on first use. A series has one origin: what a program prints and logs too
   * must not stand twice in one curve. What the program tells has the name; of two readers the first. The others stand
   * below their origin, as `console/loss`. What was read has the name that a rule of the project gives it.
   */
  placeOf(
    db: Database.Database,
    run: { id: number; runId: string },
    key: string,
    origin: PointOrigin,
  ): SeriesPlace;
  /** To be called when work was undone that may have given out numbers, and when a rule changed. */
  forget(): void;
}

type Places = Record<PointOrigin, Map<string, SeriesPlace>>;

export function createSeriesNumbers(): SeriesNumbers {
  // By the run's own id, which is never used again; its number in the store can be, once it is erased.
  const byRun = new Map<string, Places>();
  let remembered = 0;
  const forget = () => {
    byRun.clear();
    remembered = 0;
  };
  return {
    placeOf(db, run, key, origin) {
      let own = byRun.get(run.runId);
      const known = own?.[origin].get(key);
      if (known !== undefined) return known;
      if (remembered >= maxRemembered) {
        forget();
        own = undefined;
      }
      const { place, hasMoved } = storedPlace(db, run.id, key, origin);
      if (hasMoved) own = undefined;
      if (own === undefined) {
        own = { told: new Map(), console: new Map(), file: new Map() };
        byRun.set(run.runId, own);
      }
      own[origin].set(key, place);
      remembered++;
      return place;
    },
    forget,
  };
}

function storedPlace(
  db: Database.Database,
  run: number,
  key: string,
  origin: PointOrigin,
): { place: SeriesPlace; hasMoved: boolean } {
  const ruled = origin === 'told' ? null : ruledPlace(db, run, key, origin);
  if (ruled !== null) return { place: ruled, hasMoved: false };
  const known = seriesOf(db, run, key) ?? (origin === 'told' ? undefined : readAs(db, run, key));
  if (known?.origin === origin && known.isAsRead)
    return { place: { number: known.id, key }, hasMoved: false };
  if (known !== undefined && origin !== 'told') return storedPlace(db, run, `${origin}/${key}`, origin);
  if (known !== undefined) {
    let name = `${known.origin}/${key}`;
    while (seriesOf(db, run, name) !== undefined) name = `${known.origin}/${name}`;
    prepared(db, 'UPDATE series SET name = ? WHERE id = ?').run(nameNumber(db, name), known.id);
  }
  return { place: { number: added(db, { run, key, origin }), key }, hasMoved: known !== undefined };
}

/** Where a rule of the project sends what was read. Null without one, and where the name it gives is another measure's. */
function ruledPlace(
  db: Database.Database,
  run: number,
  key: string,
  origin: PointOrigin,
): SeriesPlace | null {
  const known = prepared(
    db,
    'SELECT s.id, n.text FROM series s JOIN name n ON n.id = s.name WHERE s.run = ? AND s.origin = ? AND s.read_name = (SELECT id FROM name WHERE text = ?)',
  ).get(run, origin, key) as { id: number; text: string } | undefined;
  if (known !== undefined) return { number: known.id, key: known.text };
  const rule = ruleOf(db, run, key);
  if (rule === undefined) return null;
  const shown = rule.shown ?? key;
  if (seriesOf(db, run, shown) !== undefined) return null;
  return {
    number: added(db, { run, key: shown, origin, read: key, isIgnored: rule.shown === null }),
    key: shown,
  };
}

function added(
  db: Database.Database,
  series: { run: number; key: string; origin: PointOrigin; read?: string; isIgnored?: boolean },
): number {
  const { run, key, origin, read = key, isIgnored = false } = series;
  return Number(
    prepared(db, 'INSERT INTO series (run, name, origin, read_name, is_ignored) VALUES (?, ?, ?, ?, ?)').run(
      run,
      nameNumber(db, key),
      origin,
      read === key ? null : nameNumber(db, read),
      Number(isIgnored),
    ).lastInsertRowid,
  );
}

interface KnownSeries {
  readonly id: number;
  readonly origin: PointOrigin;
  /** 1 where no rule gave it another name than the one it was read under. */
  readonly isAsRead: 0 | 1;
}

const seriesOf = (db: Database.Database, run: number, key: string) =>
  prepared(db, 'SELECT id, origin, read_name IS NULL AS isAsRead FROM series WHERE run = ? AND name = ?').get(
    run,
    nameNumber(db, key),
  ) as KnownSeries | undefined;

/** The series that was read under a name and has another one now. */
const readAs = (db: Database.Database, run: number, key: string) =>
  prepared(
    db,
    'SELECT id, origin, 0 AS isAsRead FROM series WHERE run = ? AND read_name = (SELECT id FROM name WHERE text = ?)',
  ).get(run, key) as KnownSeries | undefined;
