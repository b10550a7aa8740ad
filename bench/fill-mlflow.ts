import Database from 'better-sqlite3';
import { join } from 'node:path';
import { searchedSql, type SearchedSize } from './searched-home.ts';

/** Writes the runs of `makeSearchedHome` into a database that MLflow has made. The server must not be running. */
export function fillMlflow(folder: string, { runs, pairs }: SearchedSize): void {
  const db = new Database(join(folder, 'mlflow.db'));
  const { value, param, startedAt } = searchedSql;
  db.pragma('synchronous = OFF');
  const counted = (name: string, upTo: number) =>
    `${name}(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM ${name} WHERE n < ${upTo - 1})`;
  const both = `WITH RECURSIVE ${counted('r', runs)}, ${counted('p', pairs)}`;
  const uuid = "printf('%032x', r.n)";
  try {
    db.exec(`
      BEGIN;
      INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time, lifecycle_stage, artifact_uri, experiment_id)
        WITH RECURSIVE ${counted('r', runs)} SELECT ${uuid}, 'run ' || r.n, 'UNKNOWN', '', '', 'ada', iif(r.n % 11 = 0, 'FAILED', 'FINISHED'),
          ${startedAt('r.n')}, ${startedAt('r.n')} + 30000, 'active', 'mlflow-artifacts:/0/' || ${uuid} || '/artifacts', 0 FROM r;
      INSERT INTO params (key, value, run_uuid) ${both} SELECT 'param_' || p.n, ${param('r.n', 'p.n')}, ${uuid} FROM r CROSS JOIN p;
      INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid)
        ${both} SELECT 'metric_' || p.n, ${value('r.n', 'p.n')}, ${startedAt('r.n')}, 0, 0, ${uuid} FROM r CROSS JOIN p;
      COMMIT;
    `);
  } finally {
    db.close();
  }
}
