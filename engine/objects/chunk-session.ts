import type { SharedMemory } from '../web-assembly.ts';
import { createHash } from 'node:crypto';
import type { ChunkList } from './chunk-list.ts';
import { growingChunkList } from './chunk-list.ts';
import { createCutter, maxChunkBytes } from './gear.ts';
import type { Piece } from './locate.ts';
import type { ObjectIndex } from './object-index.ts';
import { pieceKinds } from './pack-format.ts';
import type { PackReader } from './pack-reader.ts';
import type { PackWriter, Place } from './pack-writer.ts';
import { proofBytes, proofOf } from './proof.ts';

/** Cuts one stream and appends what is new of it to packs. */
export interface ChunkSession {
  /** Takes what lies between two addresses of the memory; it may be overwritten then, unless it is lent. */
  take(from: number, end: number): void;
  /** In place of `take`: one chunk, cut by somebody else; … */
  add(chunk: Uint8Array): void;
  /** … and one that the index has, as it is. */
  reuse(piece: Piece): void;
  /** Ends the file: its list of chunks, written to the pack too, and how far each pack is filled with what is its. */
  finish(objectId: string): { chunks: ChunkList; sizeBytes: number; packs: Map<number, number> };
}

/** Chunks in one part of a file's list: 16,384 KiB … 1 GiB of the file. */
export const chunksInPart = 4096;

/** New chunks remembered of one file, so that a file of any size takes bounded memory: 12 GiB of it. */
const maxOwn = 200_000;

export function createChunkSession({
  memory,
  index,
  writer,
  reader,
  isLent = false,
}: {
  memory: SharedMemory;
  index: ObjectIndex;
  writer: PackWriter;
  reader: PackReader;
  /** What is taken stays as it is until the writer has returned it. */
  isLent?: boolean;
}): ChunkSession {
  const bytes = new Uint8Array(memory.buffer);
  const cutter = createCutter(memory);
  const chunks = growingChunkList();
  const packs = new Map<number, number>();
  /** New chunks of this file by proof, as no index has them yet. */
  const own = new Map<string, { number: number; place: Place; sizeBytes: number }>();
  /** The beginning of a chunk whose end has not come yet. */
  const carried = new Uint8Array(maxChunkBytes);
  let carriedBytes = 0;
  let sizeBytes = 0;

  function reach({ pack, position }: Place, pieceBytes: number): void {
    packs.set(pack, Math.max(packs.get(pack) ?? 0, position + pieceBytes));
  }

  const isSame = (chunk: Uint8Array, place: Place) => {
    const stored = writer.lentAt(place) ?? reader.read(place.pack, place.position, chunk.length);
    return stored !== null && Buffer.compare(stored, chunk) === 0;
  };

  function keep(chunk: Uint8Array): void {
    const proof = proofOf(chunk);
    const key = proof.toString('latin1');
    const before = own.get(key);
    if (before !== undefined && before.sizeBytes === chunk.length && isSame(chunk, before.place)) {
      chunks.add({ proof, sizeBytes: chunk.length, known: -before.number - 1, pack: 0, position: 0 });
      return;
    }
    for (const stored of index.chunksByProof(proof)) {
      if (stored.sizeBytes !== chunk.length || !isSame(chunk, stored)) continue;
      chunks.add({ proof, sizeBytes: chunk.length, known: stored.id, pack: 0, position: 0 });
      return;
    }
    const place = isLent ? writer.lend(proof, chunk) : writer.append(pieceKinds.chunk, proof, chunk);
    reach(place, chunk.length);
    const number = chunks.add({ proof, sizeBytes: chunk.length, known: 0, ...place });
    if (own.size === maxOwn) own.clear();
    own.set(key, { number, place, sizeBytes: chunk.length });
  }

  function carry(from: number, end: number): void {
    carried.set(bytes.subarray(from, end), carriedBytes);
    carriedBytes += end - from;
  }

  function keepCarried(): void {
    const chunk = carried.subarray(0, carriedBytes);
    keep(isLent ? chunk.slice() : chunk);
    carriedBytes = 0;
  }

  return {
    take(from, end) {
      sizeBytes += end - from;
      for (let at = from; ;) {
        const cut = cutter.next(at, end);
        if (cut === -1) return carry(at, end);
        if (carriedBytes === 0) keep(bytes.subarray(at, cut));
        else {
          carry(at, cut);
          keepCarried();
        }
        at = cut;
      }
    },
    add(chunk) {
      sizeBytes += chunk.length;
      keep(chunk);
    },
    reuse({ chunk, proof, sizeBytes: chunkBytes }) {
      sizeBytes += chunkBytes;
      chunks.add({ proof, sizeBytes: chunkBytes, known: chunk ?? 0, pack: 0, position: 0 });
    },
    finish(objectId) {
      if (carriedBytes > 0) keepCarried();
      const list = chunks.list();
      // Of a file that is stored already the list is too.
      const parts = index.storedAt(objectId) === null ? manifestPieces(objectId, list) : [];
      for (const part of parts) {
        const proof = createHash('sha256').update(part).digest();
        reach(writer.append(pieceKinds.manifest, proof, part), part.length);
      }
      return { chunks: list, sizeBytes, packs };
    },
  };
}

/** Bytes before the entries of a manifest piece: the file's sha256 and where in the file the part begins, as float64. */
export const manifestHeadBytes = 40;
export const manifestEntryBytes = proofBytes + 4;

/** The list of chunks as pieces of a pack, from which the index can be made anew: proof and size (uint32) of each chunk. */
function* manifestPieces(objectId: string, list: ChunkList): Generator<Uint8Array> {
  let first = 0;
  for (let from = 0; from < list.count; from += chunksInPart) {
    const count = Math.min(chunksInPart, list.count - from);
    const piece = new Uint8Array(manifestHeadBytes + count * manifestEntryBytes);
    const view = new DataView(piece.buffer);
    piece.set(Buffer.from(objectId, 'hex'));
    view.setFloat64(32, first, true);
    for (let index = 0; index < count; index++) {
      const number = from + index;
      const at = manifestHeadBytes + index * manifestEntryBytes;
      const chunkBytes = list.sizes[number] ?? 0;
      piece.set(list.proofs.subarray(number * proofBytes, (number + 1) * proofBytes), at);
      view.setUint32(at + proofBytes, chunkBytes, true);
      first += chunkBytes;
    }
    yield piece;
  }
}
