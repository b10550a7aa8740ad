import type Database from 'better-sqlite3';
import { BenchtopError, type ErrorShape, type RuleSubject, type SyncRule } from '../../../contract/index.ts';
import { prepared } from '../../store/index.ts';

/** A rule as the rest of the room knows it. */
export interface Rule extends RuleSubject {
  readonly id: number;
  /** The number of its target. */
  readonly target: number;
}

/** Problems that are told of one rule. */
const problemsAtMost = 20;

/** The rules whose targets are there. */
export const allRules = (db: Database.Database): Rule[] =>
  prepared(
    db,
    `SELECT r.id, r.target, r.what, r.tag FROM sync_rule r JOIN sync_target t ON t.id = r.target
     WHERE t.removed_at IS NULL ORDER BY r.id LIMIT 1000`,
  ).all() as Rule[];

/** As the contract has them, in the order of their targets. */
export function shownRules(
  db: Database.Database,
  { target = null, id = null }: { target?: number | null; id?: number | null },
): SyncRule[] {
  const rows = prepared(
    db,
    `SELECT r.id, t.name AS target, r.what, r.tag, r.allowed_at AS allowedAt,
       (SELECT count(*) FROM sync_rule_match m WHERE m.rule = r.id AND m.problem IS NULL) AS matches
     FROM sync_rule r JOIN sync_target t ON t.id = r.target
     WHERE t.removed_at IS NULL AND (@target IS NULL OR r.target = @target) AND (@id IS NULL OR r.id = @id)
     ORDER BY t.name, r.id LIMIT 1000`,
  ).all({ target, id }) as Omit<SyncRule, 'problems'>[];
  const problems = prepared(
    db,
    'SELECT local_id AS localId, problem FROM sync_rule_match WHERE rule = ? AND problem IS NOT NULL ORDER BY local_id LIMIT ?',
  );
  return rows.map((row) => ({
    ...row,
    problems: (problems.all(row.id, problemsAtMost) as { localId: string; problem: string }[]).map(
      ({ localId, problem }) => ({ localId, error: JSON.parse(problem) as ErrorShape }),
    ),
  }));
}

/** @throws {BenchtopError} `not-found`. */
export function ruleById(db: Database.Database, id: number): Rule {
  const found = allRules(db).find((rule) => rule.id === id);
  if (found !== undefined) return found;
  throw new BenchtopError({ code: 'not-found', what: `There is no rule ${id}.` });
}

/** Writes down that a rule is allowed. Returns its number, also of one that was allowed before. */
export function insertRule(
  db: Database.Database,
  { target, what, tag }: Omit<Rule, 'id'>,
  at: number,
): number {
  return prepared(
    db,
    `INSERT INTO sync_rule (target, what, tag, allowed_at) VALUES (@target, @what, @tag, @at)
     ON CONFLICT DO UPDATE SET allowed_at = allowed_at RETURNING id`,
  )
    .pluck()
    .get({ target, what, tag, at }) as number;
}

/** Deliveries that a rule put into the outbox and that are not at their target. */
export const unsentOfRule = (db: Database.Database, id: number): number[] =>
  prepared(
    db,
    "SELECT id FROM sync_delivery WHERE rule = ? AND state IN ('waiting', 'sending', 'conflict', 'refused')",
  )
    .pluck()
    .all(id) as number[];

export function deleteRule(db: Database.Database, id: number): void {
  prepared(db, 'DELETE FROM sync_rule WHERE id = ?').run(id);
}
