import { basename, join, matchesGlob, posix } from 'node:path';
import { BenchtopError } from '../../../contract/index.ts';
import { tableFormatOf, type Manifest } from '../../data/index.ts';
import { isGlob } from '../../pipelines/index.ts';
import type { Table } from './read-predictions.ts';

/** Files of one set of held-out rows. */
const tablesAtMost = 1000;

/** The held-out rows: tables of one schema, one below the other in the order of their paths. */
export interface HeldOut {
  /** As checks.yaml names it. */
  readonly name: string;
  readonly dataVersion: string;
  readonly tables: readonly Table[];
}

/** What a data version is recorded of for a path or a pattern: of a pattern the folder before its first part with a wildcard. */
export function recordedPath(data: string): string {
  const parts = data.split('/');
  const first = parts.findIndex(isGlob);
  return first < 0 ? data : parts.slice(0, first).join('/');
}

/** The tables that a path or a pattern names in a version of its folder. @throws {BenchtopError} `unsupported`, `too-many`. */
export function tablesIn({ kind, entries }: Manifest, data: string): Table[] {
  const root = recordedPath(data);
  const tables = entries.flatMap((entry): Table[] => {
    if (entry.kind === 'link') return [];
    if (kind === 'file') return [{ objectId: entry.objectId, name: basename(data) }];
    const isWanted = isGlob(data)
      ? matchesGlob(posix.join(root, entry.path), data)
      : !entry.path.split('/').some((part) => part.startsWith('.'));
    return isWanted && tableFormatOf(entry.path) !== null
      ? [{ objectId: entry.objectId, name: entry.path }]
      : [];
  });
  if (tables.length > tablesAtMost)
    throw new BenchtopError({
      code: 'too-many',
      what: `${data} stands for ${tables.length} tables; at most ${tablesAtMost} are read as one.`,
    });
  if (tables.length > 0) return tables;
  throw new BenchtopError({
    code: 'unsupported',
    what: `${data} names no table.`,
    next: 'Held-out data are CSV, TSV (also with .gz) or Parquet: a file, a folder of them, or a pattern such as data/test/*.csv.',
  });
}

/** Writes the tables into a folder, under their names. */
export async function writeTables(
  tables: readonly Table[],
  folder: string,
  write: (objectId: string, path: string) => Promise<void>,
): Promise<void> {
  for (const { objectId, name } of tables) await write(objectId, join(folder, ...name.split('/')));
}
