import type { DuckDBConnection } from '@duckdb/node-api';
import { BenchtopError, type ChunkRule } from '../../../contract/index.ts';
import { loadTable, quoted, readableTable, rowsOf, type LoadedTable } from './load-table.ts';
import type { ChunkPart, ChunksQuestion, NamedFile, TableChunk, TableChunks } from './table-question.ts';
import { unreadableTable } from './unreadable-table.ts';

/** A table cut into more chunks than this has been cut by the wrong column. */
const chunksAtMost = 10_000;

/**
 * The chunks that a table is cut into, in their order, each with a hash over its rows, so that what was judged before can be told.
 * @throws {BenchtopError} `invalid-input` for a column that there is not, or that holds no times; `too-many`; `unsupported` naming the file.
 */
export async function tableChunks(
  db: DuckDBConnection,
  { file, rule }: ChunksQuestion,
): Promise<TableChunks> {
  try {
    const table = await openTable(db, 'b', file, rule);
    const { key, where } = groupOf(table, file.name, rule);
    const cells = table.columns.map((_, at) => `c${at}`).join(', ');
    const rows = await rowsOf(
      db,
      `SELECT ${key}, count(*)::DOUBLE, sum(hash(${cells})::HUGEINT)::VARCHAR FROM ${table.from}
       ${where} GROUP BY 1 ORDER BY 1 LIMIT ${chunksAtMost + 1}`,
    );
    if (rows.length > chunksAtMost)
      throw new BenchtopError({
        code: 'too-many',
        what: `${file.name} would be cut into more than ${chunksAtMost.toLocaleString('en-US')} chunks.`,
        next: 'Take longer periods, or more rows for each chunk.',
      });
    const chunks = rows.map(([at, count, sum]) => chunkOf(rule, at, Number(count), String(sum)));
    const last = chunks.at(-1);
    const cut = last !== undefined && hasOnlyBegun(chunks, last, rule) ? chunks.slice(0, -1) : chunks;
    return {
      chunks: cut,
      waitingRows: table.rowCount - cut.reduce((sum, { rowCount }) => sum + rowCount, 0),
    };
  } catch (error) {
    throw unreadableTable(error, file.name);
  } finally {
    await db.run('DROP TABLE IF EXISTS b');
  }
}

/** A last period with fewer rows than this share of what is usual has only begun. */
const begunShare = 0.1;

/** True for a last chunk that more rows are to be expected of: they wait, and are judged with those. */
function hasOnlyBegun(chunks: readonly TableChunk[], last: TableChunk, rule: ChunkRule): boolean {
  if (rule.by === 'rows') return last.rowCount < rule.count;
  const counts = chunks.map(({ rowCount }) => rowCount).toSorted((a, b) => a - b);
  return chunks.length > 2 && last.rowCount < begunShare * (counts[Math.floor(counts.length / 2)] ?? 0);
}

/** A table to cut chunks from. Its rows have numbers where chunks are told by them. @throws {BenchtopError} `invalid-input` when it is empty. */
export async function openTable(
  db: DuckDBConnection,
  name: string,
  file: NamedFile,
  rule: ChunkRule,
): Promise<LoadedTable> {
  const table = await (rule.by === 'rows' ? loadTable : readableTable)(db, name, file);
  if (table.columns.length === 0)
    throw new BenchtopError({ code: 'invalid-input', what: `${file.name} is empty: it has no columns.` });
  return table;
}

function groupOf(table: LoadedTable, name: string, rule: ChunkRule): { key: string; where: string } {
  if (rule.by === 'file' || rule.by === 'log') throw new Error('A table that is a chunk itself is not cut.');
  if (rule.by === 'rows') return { key: `(rowid // ${rule.count})::DOUBLE`, where: '' };
  const time = timeOf(table, name, rule.column);
  return {
    key: `strftime(date_trunc('${rule.every}', ${time}), '%Y-%m-%d %H:%M:%S')`,
    where: `WHERE ${time} IS NOT NULL`,
  };
}

