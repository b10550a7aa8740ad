import { proofBytes } from './proof.ts';

/**
 * The chunks of a file in order, as columns, so that hundreds of thousands of them cost little and go to another thread in
 * one piece. A chunk is one that the index knows, or a new one with its place, or the same as a new one before it.
 */
export interface ChunkList {
  readonly count: number;
  /** 16 bytes each. */
  readonly proofs: Uint8Array<ArrayBuffer>;
  readonly sizes: Uint32Array<ArrayBuffer>;
  /** > 0: the index's number of it; 0: a new one; < 0: the same as the new one at −value − 1. */
  readonly known: Float64Array<ArrayBuffer>;
  /** Of new ones: where they were put. */
  readonly packs: Uint32Array<ArrayBuffer>;
  readonly positions: Uint32Array<ArrayBuffer>;
}

export interface GrowingChunkList {
  add(chunk: { proof: Uint8Array; sizeBytes: number; known: number; pack: number; position: number }): number;
  list(): ChunkList;
}

export function growingChunkList(): GrowingChunkList {
  let count = 0;
  let columns = emptyColumns(64);
  return {
    add({ proof, sizeBytes, known, pack, position }) {
      if (count === columns.sizes.length) {
        const grown = emptyColumns(count * 2);
        grown.proofs.set(columns.proofs);
        grown.sizes.set(columns.sizes);
        grown.known.set(columns.known);
        grown.packs.set(columns.packs);
        grown.positions.set(columns.positions);
        columns = grown;
      }
      columns.proofs.set(proof.subarray(0, proofBytes), count * proofBytes);
      columns.sizes[count] = sizeBytes;
      columns.known[count] = known;
      columns.packs[count] = pack;
      columns.positions[count] = position;
      return count++;
    },
    list: () => ({ count, ...columns }),
  };
}

function emptyColumns(length: number) {
  return {
    proofs: new Uint8Array(length * proofBytes),
    sizes: new Uint32Array(length),
    known: new Float64Array(length),
    packs: new Uint32Array(length),
    positions: new Uint32Array(length),
  };
}
