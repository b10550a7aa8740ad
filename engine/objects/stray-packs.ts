import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../store/index.ts';
import { packNumber } from './pack-format.ts';

/** The paths of packs that nothing names: a crash left them. Nobody may be writing to packs. */
export function strayPacks(store: Store, objectsPath: string): string[] {
  const known = new Set(store.now((db) => db.prepare('SELECT id FROM pack').pluck().all() as number[]));
  return readdirSync(join(objectsPath, 'packs'))
    .filter((name) => {
      const number = packNumber(name);
      return number !== null && !known.has(number);
    })
    .map((name) => join(objectsPath, 'packs', name));
}
