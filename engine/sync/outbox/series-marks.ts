import type Database from 'better-sqlite3';
import { prepared } from '../../store/index.ts';

/** How far a series of a delivery is: so many points, up to this one, in the order (time, step, value). */
export interface SeriesMark {
  readonly key: string;
  readonly points: number;
  readonly time: number;
  readonly step: number;
  readonly value: number;
}

export function seriesMarks(db: Database.Database, delivery: number): Map<string, SeriesMark> {
  const rows = prepared(db, 'SELECT key, points, time, step, value FROM sync_series WHERE delivery = ?').all(
    delivery,
  ) as (Omit<SeriesMark, 'value'> & { value: number | string })[];
  // SQLite has no NaN: it is there as a text.
  return new Map(rows.map((row) => [row.key, { ...row, value: Number(row.value) }]));
}

export function setSeriesMarks(db: Database.Database, delivery: number, marks: Iterable<SeriesMark>): void {
  const upsert = prepared(
    db,
    `INSERT INTO sync_series (delivery, key, points, time, step, value) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET points = excluded.points, time = excluded.time, step = excluded.step, value = excluded.value`,
  );
  for (const { key, points, time, step, value } of marks)
    upsert.run(delivery, key, points, time, step, Number.isNaN(value) ? 'NaN' : value);
}
