import type Database from 'better-sqlite3';
import type { HistoryCheck } from '../../contract/index.ts';
import { hashOf, noHash, shownText, type HistoryRow } from './history.ts';

const disagreementsAtMost = 20;

/** What the history tells of a model, as far as it goes. */
interface Told {
  name: string;
  isDeleted: boolean;
  readonly versions: Map<number, { stage: string; isDeleted: boolean }>;
  readonly aliases: Map<string, number>;
  readonly tags: Map<string, string>;
}

/**
 * Computes the chain again from its first entry, then holds the tables against what it tells: an entry that was taken away at
 * the end, or a table that was changed past the registry, shows there.
 */
export function verifyHistory(db: Database.Database, _input: null): HistoryCheck {
  let previous = noHash;
  let count = 0;
  let found: HistoryCheck['break'] = null;
  const models = new Map<number, Told>();
  const rows = db.prepare('SELECT * FROM registry_history ORDER BY seq');
  for (const row of rows.iterate() as IterableIterator<HistoryRow>) {
    count++;
    found ??= breakAt(row, count, previous);
    previous = row.hash;
    follow(models, row);
  }
  const disagreements = [...disagreementsOf(db, models)];
  return {
    isIntact: found === null && disagreements.length === 0,
    entryCount: count,
    lastHash: previous,
    break: found,
    disagreements: disagreements.slice(0, disagreementsAtMost),
    next: nextStep(found, disagreements.length > 0),
  };
}

/** A chain is not mended: what is known of it elsewhere tells which side is right. */
function nextStep(found: HistoryCheck['break'], disagrees: boolean): string | null {
  if (found !== null)
    return (
      `Entries before ${found.seq} are as they were written; of ${found.seq} and what follows that is not sure. ` +
      `Hold entry ${found.seq} against an export that was kept (\`benchtop model history --format csv\`), or against benchtop.db in the home's backups/. ` +
      `Putting such a copy in its place brings the whole chain back, without what happened since. Benchtop itself goes on, and adds to the chain as it is.`
    );
  if (!disagrees) return null;
  return (
    'Hold the last hash against one that was noted earlier. Is that one in the history, then the tables were changed past Benchtop: ' +
    '`benchtop model promote`, `demote`, `stage`, `tag` and `restore` set them right, each with an entry. ' +
    "Is it not, then entries were taken away at the end: benchtop.db in the home's backups/ may have them."
  );
}

function breakAt(row: HistoryRow, seq: number, previous: string): HistoryCheck['break'] {
  if (row.seq !== seq)
    return {
      seq,
      what: `Entry ${seq} is not there: the next one is ${row.seq}.`,
      expected: String(seq),
      found: String(row.seq),
    };
  if (row.previous_hash !== previous)
    return {
      seq,
      what: `Entry ${seq} does not follow from entry ${seq - 1}: it names another hash for it.`,
      expected: previous,
      found: row.previous_hash,
    };
  const hash = hashOf(row);
  if (row.hash === hash) return null;
  return {
    seq,
    what: `Entry ${seq} is not what was written: its hash is another.`,
    expected: row.hash,
    found: hash,
  };
}

function follow(models: Map<number, Told>, row: HistoryRow): void {
  const { kind, subject, version } = row;
  if (kind === 'model-created' || kind === 'model-found') {
    models.set(subject, {
      name: row.model,
      isDeleted: false,
      versions: new Map(),
      aliases: new Map(),
      tags: new Map(),
    });
    return;
  }
  const told = models.get(subject);
  if (told === undefined) return;
  if (kind === 'model-renamed') told.name = row.model;
  else if (kind === 'model-deleted' || kind === 'model-restored') told.isDeleted = kind === 'model-deleted';
  else if (kind === 'version-created' && version !== null)
    told.versions.set(version, { stage: 'None', isDeleted: false });
  else if (kind === 'version-deleted' && version !== null)
    told.versions.set(version, { stage: '', isDeleted: true });
  else if ((kind === 'stage-moved' || kind === 'version-restored') && version !== null)
    told.versions.set(version, { stage: row.after_value ?? '', isDeleted: false });
  else if ((kind === 'alias-set' || kind === 'alias-rolled-back') && version !== null)
    told.aliases.set(row.item, version);
  else if (kind === 'alias-removed') told.aliases.delete(row.item);
  else if (kind === 'tag-set') told.tags.set(tagKey(version, row.item), row.after_value ?? '');
  else if (kind === 'tag-removed') told.tags.delete(tagKey(version, row.item));
}

