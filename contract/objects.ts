import { z } from 'zod';
import { procedure, stream } from './rpc/procedure.ts';

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
  /** True when benchtop.db is an earlier copy than the packs: until it is repaired, files that were stored since are not found. */
  isOlderThanPacks: z.boolean(),
  packCount: z.number(),
  readBytes: z.number(),
  elapsedMs: z.number(),
  /** When the pack that had waited longest was last read and found sound, ms UTC; null when none had been. */
  oldestCheckAt: z.number().nullable(),
  damaged: z.array(damagedObject),
});
export type VerifyReport = z.infer<typeof verifyReport>;

export const verifyEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), readBytes: z.number(), totalBytes: z.number() }),
  verifyReport.extend({ kind: z.literal('done') }),
]);
export type VerifyEvent = z.infer<typeof verifyEvent>;

/** What refers to stored files. A file that several refer to counts with each of them. */
export const storedKind = z.enum(['artifacts', 'data', 'code']);

const filesAndBytes = { files: z.number(), bytes: z.number() };

export const storageUsage = z.object({
  /** Stored files by what refers to them, and those that nothing refers to. */
  kinds: z.array(z.object({ kind: storedKind, ...filesAndBytes })),
  unreferenced: z.object(filesAndBytes),
  /** Removed, and can come back for seven days. */
  recoverable: z.object(filesAndBytes),
  /** All stored files, each counted once. */
  stored: z.object(filesAndBytes),
  /** What the home takes on the disk, by folder of it. */
  onDisk: z.array(
    z.object({
      name: z.enum([
        'objects',
        'store',
        'runs',
        'source',
        'environments',
        'models',
        'scratch',
        'references',
        'backups',
      ]),
      bytes: z.number(),
    }),
  ),
  packs: z.object({
    count: z.number(),
    bytes: z.number(),
    /** Never read again since they were written. */
    unread: z.number(),
    /** When the one that has waited longest was last found sound, ms UTC; null when some were never read. */
    oldestCheckAt: z.number().nullable(),
  }),
});
export type StorageUsage = z.infer<typeof storageUsage>;

export const storageProblems = z.object({
  isOlderThanPacks: z.boolean(),
  /** What reading again has brought to light, and what is touched by it. */
  damaged: z.array(
    z.object({
      /** The file of the home that holds the damaged bytes. */
      where: z.string(),
      /** In words: how much of it. */
      what: z.string(),
      objects: z.array(damagedObject.pick({ objectId: true, runs: true })),
    }),
  ),
});
export type StorageProblems = z.infer<typeof storageProblems>;

export const objects = {
  usage: procedure(
    'What is stored, in bytes, by what refers to it and by where it lies.',
    z.object({}),
    storageUsage,
  ),
  problems: procedure(
    'Damage that was found in what is stored, and is still there.',
    z.object({}),
    storageProblems,
  ),
  verify: stream(
    'Reads every stored file again and holds it against its hash. With `repair` it makes lost rows of the index anew from the packs, and looks for another copy of what is damaged: the original file, a second one in the home, or one below the folder `from` (another home, or any folder).',
    z.object({ repair: z.boolean().default(false), from: z.string().optional() }),
    verifyEvent,
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
