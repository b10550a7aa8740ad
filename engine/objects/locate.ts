import type Database from 'better-sqlite3';
import { hash } from 'node:crypto';
import { BenchtopError } from '../../contract/benchtop-error.ts';
import { prepared } from '../prepared.ts';
import { listIn, type ManifestRow } from './manifest-rows.ts';
import { proofBytes, proofOf } from './proof.ts';

/** How an object is kept. */
export const layouts = { ownFile: 0, whole: 1, chunked: 2 } as const;

export interface StoredPlace {
  readonly sizeBytes: number;
  readonly layout: number;
  /** Of an object that is whole in a pack. */
  readonly pack: number;
  readonly position: number;
}

/** A part of an object that can be read and checked on its own. */
export interface Piece {
  readonly pack: number;
  readonly position: number;
  readonly sizeBytes: number;
  /** Where in the object it begins. */
  readonly first: number;
  /** sha256 of a whole file, the proof of a chunk. */
  readonly proof: Uint8Array;
  /** Number of the chunk; null for a file that is stored whole. */
  readonly chunk: number | null;
}

export function placeOf(db: Database.Database, objectId: string): StoredPlace | undefined {
  return prepared(db, 'SELECT size_bytes AS sizeBytes, layout, pack, position FROM object WHERE id = ?').get(
    objectId,
  ) as StoredPlace | undefined;
}

/**
 * The pieces of an object that hold its bytes from `start` to before `end`, in order, some thousands at a time.
 * @throws {BenchtopError} `damaged-object` where the index does not say what it should.
 */
export function* piecesOf(
  db: Database.Database,
  objectId: string,
  place: StoredPlace,
  start: number,
  end: number,
): Generator<Piece[]> {
  if (start >= end) return;
  if (place.layout === layouts.whole) {
    yield [{ ...place, first: 0, proof: Buffer.from(objectId, 'hex'), chunk: null }];
    return;
  }
  const part = prepared(
    db,
    'SELECT object, first, body, crc FROM manifest WHERE object = +? AND first <= +? ORDER BY first DESC LIMIT 1',
  );
  const chunk = prepared(
    db,
    'SELECT id AS chunk, proof, pack, position, size_bytes AS sizeBytes FROM chunk WHERE id = ?',
  );
  for (let at = start; at < end;) {
    const row = part.get(objectId, at) as ManifestRow | undefined;
    if (row === undefined) throw damaged(objectId, `its list of chunks lacks the part at byte ${at}`);
    const list = listIn(row);
    if (list === null)
      throw damaged(objectId, `the part of its list of chunks at byte ${row.first} is damaged`);
    const pieces: Piece[] = [];
    let first = row.first;
    for (const listed of list) {
      if (first >= end) break;
      const next = first + listed.sizeBytes;
      if (next > at) {
        const stored = chunk.get(listed.id) as Omit<Piece, 'first'> | undefined;
        if (stored?.sizeBytes !== listed.sizeBytes)
          throw damaged(objectId, `chunk ${listed.id} of it is not in the index`);
        pieces.push({ ...stored, first });
      }
      first = next;
    }
    if (first <= at || first > place.sizeBytes)
      throw damaged(objectId, `its list of chunks ends at byte ${first} of ${place.sizeBytes}`);
    at = first;
    yield pieces;
  }
}

/** Whether bytes are those that were stored. */
export function isSound({ proof }: Pick<Piece, 'proof'>, bytes: Uint8Array): boolean {
  const found = proof.length === proofBytes ? proofOf(bytes) : hash('sha256', bytes, 'buffer');
  return found.equals(proof);
}

export function damaged(objectId: string, evidence: string): BenchtopError {
  return new BenchtopError({
    code: 'damaged-object',
    what: `The stored file ${objectId} is damaged: its bytes are not those that were stored.`,
    evidence,
    next: 'Run `benchtop verify --repair`: it looks for another copy of what is damaged.',
  });
}

export const pieceEvidence = ({ pack, position, sizeBytes }: Piece): string =>
  `objects/packs/${pack}.pack, ${sizeBytes} bytes from byte ${position}`;

export function notStored(objectId: string): BenchtopError {
  return new BenchtopError({ code: 'not-found', what: `There is no stored file ${objectId}.` });
}
