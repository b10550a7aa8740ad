import type Database from 'better-sqlite3';
import { assertNever, type ErrorShape, type RuleSubject } from '../../../contract/index.ts';
import { prepared } from '../../store/index.ts';
import type { Rule } from './rule-rows.ts';

/** A run or a model version that a rule speaks of. */
export interface Match {
  readonly kind: 'run' | 'version';
  readonly localId: string;
}

const endedRun = "r.deleted_at IS NULL AND r.status NOT IN ('queued', 'running')";
const shownVersion = `FROM model_version v JOIN registered_model m ON m.id = v.model AND m.deleted_name IS NULL`;

/** What a rule speaks of now, as a query of (kind, local_id). A run that goes on is none of it before it has ended. */
function matchesSql(what: RuleSubject['what']): string {
  switch (what) {
    case 'starred':
      return `SELECT 'run' AS kind, r.run_id AS local_id FROM run r WHERE r.is_starred = 1 AND ${endedRun}`;
    case 'champion':
      return `SELECT 'version' AS kind, m.name || '/' || v.version AS local_id ${shownVersion}
        JOIN model_alias a ON a.model = v.model AND a.version = v.version AND a.alias = 'champion' WHERE NOT v.is_deleted`;
    case 'tag':
      return `SELECT 'run' AS kind, r.run_id AS local_id FROM tag t JOIN name n ON n.id = t.name JOIN run r ON r.id = t.run
          WHERE n.text = @key AND (@value IS NULL OR t.value = @value) AND ${endedRun}
        UNION ALL SELECT 'version', m.name || '/' || v.version ${shownVersion}
          JOIN model_version_tag g ON g.model = v.model AND g.version = v.version
          WHERE g.key = @key AND (@value IS NULL OR g.value = @value) AND NOT v.is_deleted`;
    default:
      return assertNever(what);
  }
}

function boundTag({ what, tag }: RuleSubject): { key?: string; value?: string | null } {
  if (what !== 'tag') return {};
  const at = tag.indexOf('=');
  return at < 0 ? { key: tag, value: null } : { key: tag.slice(0, at), value: tag.slice(at + 1) };
}

/** What is at a target already, whole: another star on it sends nothing. An alias that moved is sent. */
const isThere = `EXISTS (SELECT 1 FROM sync_delivery d
  WHERE d.target = @target AND d.kind = f.kind AND d.local_id = f.local_id AND d.state = 'verified')`;

/**
 * What a rule would send to its target, and did not put into the outbox before.
 * @param rule without a number: one that is not allowed yet.
 */
export function freshMatches(
  db: Database.Database,
  rule: RuleSubject & { target: number; id?: number },
  limit: number,
): (Match & { readonly isThere: boolean })[] {
  const rows = prepared(
    db,
    `SELECT f.kind, f.local_id AS localId, ${rule.what === 'champion' ? '0' : isThere} AS isThere FROM (
       SELECT kind, local_id FROM (${matchesSql(rule.what)})
       EXCEPT SELECT kind, local_id FROM sync_rule_match WHERE rule = @rule) f
     LIMIT @limit`,
  ).all({
    ...boundTag(rule),
    rule: rule.id ?? null,
    ...(rule.what === 'champion' ? {} : { target: rule.target }),
    limit,
  }) as (Match & {
    isThere: number;
  })[];
  return rows.map((row) => ({ ...row, isThere: row.isThere === 1 }));
}

const pastMatches = (what: RuleSubject['what']): string =>
  `sync_rule_match WHERE rule = @rule AND (kind, local_id) NOT IN (${matchesSql(what)})`;

/** Whether a rule speaks of something that it did not before, or no longer. */
export function hasChanged(db: Database.Database, rule: Rule): boolean {
  const past = prepared(db, `SELECT 1 FROM ${pastMatches(rule.what)} LIMIT 1`);
  return past.get({ ...boundTag(rule), rule: rule.id }) !== undefined || freshMatches(db, rule, 1).length > 0;
}

/** Forgets what a rule speaks of no longer: when it does again, it is new. */
export function forgetPastMatches(db: Database.Database, rule: Rule): void {
  prepared(db, `DELETE FROM ${pastMatches(rule.what)}`).run({ ...boundTag(rule), rule: rule.id });
}

/** Remembers that a rule has put something into the outbox, or why it could not. */
export function rememberMatch(
  db: Database.Database,
  rule: number,
  { kind, localId }: Match,
  problem: ErrorShape | null,
): void {
  prepared(
    db,
    'INSERT OR REPLACE INTO sync_rule_match (rule, kind, local_id, problem) VALUES (?, ?, ?, ?)',
  ).run(rule, kind, localId, problem === null ? null : JSON.stringify(problem));
}
