import type Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { manifestEntryBytes, manifestHeadBytes } from './chunk-session.ts';
import { piecesOf, placeOf } from './locate.ts';
import { soundPieces } from './pack-heads.ts';
import { pieceKinds } from './pack-format.ts';
import { proofBytes } from './proof.ts';
import type { WorkerContext } from './worker-context.ts';

/** A part of an object's list of chunks, as a pack has it. */
export interface FoundList {
  readonly objectId: string;
  /** Where in the object the part begins. */
  readonly first: number;
  /** Of each chunk its proof in hex and its size. */
  readonly chunks: readonly { proof: string; sizeBytes: number }[];
}

/** What one pack holds of what was looked for; all of it is sound. */
export interface FoundPieces {
  readonly wholes: readonly { objectId: string; position: number; sizeBytes: number }[];
  readonly lists: readonly FoundList[];
  readonly chunks: readonly { proof: string; position: number; sizeBytes: number }[];
}

export interface PiecesToFind {
  readonly pack: number;
  /** Up to which byte of the pack. */
  readonly end: number;
  /** Files, and lists of files; null for all. */
  readonly objectIds: ReadonlySet<string> | null;
  /** In hex. */
  readonly chunkProofs: ReadonlySet<string>;
}

/** Looks through a pack without the index. */
export function findPieces(
  context: WorkerContext,
  db: Database.Database,
  { pack, end, objectIds, chunkProofs }: PiecesToFind,
): FoundPieces {
  const found = {
    wholes: [] as { objectId: string; position: number; sizeBytes: number }[],
    lists: [] as FoundList[],
    chunks: [] as { proof: string; position: number; sizeBytes: number }[],
  };
  const isWanted = (kind: number, proof: Buffer) =>
    kind === pieceKinds.chunk
      ? chunkProofs.has(proof.toString('hex'))
      : kind === pieceKinds.manifest || objectIds === null || objectIds.has(proof.toString('hex'));
  for (const { kind, position, sizeBytes, proof, body } of soundPieces(
    context,
    db,
    { pack, end },
    isWanted,
  )) {
    if (kind === pieceKinds.chunk) found.chunks.push({ proof: proof.toString('hex'), position, sizeBytes });
    else if (body === null) found.wholes.push({ objectId: proof.toString('hex'), position, sizeBytes });
    else {
      const list = foundList(body);
      if (objectIds === null || objectIds.has(list.objectId)) found.lists.push(list);
    }
  }
  return found;
}

/** Reads what `manifestPieces` writes. */
export function foundList(body: Buffer): FoundList {
  const chunks: { proof: string; sizeBytes: number }[] = [];
  for (let at = manifestHeadBytes; at + manifestEntryBytes <= body.length; at += manifestEntryBytes)
    chunks.push({
      proof: body.toString('hex', at, at + proofBytes),
      sizeBytes: body.readUInt32LE(at + proofBytes),
    });
  return { objectId: body.toString('hex', 0, 32), first: body.readDoubleLE(32), chunks };
}

/** Whether an object in chunks has the content that its name says, as a whole. */
export function isWhole(
  { reader }: WorkerContext,
  db: Database.Database,
  { objectId }: { objectId: string },
): boolean {
  const place = placeOf(db, objectId);
  if (place === undefined) return false;
  const sha256 = createHash('sha256');
  for (const pieces of piecesOf(db, objectId, place, 0, place.sizeBytes))
    for (const { pack, position, sizeBytes } of pieces) {
      const bytes = reader.read(pack, position, sizeBytes);
      if (bytes === null) return false;
      sha256.update(bytes);
    }
  return sha256.digest('hex') === objectId;
}
