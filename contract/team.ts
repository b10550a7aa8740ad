import { z } from 'zod';
import { errorShape } from './errors.ts';
import { modelName } from './registry.ts';
import { procedure } from './rpc/procedure.ts';
import { targetName } from './sync.ts';

/** A model version in the registry of a target, as it was when the target was last read. */
export const teamVersion = z.object({
  target: targetName,
  name: z.string(),
  /** The target's own number. */
  version: z.string(),
  aliases: z.array(z.string()),
  description: z.string(),
  /** The run there that it came from. */
  runId: z.string().nullable(),
  source: z.string(),
  tags: z.record(z.string(), z.string()),
  createdAt: z.number(),
});
export type TeamVersion = z.infer<typeof teamVersion>;

/** Where a pulled version comes from: kept with it, whatever happens to the target. */
export const pullOrigin = z.object({
  address: z.string(),
  /** The release of the server; null where there is none to tell. */
  serverVersion: z.string().nullable(),
  name: z.string(),
  version: z.string(),
  runId: z.string().nullable(),
  source: z.string(),
  /** Milliseconds UTC: when it was made there. */
  createdAt: z.number(),
  tags: z.record(z.string(), z.string()),
});
export type PullOrigin = z.infer<typeof pullOrigin>;

export const pull = z.object({
  id: z.number(),
  target: targetName,
  name: z.string(),
  version: z.string(),
  /** By which it was asked for. */
  alias: z.string().nullable(),
  /** `verified`: all files are kept here, and were held against what the target has. */
  state: z.enum(['pulling', 'verified', 'failed', 'cancelled']),
  fileCount: z.number(),
  doneBytes: z.number(),
  totalBytes: z.number(),
  /** How it was verified: by sums that the target keeps, or, where it keeps none, by reading every file twice. */
  verifiedBy: z.enum(['sums', 'second-reading']).nullable(),
  error: errorShape.nullable(),
  origin: pullOrigin,
  /** The folder that it was written to. */
  destination: z.string().nullable(),
  /** The name that it is to have here. */
  registerAs: z.string().nullable(),
  /** The version here that it became, such as `churn/4`. */
  registeredAs: z.string().nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Pull = z.infer<typeof pull>;

/** The registries of targets, read only; and what was fetched from them. */
export const team = {
  teamModels: procedure(
    'The model versions of targets as they were last read, newest first; works with no network.',
    z.object({ target: targetName.optional(), limit: z.number().int().min(1).max(5000).default(2000) }),
    z.object({
      versions: z.array(teamVersion),
      /** When each was read, ms UTC; null before the first time. */
      targets: z.array(z.object({ target: targetName, readAt: z.number().nullable() })),
    }),
  ),
  readTeam: procedure(
    'Reads the registry of a target anew. What was read before stays where it cannot be reached.',
    z.object({ target: targetName }),
    z.object({ versions: z.number() }),
  ),
  pull: procedure(
    'Begins to fetch a model version, or goes on where an earlier attempt stopped; what an engine that ended left is gone on with by itself. Nothing changes at the target.',
    z.object({
      target: targetName,
      /** `churn@champion` or `churn/3`. */
      model: z.string().min(1).max(600),
      /** An absolute path at which nothing is. */
      destination: z.string().max(4096).optional(),
      /** Makes it a version here too, of this name. */
      registerAs: modelName.optional(),
    }),
    pull,
  ),
  pulls: procedure(
    'What was fetched or is being fetched, the latest first.',
    z.object({ limit: z.number().int().min(1).max(1000).default(100) }),
    z.array(pull),
  ),
  cancelPull: procedure(
    'Ends a fetch. The files that are here stay, and are not fetched again.',
    z.object({ pullId: z.number().int() }),
    pull,
  ),
  removePull: procedure(
    'Forgets what was fetched. Its files go with the next cleaning of the store, unless others refer to them; a folder that it was written to stays.',
    z.object({ pullId: z.number().int() }),
    z.object({}),
  ),
  restorePull: procedure(
    'Brings back what was removed, while its files are still kept and the engine that removed it lives.',
    z.object({ pullId: z.number().int() }),
    pull,
  ),
};
