import { crc32 } from 'node:zlib';
import { readManifestBody, type ListedChunk } from './manifest-body.ts';

/** A row of `manifest`: a part of an object's list of chunks, and where in the object the part begins. */
export interface ManifestRow {
  readonly object: string;
  readonly first: number;
  readonly body: Buffer;
  /** Null in rows that were written before there was one. */
  readonly crc: number | null;
}

/** What a row is checked with: a list that was changed may name other chunks, each of them sound. */
export const manifestCrc = (object: string, first: number, body: Uint8Array): number =>
  crc32(body, crc32(`${object} ${first} `));

/** The chunks of a row; null when it is not what was written. */
export function listIn({ object, first, body, crc }: ManifestRow): ListedChunk[] | null {
  if (crc !== null && crc !== manifestCrc(object, first, body)) return null;
  try {
    return readManifestBody(body);
  } catch {
    return null; // no list at all
  }
}
