import type Database from 'better-sqlite3';
import { prepared } from '../../store/index.ts';

const textsOf = new WeakMap<Database.Database, Map<number, string>>();

/** The number of a name, or null where nothing was ever recorded under it. */
export function knownName(db: Database.Database, text: string): number | null {
  return (prepared(db, 'SELECT id FROM name WHERE text = ?').pluck().get(text) as number | undefined) ?? null;
}

/**
 * Reads names by their numbers. A reader keeps them, since they never change; the writer's own connection does not: what
 * it sees may yet be rolled back.
 */
export function nameTexts(db: Database.Database): (id: number) => string {
  let texts = db.readonly ? textsOf.get(db) : new Map<number, string>();
  if (texts === undefined) textsOf.set(db, (texts = new Map<number, string>()));
  const known = texts;
  const select = prepared(db, 'SELECT text FROM name WHERE id = ?').pluck();
  return (id) => {
    let text = known.get(id);
    if (text === undefined) known.set(id, (text = select.get(id) as string));
    return text;
  };
}
