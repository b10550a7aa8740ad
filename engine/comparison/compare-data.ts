import { relative, sep } from 'node:path';
import type { DataDelta, Difference, Run, RunData, TableDelta } from '../../contract/index.ts';
import type { PartComparison } from './compare-runs.ts';

/** How two versions of data are compared. */
export interface DataComparer {
  files(before: string, after: string): Promise<Omit<DataDelta, 'chunks'>>;
  /** By rows; null where that would take too long or cannot be. */
  rows(before: string, after: string, path: string): Promise<TableDelta | null>;
}

/** Tables of one data set that are compared by rows here; the page of the data has all of them. */
const tablesAtMost = 3;

/**
 * What two runs read and do not share, by the places relative to their working folders, down to the rows of tables. Unknown where
 * one of them was not seen to read anything, or what it read was not recorded.
 */
export async function compareData(
  a: { run: Run; read: readonly RunData[] },
  b: { run: Run; read: readonly RunData[] },
  compare: DataComparer,
): Promise<PartComparison> {
  const before = inputsOf(a);
  const after = inputsOf(b);
  if (before.size === 0 && after.size === 0)
    return { differences: null, why: 'Neither was seen to read data beside what its code holds.' };
  const unread = [...before.values(), ...after.values()].filter(({ version }) => version === null);
  const differences: Difference[] = [];
  for (const name of [...new Set([...before.keys(), ...after.keys()])].toSorted()) {
    const one = before.get(name)?.version ?? null;
    const other = after.get(name)?.version ?? null;
    if (one?.version === other?.version) continue;
    const detail =
      one === null || other === null ? null : await detailOf(one.version, other.version, compare);
    differences.push({ name, a: shortOf(one), b: shortOf(other), detail });
  }
  if (differences.length === 0 && unread.length > 0)
    return { differences: null, why: `What ${unread[0]?.path ?? ''} held was not recorded.` };
  return { differences, why: null };
}

function inputsOf({ run, read }: { run: Run; read: readonly RunData[] }): Map<string, RunData> {
  return new Map(
    read.filter(({ role }) => role === 'input').map((one) => [nameOf(run.workingFolder, one.path), one]),
  );
}

/** As the script would call it. */
function nameOf(workingFolder: string | null, path: string): string {
  if (workingFolder === null) return path;
  const way = relative(workingFolder, path);
  return way.startsWith(`..${sep}..`) ? path : way;
}

const shortOf = (version: RunData['version']) => version?.version.slice(0, 12) ?? null;

async function detailOf(before: string, after: string, compare: DataComparer): Promise<string> {
  const delta = await compare.files(before, after);
  const { added, removed, changed, renamed } = delta.counts;
  const files = [
    ...(added > 0 ? [`${added} added`] : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(renamed > 0 ? [`${renamed} renamed`] : []),
  ];
  const isFile = delta.before.kind === 'file' && delta.after.kind === 'file';
  const rows: string[] = [];
  for (const { path } of delta.changed
    .filter(({ tableFormat }) => tableFormat !== null)
    .slice(0, tablesAtMost)) {
    const table = await compare.rows(before, after, path);
    if (table !== null) rows.push(`${isFile ? '' : `${path}: `}${rowsText(table)}`);
  }
  return [...(isFile ? [] : [`files: ${files.join(', ')}`]), ...rows].join('; ') || files.join(', ');
}

function rowsText({ rows, schema }: TableDelta): string {
  const columns = schema.added.length + schema.removed.length + schema.changed.length;
  const parts = [
    `${rows.added.toLocaleString('en-US')} added`,
    `${rows.removed.toLocaleString('en-US')} removed`,
    ...(rows.changed === null ? [] : [`${rows.changed.toLocaleString('en-US')} changed`]),
  ];
  return `rows: ${parts.join(', ')}${columns === 0 ? '' : `; ${columns} columns differ`}`;
}
