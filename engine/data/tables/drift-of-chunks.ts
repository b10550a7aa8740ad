import type { DuckDBConnection } from '@duckdb/node-api';
import { BenchtopError, errorShapeOf } from '../../../contract/index.ts';
import { performanceOfChunks } from './performance-of-chunks.ts';
import { loadedSide, type Side } from './column-source.ts';
import { driftBetween } from './drift-of-tables.ts';
import { keptSide } from './kept-reference.ts';
import { readableTable, type LoadedTable } from './load-table.ts';
import { openTable, partOf } from './table-chunks.ts';
import type { ChunkDrift, DriftOfChunksQuestion, NamedFile, TimeRange } from './table-question.ts';
import { unreadableTable } from './unreadable-table.ts';

/**
 * One chunk after the other held against a reference of which what is needed is kept, each told as soon as it is judged. A chunk that cannot be read is
 * told with its error, and the others are judged all the same.
 * @throws {BenchtopError} where the reference cannot be read.
 */
export async function driftOfChunks(
  db: DuckDBConnection,
  question: DriftOfChunksQuestion,
  tell: (found: ChunkDrift) => void,
  isCancelled: () => boolean,
): Promise<null> {
  const ignored = new Set(question.ignored);
  const compared = (side: Side): Side => ({
    ...side,
    columns: side.columns.filter(({ name }) => !ignored.has(name)),
  });
  /** The table that chunks are cut from stays until another one's turn comes. */
  let cut: { readonly path: string; readonly table: LoadedTable } | null = null;

  async function chunkOf({ file, part }: DriftOfChunksQuestion['chunks'][number]): Promise<LoadedTable> {
    if (part === null) return readableTable(db, 'c', file);
    if (cut?.path !== file.path)
      cut = {
        path: file.path,
        table: await typedTable(db, 'b', await openTable(db, 't', file, question.rule)),
      };
    return partOf(db, 'c', cut.table, file.name, part);
  }

  try {
    const { file, part, keptIn } = question.reference;
    let reading: Promise<LoadedTable> | undefined;
    const table = () => (reading ??= tableOfReference(db, file, part));
    const kept = await keptSide(keptIn, file.name, async () => loadedSide(db, await table(), file.name));
    hasRows(kept, part);
    const reference = compared(kept);
    const answers =
      question.answers === null
        ? null
        : await performanceOfChunks(db, await table(), file.name, question.answers);
    for (const [at, chunk] of question.chunks.entries()) {
      const begun = performance.now();
      try {
        const current = await chunkOf(chunk);
        if (current.columns.length === 0)
          throw new BenchtopError({
            code: 'invalid-input',
            what: `${chunk.file.name} is empty: it has no columns.`,
          });
        const report = await driftBetween(reference, compared(loadedSide(db, current, chunk.file.name)), {});
        const worth = answers === null ? null : await answers(current, chunk.file.name);
        tell({ at, elapsedMs: performance.now() - begun, report, performance: worth });
      } catch (error) {
        const told = unreadableTable(error, chunk.file.name);
        if (isCancelled() || !(told instanceof BenchtopError)) throw error;
        tell({ at, elapsedMs: performance.now() - begun, error: errorShapeOf(told) });
      }
    }
    return null;
  } finally {
    await db.run(['a', 'b', 'c', 'r', 't', 'u'].map((name) => `DROP TABLE IF EXISTS ${name}`).join('; '));
  }
}

async function tableOfReference(
  db: DuckDBConnection,
  file: NamedFile,
  part: TimeRange | null,
): Promise<LoadedTable> {
  const table = await typedTable(db, 'a', await readableNamed(db, 'u', file));
  return part === null ? table : partOf(db, 'r', table, file.name, part);
}

/** @throws {BenchtopError} `invalid-input` where there is nothing to compare with. */
function hasRows({ rowCount, name }: Side, part: TimeRange | null): void {
  if (rowCount > 0) return;
  throw new BenchtopError({
    code: 'invalid-input',
    what: `The reference ${name} has no rows${part === null ? '' : ' in the time that was named'}.`,
    next: 'Name a table, or a time in it, that has rows.',
  });
}

const readableNamed = (db: DuckDBConnection, name: string, file: NamedFile): Promise<LoadedTable> =>
  readableTable(db, name, file).catch((error: unknown) => {
    throw unreadableTable(error, file.name);
  });

/** A text table with its cells read once and for all as what they are; another kind of table has them so. */
async function typedTable(db: DuckDBConnection, name: string, table: LoadedTable): Promise<LoadedTable> {
  if (table.layout === null || table.columns.length === 0) return table;
  const cells = table.columns.map(({ typed }, at) => `${typed} AS c${at}`);
  await db.run(`CREATE OR REPLACE TEMP TABLE ${name} AS SELECT ${cells.join(', ')} FROM ${table.from}`);
  await db.run(`DROP TABLE ${table.from}`);
  return {
    ...table,
    from: name,
    columns: table.columns.map((column, at) => ({ ...column, typed: `c${at}` })),
  };
}
