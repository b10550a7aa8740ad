import type Database from 'better-sqlite3';
import { BenchtopError, type MeasureRule } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import { nameNumber } from './names.ts';

/** What a project's rule says of a measure that was read: another name, or that it is not to be seen. */
export interface RuledName {
  /** Null: ignored. */
  readonly shown: string | null;
}

/** The rule for a measure that was read, of the project that a run belongs to; undefined where nobody made one. */
export function ruleOf(db: Database.Database, run: number, key: string): RuledName | undefined {
  return prepared(
    db,
    `SELECT s.text AS shown FROM run r JOIN name n ON n.text = ? JOIN measure_rule m ON m.project_id = r.project_id AND m.name = n.id
     LEFT JOIN name s ON s.id = m.shown_name WHERE r.id = ?`,
  ).get(key, run) as RuledName | undefined;
}

export function rulesOf(db: Database.Database, projectId: string): MeasureRule[] {
  return prepared(
    db,
    `SELECT n.text AS name, s.text AS shownName FROM measure_rule m JOIN name n ON n.id = m.name LEFT JOIN name s ON s.id = m.shown_name
     WHERE m.project_id = ? ORDER BY n.text LIMIT 1000`,
  ).all(projectId) as MeasureRule[];
}

/**
 * Makes a rule, in place of one for the same name, and applies it to the runs that there are. Their points stay as they are:
 * without the rule they have their old name again, as with one that gives a measure its own name. Returns the runs that it changed.
 */
export function setRule(
  db: Database.Database,
  projectId: string,
  { name, shownName }: MeasureRule,
  at: number,
): string[] {
  if (shownName === name) {
    prepared(db, 'DELETE FROM measure_rule WHERE project_id = ? AND name = ?').run(
      projectId,
      nameNumber(db, name),
    );
    return applied(db, projectId, name, null, false);
  }
  prepared(
    db,
    `INSERT INTO measure_rule (project_id, name, shown_name, created_at) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET shown_name = excluded.shown_name, created_at = excluded.created_at`,
  ).run(projectId, nameNumber(db, name), shownName === null ? null : nameNumber(db, shownName), at);
  return applied(db, projectId, name, shownName, shownName === null);
}

/** @throws {BenchtopError} `not-found`. */
export function removeRule(db: Database.Database, projectId: string, name: string): string[] {
  const { changes } = prepared(db, 'DELETE FROM measure_rule WHERE project_id = ? AND name = ?').run(
    projectId,
    nameNumber(db, name),
  );
  if (changes === 0) {
    throw new BenchtopError({
      code: 'not-found',
      what: `This project has no rule for "${name}".`,
      next: 'A rule goes by the name that was read, not by the one that is shown.',
    });
  }
  return applied(db, projectId, name, null, false);
}

/**
 * Gives the series that were read as `name` the shown one (their own for null). A run that has another series of that name keeps
 * both as they are: two measures must not become one curve.
 */
function applied(
  db: Database.Database,
  projectId: string,
  name: string,
  shownName: string | null,
  isIgnored: boolean,
): string[] {
  const own = nameNumber(db, name);
  const shown = shownName === null ? own : nameNumber(db, shownName);
  return prepared(
    db,
    `UPDATE OR IGNORE series SET name = $shown, read_name = iif($shown = $own, NULL, $own), is_ignored = $isIgnored
       WHERE id IN (
         SELECT s.id FROM series s JOIN run r ON r.id = s.run
         WHERE r.project_id = $projectId AND s.origin != 'told' AND ((s.name = $own AND s.read_name IS NULL) OR s.read_name = $own))
       RETURNING (SELECT run_id FROM run WHERE run.id = series.run)`,
  )
    .pluck()
    .all({ own, shown, isIgnored: Number(isIgnored), projectId }) as string[];
}
