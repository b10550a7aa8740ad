import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../store/index.ts';
import { copiesInHome } from './copies-in-home.ts';
import type { IndexedPiece } from './indexed-pieces.ts';
import { listIn, type ManifestRow } from './manifest-rows.ts';
import type { Copy } from './move-pieces.ts';
import { ownFilePath } from './own-file.ts';

/** Which objects a piece is part of, and where in them it begins. */
export interface Owner {
  readonly objectId: string;
  readonly sizeBytes: number;
  readonly first: number;
}

export function ownersOf(store: Store, pieces: readonly IndexedPiece[]): Map<IndexedPiece, Owner[]> {
  const owners = new Map<IndexedPiece, Owner[]>(
    pieces.map((piece) => [
      piece,
      piece.objectId === null ? [] : [{ objectId: piece.objectId, sizeBytes: piece.sizeBytes, first: 0 }],
    ]),
  );
  const byChunk = new Map(pieces.flatMap((piece) => (piece.chunk === null ? [] : [[piece.chunk, piece]])));
  if (byChunk.size === 0) return owners;
  store.now((db) => {
    const rows = db.prepare(
      'SELECT m.object, m.first, m.body, m.crc, o.size_bytes AS sizeBytes FROM manifest m JOIN object o ON o.id = m.object',
    );
    for (const { sizeBytes, ...row } of rows.iterate() as Iterable<ManifestRow & { sizeBytes: number }>) {
      let at = row.first;
      // A damaged list is told as such.
      for (const chunk of listIn(row) ?? []) {
        const piece = byChunk.get(chunk.id);
        if (piece !== undefined) owners.get(piece)?.push({ objectId: row.object, sizeBytes, first: at });
        at += chunk.sizeBytes;
      }
    }
  });
  return owners;
}

/** Where a piece may be found once more, the likeliest first. Whether its bytes are the right ones is seen when they are read. */
export function copiesOf(
  { store, objectsPath }: { store: Store; objectsPath: string },
  piece: IndexedPiece,
  owners: readonly Owner[],
  { from, originals }: { from: string | null; originals: readonly string[] },
): Copy[] {
  const files = owners.flatMap(({ objectId, sizeBytes, first }) => {
    const recorded = store.now((db) =>
      originals.flatMap((query) => db.prepare(query).pluck().all({ object: objectId }) as (string | null)[]),
    );
    const given = from === null ? [] : filesOfSize(from, sizeBytes);
    return [ownFilePath(objectsPath, objectId), ...recorded, ...given].flatMap((path) =>
      path === null ? [] : [{ path, position: first }],
    );
  });
  return from === null ? files : [...copiesInHome(from, piece), ...files];
}

/** Files below a folder that are so long. */
function filesOfSize(folder: string, sizeBytes: number): string[] {
  if (existsSync(join(folder, 'benchtop.db'))) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return [];
    const path = join(entry.parentPath, entry.name);
    return statSync(path, { throwIfNoEntry: false })?.size === sizeBytes ? [path] : [];
  });
}
