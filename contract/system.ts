import { z } from 'zod';
import { procedure, stream } from './rpc/procedure.ts';

/** The laptop at one moment. What cannot be measured here is null, never 0. */
export const machineSample = z.object({
  at: z.number(),
  /** Share of all cores in use since the sample before, 0 to 1. */
  cpuShare: z.number(),
  cores: z.number(),
  memoryUsedBytes: z.number(),
  memoryTotalBytes: z.number(),
  diskFreeBytes: z.number(),
  diskTotalBytes: z.number(),
  gpu: z
    .object({
      name: z.string(),
      share: z.number(),
      memoryUsedBytes: z.number(),
      memoryTotalBytes: z.number(),
    })
    .nullable(),
});
export type MachineSample = z.infer<typeof machineSample>;

export const engineInfo = z.object({
  version: z.string(),
  home: z.string(),
  platform: z.string(),
  pid: z.number(),
  startedAt: z.number(),
  /** Why the store cannot be written, if it cannot. */
  readOnlyReason: z.string().nullable(),
});
export type EngineInfo = z.infer<typeof engineInfo>;

/** What was found in a directory, for choosing a folder where there is no native dialog. */
export const directoryListing = z.object({
  path: z.string(),
  parent: z.string().nullable(),
  folders: z.array(z.object({ name: z.string(), path: z.string() })),
});

export const system = {
  info: procedure('Which engine this is and where its home lies.', z.object({}), engineInfo),
  machine: stream('The laptop, once a second while somebody looks.', z.object({}), machineSample),
  folders: procedure(
    'The folders in a folder (the user’s home if none is named); hidden ones left out.',
    z.object({ path: z.string().optional() }),
    directoryListing,
  ),
};