const tagKey = (version: number | null, key: string) =>
  version === null ? `the tag ${key}` : `the tag ${key} of version ${version}`;

function* disagreementsOf(db: Database.Database, models: ReadonlyMap<number, Told>): Generator<string> {
  const rows = db
    .prepare(
      `SELECT id, coalesce(deleted_name, name) AS name, deleted_name IS NOT NULL AS isDeleted, history
       FROM registered_model ORDER BY id`,
    )
    .all() as { id: number; name: string; isDeleted: 0 | 1; history: number | null }[];
  const there = new Set(rows.map(({ history }) => history));
  for (const [subject, { name, isDeleted }] of models)
    if (!isDeleted && !there.has(subject))
      yield `The history tells of the model ${name}, which is not there.`;
  for (const { id, name, isDeleted, history } of rows) {
    const told = models.get(history ?? 0);
    if (told === undefined) {
      yield `The model ${name} is there, but the history does not tell how.`;
      continue;
    }
    if (told.isDeleted !== (isDeleted === 1)) {
      yield isDeleted === 1
        ? `The model ${name} is deleted, and the history does not tell of it.`
        : `The model ${name} is there, and the history says that it was deleted.`;
      continue;
    }
    if (told.name !== name.toWellFormed())
      yield `The model ${name} is called ${told.name} in the history, and nobody renamed it.`;
    yield* differences(
      name,
      (version) => `version ${version}`,
      told.versions,
      new Map(
        (
          db.prepare('SELECT version, stage, is_deleted FROM model_version WHERE model = ?').all(id) as {
            version: number;
            stage: string;
            is_deleted: number;
          }[]
        ).map((row) => [
          row.version,
          {
            stage: row.is_deleted === 1 ? '' : row.stage,
            // 2: deleted with its model, of which the history tells once.
            isDeleted: row.is_deleted === 1,
          },
        ]),
      ),
      ({ stage, isDeleted }) => (isDeleted ? 'deleted' : `in stage ${stage}`),
    );
    yield* differences(
      name,
      (alias) => `the alias ${alias}`,
      told.aliases,
      new Map(
        db.prepare('SELECT alias, version FROM model_alias WHERE model = ?').raw().all(id) as [
          string,
          number,
        ][],
      ),
      (version) => `version ${version}`,
    );
    yield* differences(
      name,
      (key) => key,
      told.tags,
      tagsOf(db, id),
      (value) => `"${value}"`,
    );
  }
}

function tagsOf(db: Database.Database, id: number): Map<string, string> {
  const rows = db
    .prepare(
      `SELECT NULL, key, value FROM registered_model_tag WHERE model = @id
       UNION ALL SELECT version, key, value FROM model_version_tag WHERE model = @id`,
    )
    .raw()
    .all({ id }) as [number | null, string, string][];
  return new Map(
    rows.map(([version, key, value]) => [tagKey(version, key.toWellFormed()), shownText(value)]),
  );
}

function* differences<K, V>(
  model: string,
  called: (key: K) => string,
  told: ReadonlyMap<K, V>,
  found: ReadonlyMap<K, V>,
  shown: (value: V) => string,
): Generator<string> {
  const text = (value: V | undefined) => (value === undefined ? 'not there' : shown(value));
  for (const key of new Set([...told.keys(), ...found.keys()])) {
    const [was, is] = [text(told.get(key)), text(found.get(key))];
    if (was !== is) yield `${model}: ${called(key)} is ${is}; the history says ${was}.`;
  }
}
