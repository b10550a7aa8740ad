import type Database from 'better-sqlite3';
import { withHome } from './with-home.ts';

/** Tables that describe a run, each with its rows' way to it. The points themselves are not multiplied: a table of runs asks for none. */
const tables = ['param', 'tag', 'series'] as const;

/**
 * Gives every run of a home `copies` more of itself, with ids, names and times of their own, as ten years of work would leave it.
 * Summaries of metrics are copied, points are not.
 */
export async function multiplyRuns(path: string, copies: number): Promise<void> {
  await withHome(path, (store) =>
    store.write('bench.multiplyRuns', (db) => {
      const { count, greatest } = db
        .prepare('SELECT count(*) AS count, max(id) AS greatest FROM run')
        .get() as { count: number; greatest: number };
      for (let copy = 1; copy <= copies; copy++) {
        const shift = copy * greatest;
        insertCopy(db, 'run', `WHERE id <= ${greatest}`, {
          id: `id + ${shift}`,
          run_id: 'lower(hex(randomblob(16)))',
          name: `name || '-${copy}'`,
          created_at: `created_at - ${copy * count * 60_000}`,
          started_at: `started_at - ${copy * count * 60_000}`,
          ended_at: `ended_at - ${copy * count * 60_000}`,
        });
        for (const table of tables)
          insertCopy(db, table, `WHERE run <= ${greatest}`, { id: null, run: `run + ${shift}` });
      }
    }),
  );
}

/** Copies rows with some columns changed; null leaves a column to the table itself. */
function insertCopy(
  db: Database.Database,
  table: string,
  where: string,
  changed: Readonly<Record<string, string | null>>,
): void {
  const columns = (db.pragma(`table_info(${table})`) as { name: string }[])
    .map(({ name }) => name)
    .filter((name) => changed[name] !== null);
  db.exec(
    `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${columns.map((name) => changed[name] ?? name).join(', ')} FROM ${table} ${where}`,
  );
}
