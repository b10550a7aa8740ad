import { existsSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BenchtopError } from '../../../contract/index.ts';
import type { Objects } from '../../objects/index.ts';
import type { ManifestEntry } from '../manifest.ts';
import { tableFormatOf } from '../version-delta.ts';
import type { TableFile } from './load-table.ts';
import type { NamedFile } from './table-question.ts';

/** A larger table is not read: DuckDB would put several times its size on the disk. */
const bytesAtMost = 4 * 1024 ** 3;

/** Tables of versions as files, where the process that reads tables finds them. */
export interface TableFiles {
  /** @throws {BenchtopError} `unsupported` for what is no table, `too-large`, `damaged-object`, `disk-full`. */
  fileOf(entry: ManifestEntry): Promise<TableFile>;
  /** A file of the user's, where it lies. @throws {BenchtopError} `not-found`, `unsupported`, `too-large`. */
  fileAt(path: string): NamedFile;
  /** Removes them all; they are made again when they are asked for. */
  clear(): void;
}

export function createTableFiles(folder: string, objects: Objects): TableFiles {
  // What an engine before this one left.
  rmSync(folder, { recursive: true, force: true });
  const written = new Map<string, Promise<void>>();
  return {
    async fileOf(entry) {
      const format = tableFormatOf(entry.path);
      if (format === null || entry.kind === 'link') throw noTable(entry.path);
      if (entry.sizeBytes > bytesAtMost) throw tooLarge(entry.path, entry.sizeBytes);
      const path = join(folder, entry.objectId);
      if (!existsSync(path)) {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const writing =
          written.get(path) ?? objects.writeFiles([{ objectId: entry.objectId, path, mode: 0o600 }]);
        written.set(path, writing);
        await writing.finally(() => written.delete(path));
      } else await written.get(path);
      return { path, format, isGzip: /\.gz$/i.test(entry.path) };
    },
    fileAt(path) {
      const found = statSync(path, { throwIfNoEntry: false });
      if (found === undefined)
        throw new BenchtopError({ code: 'not-found', what: `There is no file ${path}.` });
      const format = tableFormatOf(path);
      if (format === null || !found.isFile()) throw noTable(path);
      // Parquet is read by columns and never put on the disk again.
      if (format !== 'parquet' && found.size > bytesAtMost) throw tooLarge(path, found.size);
      return { path: realpathSync(path), format, isGzip: /\.gz$/i.test(path), name: path };
    },
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const noTable = (path: string) =>
  new BenchtopError({
    code: 'unsupported',
    what: `${path} is no table that can be read.`,
    next: 'CSV, TSV and JSON lines (also with .gz) and Parquet can.',
  });

const tooLarge = (path: string, sizeBytes: number) =>
  new BenchtopError({
    code: 'too-large',
    what: `${path} is larger than the 4 GiB that are read as a table.`,
    evidence: `${sizeBytes} bytes`,
  });
