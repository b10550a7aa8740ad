import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { Store } from '../store/index.ts';

/** What was found wrong with a pack, as its row has it. */
const packDamage = z.object({ pieces: z.number(), objectIds: z.array(z.string()) });
type PackDamage = z.infer<typeof packDamage>;

/** Objects that are named of one pack. */
const mostNamed = 100;

/** Notes what reading all of a pack has brought to light. @param damage null when it is sound. */
export const markPack = (
  store: Store,
  pack: number,
  nowMs: number,
  damage: PackDamage | null,
): Promise<unknown> =>
  store.write('objects.verified', (db) =>
    damage === null
      ? db.prepare('UPDATE pack SET verified_at = ?, damage = NULL WHERE id = ?').run(nowMs, pack)
      : db
          .prepare('UPDATE pack SET damage = ? WHERE id = ?')
          .run(JSON.stringify({ ...damage, objectIds: damage.objectIds.slice(0, mostNamed) }), pack),
  );

/** The packs in which damage was found, and is still there. */
export function damagedPacks(db: Database.Database): (PackDamage & { pack: number })[] {
  const rows = db
    .prepare('SELECT id AS pack, damage FROM pack WHERE damage IS NOT NULL ORDER BY id LIMIT 100')
    .all() as { pack: number; damage: string }[];
  return rows.map(({ pack, damage }) => {
    // Earlier versions wrote a sentence.
    const told = damage.startsWith('{') ? packDamage.parse(JSON.parse(damage)) : null;
    return { pack, ...(told ?? { pieces: Number.parseInt(damage, 10) || 1, objectIds: [] }) };
  });
}
