import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../store/index.ts';
import { packNumber } from './pack-format.ts';

/** The paths of packs that nothing names: a crash left them. Nobody may be writing to packs. */
export function strayPacks(store: Store, objectsPath: string): string[] {
  return store.now((db) => {
    const isNamed = db
      .prepare(
        `SELECT EXISTS (SELECT 1 FROM pack WHERE id = @pack UNION ALL SELECT 1 FROM chunk WHERE pack = @pack
         UNION ALL SELECT 1 FROM object WHERE pack = @pack UNION ALL SELECT 1 FROM swept_object WHERE pack = @pack)`,
      )
      .pluck();
    return readdirSync(join(objectsPath, 'packs'))
      .filter((name) => {
        const pack = packNumber(name);
        return pack !== null && isNamed.get({ pack }) === 0;
      })
      .map((name) => join(objectsPath, 'packs', name));
  });
}
