import { z } from 'zod';
import { procedure } from './rpc/procedure.ts';

/** Runs of the bin: some by id, or all that have lain there for so many days. */
export const binChoice = z.union([
  z.object({ runIds: z.array(z.string()).min(1).max(1000) }),
  z.object({ olderThanDays: z.number().min(0).max(100_000) }),
]);

export const binUsage = z.object({
  runIds: z.array(z.string()),
  /** Bytes on disk that go with the runs: their metric points (an estimate), console output, files that nobody else has. */
  pointBytes: z.number(),
  logBytes: z.number(),
  fileBytes: z.number(),
  /** Files that no run and no model refers to any more; they go along. */
  strayFileBytes: z.number(),
  /** Files erased before whose bytes are still there: they can come back for seven days. */
  recoverableBytes: z.number(),
});
export type BinUsage = z.infer<typeof binUsage>;

export const bin = {
  preview: procedure('What erasing runs of the bin would free. Changes nothing.', binChoice, binUsage),
  erase: procedure(
    'Erases runs of the bin for good, and files that nobody refers to. Runs outside the bin are left alone.',
    binChoice,
    binUsage,
  ),
  reclaim: procedure(
    'Gives the room of erased files back to the disk at once; they cannot come back then.',
    z.object({}),
    z.object({ freedBytes: z.number() }),
  ),
  undo: procedure(
    'Brings back the files that were erased in the last seven days, unless their room was given back. Erased runs do not come back.',
    z.object({}),
    z.object({ files: z.number(), bytes: z.number() }),
  ),
};
