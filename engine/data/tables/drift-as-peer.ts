import type { DuckDBConnection } from '@duckdb/node-api';
import { BenchtopError, type DriftReport } from '../../../contract/index.ts';
import { peerDrift, peerReport, type PeerColumn, type PeerMode, type PeerSample } from '../../drift/index.ts';
import { isNumeric, type LoadedColumn, type LoadedTable } from './load-table.ts';
import { comparedTables, sharedColumns, tableWithColumns } from './shared-columns.ts';
import type { DriftQuestion, NamedFile } from './table-question.ts';
import { unreadableTable } from './unreadable-table.ts';

/**
 * Compares the columns that two tables share as a peer does, one after the other.
 * @throws {BenchtopError} as our own comparison, and `invalid-input` for tests by column.
 */
export async function driftAsPeer(
  db: DuckDBConnection,
  question: DriftQuestion,
  mode: PeerMode,
): Promise<DriftReport> {
  if (Object.keys(question.tests).length > 0)
    throw new BenchtopError({
      code: 'invalid-input',
      what: 'Tests are chosen by column in our own mode alone; the others take the defaults of their tools.',
    });
  const { name, file } = question.reference;
  if (file === null) throw new Error('A mode reads the reference itself.');
  const reference = await opened(db, 'a', { ...file, name });
  const current = await opened(db, 'b', question.current);
  const columns: PeerColumn[] = [];
  for (const shared of sharedColumns(reference, current)) {
    const [before, now] = [await shared.reference.sample(), await shared.current.sample()];
    const sideOf = (rowCount: number, type: string, sample: PeerSample | null) => ({
      type,
      rowCount,
      missingCount: sample === null ? 0 : missingIn(sample),
    });
    columns.push({
      name: shared.name,
      reference: sideOf(reference.rowCount, shared.reference.type, before),
      current: sideOf(current.rowCount, shared.current.type, now),
      found:
        before === null || now === null ? { why: 'neither numbers nor words' } : peerDrift(mode, before, now),
    });
  }
  return peerReport(mode, comparedTables(reference, current), columns);
}

async function opened(db: DuckDBConnection, table: string, file: NamedFile) {
  const loaded = await tableWithColumns(db, table, file);
  return {
    name: file.name,
    rowCount: loaded.rowCount,
    columns: loaded.columns.map((column) => ({
      name: column.name,
      type: column.type,
      sample: () =>
        sampleOf(db, loaded, column).catch((error: unknown) => {
          throw unreadableTable(error, file.name);
        }),
    })),
  };
}

/** A column whole, in the order of its table; null for times and what else is neither numbers nor words. */
async function sampleOf(
  db: DuckDBConnection,
  { from, rowCount }: LoadedTable,
  { type, typed }: LoadedColumn,
): Promise<PeerSample | null> {
  const isNumber = isNumeric(type);
  const isBoolean = type === 'BOOLEAN';
  if (!isNumber && !isBoolean && type !== 'VARCHAR') return null;
  const values = new Float64Array(isNumber ? rowCount : 0).fill(Number.NaN);
  const codes = new Uint32Array(isNumber ? 0 : rowCount).fill(0xffff_ffff);
  const places = new Map<string, number>();
  const result = await db.stream(`SELECT CAST(${typed} AS ${isNumber ? 'DOUBLE' : 'VARCHAR'}) FROM ${from}`);
  for (let row = 0; row < rowCount;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    for (const value of chunk.getColumnValues(0)) {
      if (typeof value === 'number') values[row] = value;
      else if (typeof value === 'string') {
        const place = places.get(value) ?? places.size;
        places.set(value, place);
        codes[row] = place;
      }
      row++;
    }
  }
  if (!isNumber) return { kind: 'words', words: [...places.keys()], codes, isBoolean };
  const isWhole = /INT/.test(type) && !values.some((value) => Number.isNaN(value));
  return { kind: 'numbers', values, isWhole };
}

function missingIn(sample: PeerSample): number {
  let count = 0;
  if (sample.kind === 'numbers') for (const value of sample.values) count += Number(Number.isNaN(value));
  else for (const code of sample.codes) count += Number(code >= sample.words.length);
  return count;
}
