import { createHash } from 'node:crypto';
import type { FileMode } from './repository.ts';
import type { BytePath } from './shown-path.ts';

/** One entry of one tree object; a folder has mode 40000. */
export interface TreeRow {
  readonly name: BytePath;
  readonly mode: FileMode | '40000';
  readonly id: string;
}

/** Reads the content of a tree object: mode, space, name, NUL, 20 bytes of id, again and again (gitformat "tree"). */
export function readTree(bytes: Uint8Array): TreeRow[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const rows: TreeRow[] = [];
  for (let at = 0; at < buffer.length;) {
    const space = buffer.indexOf(0x20, at);
    const end = buffer.indexOf(0, space);
    rows.push({
      mode: buffer.toString('latin1', at, space) as TreeRow['mode'],
      name: buffer.toString('latin1', space + 1, end),
      id: buffer.toString('hex', end + 1, end + 21),
    });
    at = end + 21;
  }
  return rows;
}

/** The content of a tree object; git sorts folders as if their names ended in a slash. */
export function writeTree(rows: readonly TreeRow[]): Buffer {
  const key = ({ name, mode }: TreeRow) => (mode === '40000' ? `${name}/` : name);
  const sorted = rows.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
  return Buffer.concat(
    sorted.flatMap(({ mode, name, id }) => [
      Buffer.from(`${mode} ${name}\0`, 'latin1'),
      Buffer.from(id, 'hex'),
    ]),
  );
}

/** The id that git gives a blob. */
export const blobId = (content: Uint8Array): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
