import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  errorShapeOf,
  type DataDelta,
  type EngineApi,
  type ErrorShape,
  type TableDelta,
} from '../../../contract/index.ts';
import { bytesText } from './data-snapshot-command.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { textColumns } from '../text-columns.ts';

export interface DataDiffOptions {
  readonly home: string;
  /** Columns, separated by commas. */
  readonly key?: string;
  readonly json?: boolean;
}

/** Tables that are compared by rows; of more the first, in the order of their paths. */
const tablesAtMost = 10;
const rowsShown = 5;
const namesShown = 20;

type ComparedTable = { readonly path: string } & (
  | { readonly delta: TableDelta }
  | { readonly error: ErrorShape }
);

/** `benchtop data diff`: files of two versions, and the rows of tables that changed. */
export async function dataDiffCommand(a: string, b: string, options: DataDiffOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const before = await versionOf(engine.api, a);
    const after = await versionOf(engine.api, b);
    const delta = await engine.api.data.compare({ before, after });
    const tables: ComparedTable[] = [];
    const changed = delta.changed.filter(({ tableFormat }) => tableFormat !== null);
    for (const { path } of changed.slice(0, tablesAtMost))
      tables.push(await comparedTable(engine.api, { before, after, path }, options.key?.split(',')));
    if (options.json) return console.log(jsonText({ ...delta, tables }));
    for (const line of deltaLines(delta)) console.log(line);
    for (const table of tables) for (const line of tableLines(table)) console.log(line);
    if (changed.length > tables.length)
      console.log(
        `\n${changed.length - tables.length} more tables changed; only the first ones are compared by rows.`,
      );
  });
}

/** A version by the beginning of its id, or the last one of a path. What is there as a path is taken as one. */
export async function versionOf(api: EngineApi, text: string): Promise<string> {
  const isId = /^[0-9a-f]{4,64}$/.test(text) && !existsSync(text);
  return (await api.data.find({ text: isId ? text : resolve(text) })).version;
}

/** One table that cannot be compared, for its format or for the key, does not take the others with it. */
async function comparedTable(
  api: EngineApi,
  asked: { before: string; after: string; path: string },
  key: string[] | undefined,
): Promise<ComparedTable> {
  try {
    const delta = await api.data.compareTables({ ...asked, ...(key === undefined ? {} : { key }) });
    return { path: asked.path, delta };
  } catch (error) {
    return { path: asked.path, error: errorShapeOf(error) };
  }
}

function deltaLines(delta: DataDelta): string[] {
  const { before, after, counts, bytes, chunks, added, removed, changed, renamed } = delta;
  if (before.version === after.version) return ['The two versions are the same.'];
  const some = (sign: string, paths: readonly string[], total: number) => [
    ...paths.slice(0, namesShown).map((path) => `${sign} ${path}`),
    ...(total > namesShown ? [`${sign} and ${total - namesShown} more`] : []),
  ];
  return [
    `files  ${counts.added} added, ${counts.removed} removed, ${counts.changed} changed, ${counts.renamed} renamed, ${counts.same} the same`,
    `bytes  ${bytesText(bytes.added)} only in the second, ${bytesText(bytes.removed)} only in the first`,
    ...(chunks === null
      ? []
      : [
          `pieces ${chunks.added} new (${bytesText(chunks.addedBytes)}), ${chunks.removed} gone (${bytesText(chunks.removedBytes)}), ${chunks.shared} shared`,
        ]),
    ...some(
      '+',
      added.map(({ path }) => path),
      counts.added,
    ),
    ...some(
      '-',
      removed.map(({ path }) => path),
      counts.removed,
    ),
    ...some(
      '~',
      changed.map(({ path }) => path),
      counts.changed,
    ),
    ...some(
      '>',
      renamed.map(({ from, to }) => `${from} is now ${to}`),
      counts.renamed,
    ),
  ];
}

function tableLines(table: ComparedTable): string[] {
  if ('error' in table)
    return [
      '',
      table.path,
      ...[table.error.what, table.error.evidence]
        .filter((line) => line !== undefined)
        .map((line) => `  ${line}`),
    ];
  const { key, rows, schema, changedCells, columns, samples } = table.delta;
  const number = (count: number) => count.toLocaleString('en-US');
  const head = columns.map(({ name }) => name);
  const sampled = [
    ...samples.added
      .slice(0, rowsShown)
      .map(({ cells, times }) => [times === 1 ? '+' : `+${times}`, ...shown(cells)]),
    ...samples.removed
      .slice(0, rowsShown)
      .map(({ cells, times }) => [times === 1 ? '-' : `-${times}`, ...shown(cells)]),
    ...samples.changed
      .slice(0, rowsShown)
      .map(({ before, after }) => [
        '~',
        ...before.map((cell, at) =>
          cell === after[at] ? (cell ?? '') : `${cell ?? ''} → ${after[at] ?? ''}`,
        ),
      ]),
  ];
  return [
    '',
    `${table.path}  ${number(rows.before)} → ${number(rows.after)} rows`,
    `  rows     ${number(rows.added)} added, ${number(rows.removed)} removed${rows.changed === null ? '' : `, ${number(rows.changed)} changed`}`,
    `  by       ${key === null ? 'whole rows' : `${key.columns.join(', ')}${key.isFound ? ' (found: filled and different in every row; --key takes another)' : ''}`}`,
    ...schema.added.map(({ name, type }) => `  column   + ${name} ${type}`),
    ...schema.removed.map(({ name, type }) => `  column   - ${name} ${type}`),
    ...schema.changed.map(({ name, before, after }) => `  column   ~ ${name} ${before} → ${after}`),
    ...(schema.isReordered ? ['  column   another order'] : []),
    ...changedCells.map(({ name, count }) => `  changed  ${name} in ${number(count)} rows`),
    ...(sampled.length === 0 ? [] : textColumns([['', ...head], ...sampled]).map((line) => `  ${line}`)),
  ];
}

const shown = (cells: readonly (string | null)[]): string[] => cells.map((cell) => cell ?? '');
