import type Database from 'better-sqlite3';
import { withHome } from './with-home.ts';

/** How many runs, and how many params and how many metrics each of them has. */
export interface SearchedSize {
  readonly runs: number;
  readonly pairs: number;
}

/** The values that both sides of a measure hold; a, b and c below follow from the number of the run alone. */
export const searchedSql = {
  value: (run: string, pair: string) =>
    `((${run} * (7919 + ${pair} * 613) + ${pair} * 104729) % 10007) / 10007.0`,
  param: (run: string, pair: string) =>
    `CASE ${pair} % 3 WHEN 0 THEN CAST((${run} * 31 + ${pair}) % 50 AS TEXT)
      WHEN 1 THEN 'kind ' || ((${run} + ${pair}) % 7) ELSE printf('%.4f', ((${run} * 17 + ${pair} * 13) % 997) / 997.0) END`,
  startedAt: (run: string) => `(1767225600000 + ${run} * 60000)`,
} as const;

const counted = (name: string, upTo: number) =>
  `${name}(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM ${name} WHERE n < ${upTo - 1})`;

/** Fills the tables with finished runs at once; what searching reads, without the points behind the metrics. */
function fill(db: Database.Database, { runs, pairs }: SearchedSize): void {
  const { value, param, startedAt } = searchedSql;
  db.exec(`
    INSERT INTO name (text) WITH RECURSIVE ${counted('p', pairs)} SELECT 'param_' || n FROM p UNION ALL SELECT 'metric_' || n FROM p;
    INSERT INTO run (run_id, experiment, name, status, exit_code, created_at, started_at, ended_at, command, source)
      WITH RECURSIVE ${counted('r', runs)}
      SELECT printf('%032x', n), 0, 'run ' || n, iif(n % 11 = 0, 'failed', 'finished'), 0, ${startedAt('n')}, ${startedAt('n')},
        ${startedAt('n')} + 30000, '["python","train.py","--seed","' || n || '"]', 'mlflow' FROM r;
    INSERT INTO param (run, name, value)
      WITH RECURSIVE ${counted('p', pairs)}
      SELECT r.id, m.id, ${param('(r.id - 1)', 'p.n')} FROM run r CROSS JOIN p JOIN name m ON m.text = 'param_' || p.n;
    INSERT INTO series (run, name, point_count, last_step, last_time, last_value, min_value, max_value)
      WITH RECURSIVE ${counted('p', pairs)}
      SELECT r.id, m.id, 1, 0, r.started_at, ${value('(r.id - 1)', 'p.n')}, ${value('(r.id - 1)', 'p.n')}, ${value('(r.id - 1)', 'p.n')}
      FROM run r CROSS JOIN p JOIN name m ON m.text = 'metric_' || p.n;
  `);
}

/** Makes a home with runs to search. */
export async function makeSearchedHome(path: string, size: SearchedSize): Promise<void> {
  await withHome(path, (store) => store.write('bench.fill', (db) => fill(db, size)));
}
