import { join } from 'node:path';

/** The first bytes of a pack, with the version of the format: of packs, chunking and proofs together. */
export const packHead = Buffer.from('BENCHTOP PACK 1\n');

/** A pack that has reached this size is closed, in bytes. */
export const fullPackBytes = 64 * 1024 * 1024;

/** Files below this size are stored whole, in bytes. */
export const wholeFileBytes = 256 * 1024;

/** What a piece of a pack is: a small file, a chunk of a large one, or a part of the list of a large one's chunks. */
export const pieceKinds = { whole: 1, chunk: 2, manifest: 3 } as const;
export type PieceKind = (typeof pieceKinds)[keyof typeof pieceKinds];

/** Before each piece: kind and size as uint32, then its proof, zeros behind it where it is shorter; little-endian. */
export const pieceHeadBytes = 40;
const proofPlace = 8;

export function writePieceHead(
  bytes: Uint8Array,
  at: number,
  kind: PieceKind,
  sizeBytes: number,
  proof: Uint8Array,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, pieceHeadBytes);
  view.setUint32(0, kind, true);
  view.setUint32(4, sizeBytes, true);
  bytes.fill(0, at + proofPlace, at + pieceHeadBytes);
  bytes.set(proof, at + proofPlace);
}

export const packPath = (objectsPath: string, pack: number): string =>
  join(objectsPath, 'packs', `${pack}.pack`);

/** The number in the name of a pack's file; null for any other file. */
export function packNumber(fileName: string): number | null {
  const [, digits] = /^(\d{1,9})\.pack$/.exec(fileName) ?? [];
  return digits === undefined ? null : Number(digits);
}
