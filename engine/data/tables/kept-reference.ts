import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sortNumbers } from '../../statistics/index.ts';
import type { ColumnSource, Side } from './column-source.ts';
import { markUsed, writeWhole } from './kept-tables.ts';

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
  markUsed(folder);
  return keptTable.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** Begins to keep a table. */
export function keepTable(folder: string, { columns, rowCount }: Side): KeptTable {
  const table = { columns: columns.map(({ name, source }) => ({ name, type: source.type })), rowCount };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(join(folder, tableFile), JSON.stringify(table));
  return table;
}

/**
 * A table by what is kept of it. Parts that are not there yet are asked of the table itself, and kept.
 * @param name as people know it
 * @param open reads the table; asked once at most
 */
export async function keptSide(folder: string, name: string, open: () => Promise<Side>): Promise<Side> {
  let opening: Promise<Side> | undefined;
  const opened = () => (opening ??= open());
  const table = keptTableIn(folder) ?? keepTable(folder, await opened());
  const spare: Float64Array[] = [];
  const numbersPath = (asked: string) =>
    join(folder, `${table.columns.findIndex((column) => column.name === asked)}.numbers`);
  return {
    name,
    rowCount: table.rowCount,
    columns: table.columns.map((column, at) => ({
      name: column.name,
      source: keptColumn(folder, at, { type: column.type, rowCount: table.rowCount }, async () => {
        const found = (await opened()).columns[at];
        if (found === undefined) throw new Error('The table has fewer columns than what is kept of it.');
        return found.source;
      }),
    })),
    async numbers(names) {
      const missing = names.filter((asked) => !existsSync(numbersPath(asked)));
      const made = missing.length === 0 ? [] : await (await opened()).numbers(missing);
      const sorted = new Map(made.map((values, at) => [missing[at], sortedNumbers(values)]));
      for (const [asked, values] of sorted)
        if (asked !== undefined) writeWhole(numbersPath(asked), bytesOf(values));
      return names.map(
        (asked, at) =>
          sorted.get(asked) ??
          doublesIn(numbersPath(asked), (spare[at] ??= new Float64Array(table.rowCount))),
      );
    },
  };
}

function keptColumn(
  folder: string,
  at: number,
  { type, rowCount }: { readonly type: string; readonly rowCount: number },
  open: () => Promise<ColumnSource>,
): ColumnSource {
  const json = async <T>(name: string, make: (source: ColumnSource) => Promise<T>, shape: z.ZodType<T>) => {
    const path = join(folder, `${at}.${name}.json`);
    if (existsSync(path)) return shape.parse(JSON.parse(readFileSync(path, 'utf8')));
    const made = await make(await open());
    writeWhole(path, JSON.stringify(made));
    return made;
  };
  return {
    type,
    rowCount,
    filledCount: () => json('filled', (source) => source.filledCount(), z.number()),
    async counts() {
      const make = async (source: ColumnSource) => {
        const made = await source.counts();
        return made === null ? null : [...made];
      };
      const found = await json('counts', make, counts.nullable());
      return found === null ? null : new Map(found);
    },
    async lengths() {
      const path = join(folder, `${at}.lengths`);
      if (existsSync(path)) return doublesIn(path, new Float64Array(rowCount));
      const made = sortedNumbers(await (await open()).lengths());
      writeWhole(path, bytesOf(made));
      return made;
    },
    words: async () => new Map(await json('words', async (source) => [...(await source.words())], counts)),
  };
}

function sortedNumbers(values: Float64Array): Float64Array {
  sortNumbers(values, new Float64Array(values.length));
  return values;
}

const bytesOf = (values: Float64Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** @param space of as many doubles as the table has rows */
function doublesIn(path: string, space: Float64Array): Float64Array {
  const file = openSync(path, 'r');
  try {
    const values = space.subarray(0, fstatSync(file).size / Float64Array.BYTES_PER_ELEMENT);
    const bytes = bytesOf(values);
    for (let at = 0, read = 0; at < bytes.length; at += read) {
      read = readSync(file, bytes, at, bytes.length - at, null);
      if (read === 0) throw new Error(`${path} ends before its time.`);
    }
    return values;
  } finally {
    closeSync(file);
  }
}
