import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { IndexedPiece } from './indexed-pieces.ts';
import type { Copy } from './move-pieces.ts';
import { packPath } from './pack-format.ts';

/** Where another home has a piece. Its store is only read; none when the folder is no home. */
export function copiesInHome(folder: string, { proof, objectId, sizeBytes }: IndexedPiece): Copy[] {
  const path = join(folder, 'benchtop.db');
  if (!existsSync(path)) return [];
  const db = new Database(path, { readonly: true });
  try {
    const found =
      objectId === null
        ? db
            .prepare('SELECT pack, position FROM chunk WHERE proof = ? AND size_bytes = ?')
            .all(Buffer.from(proof), sizeBytes)
        : db.prepare('SELECT pack, position FROM object WHERE id = ? AND pack IS NOT NULL').all(objectId);
    return (found as { pack: number; position: number }[]).map(({ pack, position }) => ({
      path: packPath(join(folder, 'objects'), pack),
      position,
    }));
  } finally {
    db.close();
  }
}
