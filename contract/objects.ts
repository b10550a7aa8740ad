import { z } from 'zod';
import { procedure } from './rpc/procedure.ts';

/** A stored file whose bytes are not those that were stored. */
export const damagedObject = z.object({
  objectId: z.string(),
  /** Which file of the home holds the damaged bytes. */
  where: z.string(),
  /** True when another copy was found and put in its place. */
  isRepaired: z.boolean(),
  /** The runs whose artifact it is, at most 20. */
  runs: z.array(z.object({ id: z.string(), name: z.string(), path: z.string() })),
});
export type DamagedObject = z.infer<typeof damagedObject>;

export const verifyReport = z.object({
  /** What SQLite says of benchtop.db: 'ok', or what is wrong with it. */
  store: z.string(),
  packCount: z.number(),
  readBytes: z.number(),
  elapsedMs: z.number(),
  /** When the pack that had waited longest was last read and found sound, ms UTC; null when none had been. */
  oldestCheckAt: z.number().nullable(),
  damaged: z.array(damagedObject),
});
export type VerifyReport = z.infer<typeof verifyReport>;

export const objects = {
  verify: procedure(
    'Reads every stored file again and holds it against its hash. With `repair` it looks for another copy of what is damaged: the original file, a second one in the home, or one below the folder `from` (another home, or any folder).',
    z.object({ repair: z.boolean().default(false), from: z.string().optional() }),
    verifyReport,
  ),
  read: procedure(
    'Bytes of a stored file from `offset`; fewer than `limit` only at its end.',
    z.object({
      objectId: z.string().regex(/^[0-9a-f]{64}$/),
      offset: z.number().int().min(0).default(0),
      limit: z
        .number()
        .int()
        .min(1)
        .max(8 * 1024 * 1024)
        .default(1024 * 1024),
    }),
    z.object({ bytes: z.instanceof(Uint8Array), sizeBytes: z.number() }),
  ),
};