function chunkOf(rule: ChunkRule, at: unknown, rowCount: number, sum: string): TableChunk {
  const content = `${rowCount}:${sum}`;
  if (rule.by === 'time') {
    const key = String(at);
    return {
      key,
      label: periodLabel(key, rule.every),
      content,
      rowCount,
      part: { by: 'time', column: rule.column, every: rule.every, begin: key },
    };
  }
  const from = Number(at) * (rule.by === 'rows' ? rule.count : 0);
  return {
    key: String(from).padStart(12, '0'),
    label: `rows ${(from + 1).toLocaleString('en-US')} to ${(from + rowCount).toLocaleString('en-US')}`,
    content,
    rowCount,
    part: { by: 'rows', from, count: rowCount },
  };
}

/** A period by its begin, `2013-07-01 00:00:00`, as people call it. */
function periodLabel(begin: string, every: Extract<ChunkRule, { by: 'time' }>['every']): string {
  switch (every) {
    case 'hour':
      return begin.slice(0, 16);
    case 'day':
      return begin.slice(0, 10);
    case 'week':
      return `week of ${begin.slice(0, 10)}`;
    case 'month':
      return begin.slice(0, 7);
    case 'quarter':
      return `${begin.slice(0, 4)} Q${Math.ceil(Number(begin.slice(5, 7)) / 3)}`;
    case 'year':
      return begin.slice(0, 4);
  }
}

/** The rows of a part, as the table `name`. */
export async function partOf(
  db: DuckDBConnection,
  name: string,
  table: LoadedTable,
  file: string,
  part: ChunkPart,
): Promise<LoadedTable> {
  await db.run(`CREATE OR REPLACE TEMP TABLE ${name} AS SELECT * FROM ${table.from} WHERE ${condition()}`);
  const [[count] = []] = await rowsOf(db, `SELECT count(*)::DOUBLE FROM ${name}`);
  return { ...table, from: name, rowCount: Number(count) };

  function condition(): string {
    if (part.by === 'rows') return `rowid >= ${part.from} AND rowid < ${part.from + part.count}`;
    const time = timeOf(table, file, part.column);
    if (part.by === 'time') return `date_trunc('${part.every}', ${time}) = ${moment(part.begin)}`;
    return [
      part.from === null ? null : `${time} >= ${moment(part.from)}`,
      part.before === null ? null : `${time} < ${moment(part.before)}`,
    ]
      .filter((each) => each !== null)
      .join(' AND ');
  }
}

/** What reads a column as a time without a zone, that of UTC where it has one. @throws {BenchtopError} `invalid-input`. */
function timeOf(table: LoadedTable, file: string, name: string): string {
  const column = table.columns.find((each) => each.name === name);
  if (column === undefined)
    throw new BenchtopError({
      code: 'invalid-input',
      what: `${file} has no column "${name}" to cut it into periods by.`,
      evidence: `It has ${table.columns
        .slice(0, 50)
        .map((each) => each.name)
        .join(', ')}.`,
    });
  if (!/^(DATE|TIMESTAMP)/.test(column.type))
    throw new BenchtopError({
      code: 'invalid-input',
      what: `The column "${name}" of ${file} holds no times: it was read as ${column.type}.`,
      next: 'Times are written as 2013-07-01 or 2013-07-01 12:30:00. Chunks can also be so many rows.',
    });
  return /TIME ZONE/.test(column.type)
    ? `make_timestamp(epoch_us(${column.typed}))`
    : `CAST(${column.typed} AS TIMESTAMP)`;
}

/** @throws {BenchtopError} `invalid-input` for what is no time. */
function moment(text: string): string {
  if (!/^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?$/.test(text))
    throw new BenchtopError({
      code: 'invalid-input',
      what: `"${text}" is no time.`,
      next: 'Write 2013-07-01 or 2013-07-01 12:30:00.',
    });
  return `CAST(${quoted(text)} AS TIMESTAMP)`;
}
