import type Database from 'better-sqlite3';
import { appendRow, type Change } from './history.ts';

/**
 * Begins the history with what is in the tables: for each model that it was found, then its versions, stages, aliases and
 * tags. What happened to them before, nobody recorded.
 */
export function recordFoundModels(db: Database.Database): void {
  const models = db.prepare('SELECT id, name, created_at FROM registered_model ORDER BY id').all() as {
    id: number;
    name: string;
    created_at: number;
  }[];
  const versions = db.prepare(
    'SELECT version, stage, source, created_at, is_deleted FROM model_version WHERE model = ? ORDER BY version',
  );
  const versionTags = db.prepare(
    'SELECT version, key, value FROM model_version_tag WHERE model = ? ORDER BY version, key',
  );
  const modelTags = db.prepare('SELECT key, value FROM registered_model_tag WHERE model = ? ORDER BY key');
  const aliases = db.prepare('SELECT alias, version FROM model_alias WHERE model = ? ORDER BY alias');
  const at = Date.now();
  for (const model of models) {
    let subject: number | null = null;
    const append = (change: Change, evidence: object | null = null) => {
      const row = appendRow(db, {
        at_ms: at,
        who: '',
        via: 'benchtop',
        kind: change.kind,
        subject,
        model: model.name,
        version: change.version ?? null,
        item: change.item ?? '',
        before_value: null,
        after_value: change.after ?? null,
        reason: 'It was there when the history began.',
        evidence: evidence === null ? null : JSON.stringify(evidence),
      });
      subject ??= row.subject;
    };
    append({ kind: 'model-found' }, { createdAt: model.created_at });
    db.prepare('UPDATE registered_model SET history = ? WHERE id = ?').run(subject, model.id);
    for (const row of versions.all(model.id) as {
      version: number;
      stage: string;
      source: string;
      created_at: number;
      is_deleted: number;
    }[]) {
      const { version } = row;
      append({ kind: 'version-created', version, after: row.source }, { createdAt: row.created_at });
      if (row.is_deleted === 1) append({ kind: 'version-deleted', version });
      else if (row.stage !== 'None') append({ kind: 'stage-moved', version, after: row.stage });
    }
    for (const { key, value } of modelTags.all(model.id) as { key: string; value: string }[])
      append({ kind: 'tag-set', item: key, after: value });
    for (const { version, key, value } of versionTags.all(model.id) as {
      version: number;
      key: string;
      value: string;
    }[])
      append({ kind: 'tag-set', version, item: key, after: value });
    for (const { alias, version } of aliases.all(model.id) as { alias: string; version: number }[])
      append({ kind: 'alias-set', version, item: alias, after: String(version) });
  }
}
