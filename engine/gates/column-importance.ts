import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  BenchtopError,
  importanceFindings,
  type ImportanceQuestion,
  type ModelImportance,
  type TablePlace,
} from '../../contract/index.ts';
import { askModel } from './ask-model.ts';
import type { Checks } from './definition/read-checks.ts';
import { keptImportance, saveImportance } from './gate-records.ts';
import type { GateGround, GateRooms } from './gate-rooms.ts';
import type { RegisteredVersion } from './registered-version.ts';

/** Rows that the model is asked about, and how often each column is shuffled: the mean of so many changes is told. */
const rowsAtMost = 2000;
const rounds = 3;

/**
 * How much the answers of a version rest on each column of a table: by how much they change when the column is shuffled among the rows
 * (permutation importance as of Breiman, 2001, with the model's own answers in the place of labels). Asked once for a content.
 * @param asked which columns are features, the checks of the model's project say as for held-out rows; else the model itself
 * @throws {BenchtopError} as `askModel`; `not-found`, `unsupported` for the table.
 */
export async function columnImportance(
  { store, now, rooms }: GateGround,
  version: RegisteredVersion,
  { table, part, evaluation }: Pick<ImportanceQuestion, 'table' | 'part'> & Pick<Checks, 'evaluation'>,
  signal: AbortSignal,
): Promise<ModelImportance> {
  const source = await tableAsked(rooms, table, signal);
  const settings = {
    tables: [source.name],
    features: evaluation.features,
    besides: [evaluation.label, ...(evaluation.id === null ? [] : [evaluation.id])],
    rows: rowsAtMost,
    rounds,
    part,
  };
  const asked = createHash('sha256')
    .update(JSON.stringify([source.content, settings]))
    .digest('hex');
  const known = store.now((db) => keptImportance(db, version, asked));
  if (known !== null) return known;
  const { run, answered } = await askModel(
    rooms,
    version,
    {
      name: 'importance of columns',
      program: rooms.importancePath,
      tablesIn: source.tablesIn,
      settings,
      answer: 'importance.json',
      otherwise: 'Without it columns are ranked by how much of them moved.',
    },
    signal,
  );
  const text = new TextDecoder().decode(await rooms.readObject(answered.objectId, answered.sizeBytes));
  const importance = {
    ...importanceFindings.parse(JSON.parse(text)),
    model: version.name,
    version: version.version,
    table: source.name,
    runId: run.id,
    at: now(),
  };
  if (store.readOnlyReason === null)
    await store.write('gates.importance', (db) => saveImportance(db, version, asked, importance));
  return importance;
}

/** A table that a model can be asked about: a file where it lies, or one of a data version, which is written out. */
interface AskedTable {
  readonly name: string;
  /** Tells whether it holds what it held before. */
  readonly content: string;
  readonly tablesIn: (empty: string) => Promise<string>;
}

async function tableAsked(rooms: GateRooms, table: TablePlace, signal: AbortSignal): Promise<AskedTable> {
  if (typeof table === 'string') {
    const content = await rooms.dataVersionAt(table, signal);
    if (content === null)
      throw new BenchtopError({ code: 'file-unreadable', what: `${table} could not be read whole.` });
    return { name: basename(table), content, tablesIn: async () => dirname(table) };
  }
  const { kind, entries } = await rooms.manifestOf(table.version);
  const entry = kind === 'file' ? entries[0] : entries.find(({ path }) => path === table.path);
  if (entry === undefined || entry.kind === 'link')
    throw new BenchtopError({ code: 'not-found', what: `The version has no file ${table.path}.` });
  return {
    name: basename(entry.path),
    content: entry.objectId,
    async tablesIn(empty) {
      await mkdir(empty, { recursive: true });
      await rooms.writeFile(entry.objectId, join(empty, basename(entry.path)));
      return empty;
    },
  };
}
