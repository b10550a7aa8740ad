import Database from 'better-sqlite3';
import { migrations } from '../../../migrations.ts';

/** A store in memory with the schema as it was after a migration; the whole one when left out. */
export function openMemory(upTo = migrations.length): Database.Database {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = ON');
  upgrade(db, 0, upTo);
  return db;
}

/** Takes the migrations behind one up to another. */
export function upgrade(db: Database.Database, from: number, upTo = migrations.length): void {
  for (const { number, sql, run } of migrations.toSorted((a, b) => a.number - b.number)) {
    if (number <= from || number > upTo) continue;
    db.exec(sql);
    run?.(db);
  }
}
