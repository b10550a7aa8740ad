import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sortNumbers } from '../../statistics/index.ts';
import type { ColumnSource } from './column-source.ts';

/**
 * What a comparison needs of the columns of a reference, in a folder of its own, each part written when it was first read from the table:
 * the numbers of a column as doubles in ascending order, as they lie in memory (little end first); all else as JSON. Nothing is left out or
 * rounded, so that a comparison with it gives the same report, bit by bit. It can be made again at any time.
 */
export interface KeptTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rowCount: number;
}

const tableFile = 'table.json';
const keptTable = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rowCount: z.number(),
});
const counts = z.array(z.tuple([z.string(), z.number()]));

/** The columns and rows of a table that is kept in a folder; null where none is. */
export function keptTableIn(folder: string): KeptTable | null {
  const path = join(folder, tableFile);
  if (!existsSync(path)) return null;
  const now = new Date();
  utimesSync(path, now, now);
  return keptTable.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** Begins to keep a table. */
export function keepTable(folder: string, table: KeptTable): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(join(folder, tableFile), JSON.stringify({ columns: table.columns, rowCount: table.rowCount }));
}

/**
 * The column at a place of a kept table. A part that is not there yet is asked of the table itself, and kept.
 * @param open reads the table
 */
export function keptColumn(
  folder: string,
  at: number,
  { type, rowCount }: { readonly type: string; readonly rowCount: number },
  open: () => Promise<ColumnSource>,
): ColumnSource {
  async function part<T>(
    name: string,
    make: (source: ColumnSource) => Promise<T>,
    read: (kept: Buffer<ArrayBuffer>) => T,
    written: (made: T) => string | Uint8Array,
  ): Promise<T> {
    const path = join(folder, `${at}.${name}`);
    if (existsSync(path)) return read(readFileSync(path));
    const made = await make(await open());
    writeWhole(path, written(made));
    return made;
  }
  const doubles = (name: string, make: (source: ColumnSource) => Promise<Float64Array>) =>
    part(
      name,
      async (source) => {
        const values = await make(source);
        sortNumbers(values, new Float64Array(values.length));
        return values;
      },
      (kept) => new Float64Array(kept.buffer, kept.byteOffset, kept.length / Float64Array.BYTES_PER_ELEMENT),
      (made) => new Uint8Array(made.buffer, made.byteOffset, made.byteLength),
    );
  const json = <T>(name: string, make: (source: ColumnSource) => Promise<T>, shape: z.ZodType<T>) =>
    part(name, make, (kept) => shape.parse(JSON.parse(kept.toString('utf8'))), JSON.stringify);
  return {
    type,
    rowCount,
    filledCount: () => json('filled.json', (source) => source.filledCount(), z.number()),
    numbers: () => doubles('numbers', (source) => source.numbers()),
    async counts() {
      const found = await json(
        'counts.json',
        async (source) => {
          const made = await source.counts();
          return made === null ? null : [...made];
        },
        counts.nullable(),
      );
      return found === null ? null : new Map(found);
    },
    lengths: () => doubles('lengths', (source) => source.lengths()),
    words: async () =>
      new Map(await json('words.json', async (source) => [...(await source.words())], counts)),
  };
}

/** Writes a file so that it is there whole or not at all. */
function writeWhole(path: string, content: string | Uint8Array): void {
  writeFileSync(`${path}.new`, content, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** So much is kept in all, in bytes. */
const bytesAtMost = 4 * 1024 ** 3;

/** Removes what was used longest ago, until no more is kept than may be. @param folder of all references, one folder each */
export function removeOldReferences(folder: string, atMost = bytesAtMost): void {
  if (!existsSync(folder)) return;
  const kept = readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => ({
      path,
      usedAt: statSync(join(path, tableFile), { throwIfNoEntry: false })?.mtimeMs ?? 0,
      sizeBytes: readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0),
    }))
    .toSorted((a, b) => b.usedAt - a.usedAt);
  let sum = 0;
  for (const { path, sizeBytes } of kept) {
    sum += sizeBytes;
    if (sum > atMost) rmSync(path, { recursive: true, force: true });
  }
}
