import type Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import type { HistoryEntry, HistoryEvidence, HistoryKind } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';

/** Who changes something, when and why. */
export interface Cause {
  /** Milliseconds UTC. */
  readonly at: number;
  /** The person, or `run <id>`; '' where nobody is told. */
  readonly who: string;
  /** `benchtop`, or what an MLflow client calls itself. */
  readonly via: string;
  readonly reason?: string;
  readonly evidence?: HistoryEvidence;
}

/** What changed of a model; what is left out is not about this kind of change. */
export interface Change {
  readonly kind: HistoryKind;
  readonly version?: number;
  readonly item?: string;
  readonly before?: string | null;
  readonly after?: string | null;
}

/** An entry as it is stored. */
export interface HistoryRow {
  readonly seq: number;
  readonly at_ms: number;
  readonly who: string;
  readonly via: string;
  readonly kind: HistoryKind;
  /** The entry with which the history of the model began: it stays when the model is renamed, or its name is used again. */
  readonly subject: number;
  readonly model: string;
  readonly version: number | null;
  readonly item: string;
  readonly before_value: string | null;
  readonly after_value: string | null;
  readonly reason: string;
  /** JSON. */
  readonly evidence: string | null;
  readonly previous_hash: string;
  readonly hash: string;
}

/** What the first entry has for the hash of the one before. */
export const noHash = '0'.repeat(64);

/** Longer texts are not repeated in the history: their beginning and their hash say which they were. */
const maxCharacters = 2000;

/**
 * Writes an entry behind the last one. Whoever changes the registry calls it in the same transaction, while the model is there;
 * a rename under the new name.
 * @param modelId of `registered_model`.
 */
export function appendHistory(
  db: Database.Database,
  modelId: number,
  cause: Cause,
  change: Change,
): HistoryEntry {
  const model = prepared(db, 'SELECT name, history FROM registered_model WHERE id = ?').get(modelId) as {
    name: string;
    history: number | null;
  };
  const entry = appendRow(db, {
    at_ms: cause.at,
    who: cause.who,
    via: cause.via,
    kind: change.kind,
    subject: model.history,
    model: model.name,
    version: change.version ?? null,
    item: change.item ?? '',
    before_value: change.before ?? null,
    after_value: change.after ?? null,
    reason: cause.reason ?? '',
    evidence: cause.evidence === undefined ? null : JSON.stringify(cause.evidence),
  });
  if (model.history === null)
    prepared(db, 'UPDATE registered_model SET history = ? WHERE id = ?').run(entry.seq, modelId);
  return historyEntryOf(entry);
}

/** @param row of which `subject` is null where a history begins. */
export function appendRow(
  db: Database.Database,
  row: Omit<HistoryRow, 'seq' | 'subject' | 'previous_hash' | 'hash'> & { subject: number | null },
): HistoryRow {
  const last = prepared(db, 'SELECT seq, hash FROM registry_history ORDER BY seq DESC LIMIT 1').get() as
    | { seq: number; hash: string }
    | undefined;
  const seq = (last?.seq ?? 0) + 1;
  const chained = {
    ...row,
    seq,
    subject: row.subject ?? seq,
    who: row.who.toWellFormed(),
    via: row.via.toWellFormed(),
    model: row.model.toWellFormed(),
    item: row.item.toWellFormed(),
    before_value: row.before_value === null ? null : shownText(row.before_value),
    after_value: row.after_value === null ? null : shownText(row.after_value),
    reason: row.reason.toWellFormed(),
    previous_hash: last?.hash ?? noHash,
  };
  const whole: HistoryRow = { ...chained, hash: hashOf(chained) };
  prepared(
    db,
    `INSERT INTO registry_history (seq, at_ms, who, via, kind, subject, model, version, item, before_value, after_value, reason, evidence, previous_hash, hash)
     VALUES (@seq, @at_ms, @who, @via, @kind, @subject, @model, @version, @item, @before_value, @after_value, @reason, @evidence, @previous_hash, @hash)`,
  ).run(whole);
  return whole;
}

/** sha256 over the JSON array of an entry's values, its own hash left out (docs/models.md). */
export function hashOf(row: Omit<HistoryRow, 'hash'>): string {
  const values = [
    row.seq,
    row.at_ms,
    row.who,
    row.via,
    row.kind,
    row.subject,
    row.model,
    row.version,
    row.item,
    row.before_value,
    row.after_value,
    row.reason,
    row.evidence,
    row.previous_hash,
  ];
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}

/** A text as the history has it: a long one by its beginning, its length and its sha256. */
export function shownText(text: string): string {
  const whole = text.toWellFormed();
  if (whole.length <= maxCharacters) return whole;
  const sha256 = createHash('sha256').update(whole).digest('hex');
  return `${whole.slice(0, 200).toWellFormed()}… (${whole.length} characters, sha256 ${sha256})`;
}

export function historyEntryOf(row: HistoryRow): HistoryEntry {
  return {
    seq: row.seq,
    atMs: row.at_ms,
    who: row.who,
    via: row.via,
    kind: row.kind,
    model: row.model,
    version: row.version,
    item: row.item,
    before: row.before_value,
    after: row.after_value,
    reason: row.reason,
    evidence: row.evidence === null ? null : (JSON.parse(row.evidence) as HistoryEvidence),
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}
