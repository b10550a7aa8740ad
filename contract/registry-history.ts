import { z } from 'zod';
import { procedure, stream } from './rpc/procedure.ts';

/** What can happen in the registry, by what it happens to. `model-found`: it was there when the history began. */
export const historyKindsOf = {
  model: [
    'model-created',
    'model-found',
    'model-described',
    'model-renamed',
    'model-deleted',
    'model-restored',
  ],
  versions: ['version-created', 'version-described', 'version-deleted', 'version-restored'],
  aliases: ['alias-set', 'alias-rolled-back', 'alias-removed'],
  stages: ['stage-moved'],
  tags: ['tag-set', 'tag-removed'],
  cards: ['card-answered'],
  approvals: ['promotion-requested', 'promotion-approved', 'promotion-refused', 'check-skipped'],
} as const;
const historyKinds = Object.values(historyKindsOf).flat();
export const historyKind = z.enum(historyKinds);
export type HistoryKind = z.infer<typeof historyKind>;

/** What a change rests on: the metrics of the runs behind the versions that it is about, and whatever its kind adds. */
export const historyEvidence = z.looseObject({
  runs: z
    .array(
      z.object({
        version: z.number(),
        runId: z.string(),
        runName: z.string(),
        /** Last values, finite ones. */
        metrics: z.record(z.string(), z.number()),
      }),
    )
    .optional(),
  /** Of a version that was registered: its files, and a sha256 over their paths and contents. */
  files: z.object({ count: z.number(), sizeBytes: z.number(), sha256: z.string() }).optional(),
  /** Of what was deleted: the versions by the aliases that they lost with it. */
  aliases: z.record(z.string(), z.number()).optional(),
});
export type HistoryEvidence = z.infer<typeof historyEvidence>;

/** One change. Entries are never changed and never removed; each holds the hash of the one before. */
export const historyEntry = z.object({
  /** 1, 2, 3 … without a gap, over all models. */
  seq: z.number(),
  atMs: z.number(),
  /** The person, or `run <id>` for a program that Benchtop runs; '' where a client tells nobody. */
  who: z.string(),
  /** How they came: `benchtop`, or what an MLflow client calls itself. */
  via: z.string(),
  kind: historyKind,
  /** As it was called then. */
  model: z.string(),
  version: z.number().nullable(),
  /** What of it changed: the alias, or the key of the tag; '' otherwise. */
  item: z.string(),
  /** What was before and after: the version of an alias, a stage, a text. Long texts are cut, with their sha256. */
  before: z.string().nullable(),
  after: z.string().nullable(),
  reason: z.string(),
  evidence: historyEvidence.nullable(),
  previousHash: z.string(),
  /** How it is made of the rest: docs/models.md. */
  hash: z.string(),
});
export type HistoryEntry = z.infer<typeof historyEntry>;

export const historyCheck = z.object({
  isIntact: z.boolean(),
  entryCount: z.number(),
  /** Of the last entry: held against one noted earlier, it shows that no later entry was taken away. */
  lastHash: z.string(),
  /** The first entry that does not follow from the one before. */
  break: z
    .object({
      seq: z.number(),
      /** In words: what is wrong. */
      what: z.string(),
      expected: z.string(),
      found: z.string(),
    })
    .nullable(),
  /** Where the registry is otherwise than the history tells, in words; the first of them. */
  disagreements: z.array(z.string()),
  /** What to do about it; null for a whole history that the registry agrees with. */
  next: z.string().nullable(),
});
export type HistoryCheck = z.infer<typeof historyCheck>;

const alias = z.string().max(255);

export const registryHistory = {
  promote: procedure(
    'Gives an alias to a version, whatever version has it now, with the reason and the metrics of both as evidence.',
    z.object({
      name: z.string(),
      version: z.number().int().min(1),
      alias: alias.default('champion'),
      reason: z.string().max(4000).default(''),
    }),
    z.object({ entry: historyEntry, previousVersion: z.number().nullable() }),
  ),
  rollback: procedure(
    'Gives an alias back to the version that had it before the one that has it now.',
    z.object({
      name: z.string(),
      alias: alias.default('champion'),
      reason: z.string().max(4000).default(''),
    }),
    z.object({ entry: historyEntry, version: z.number(), previousVersion: z.number().nullable() }),
  ),
  removeAlias: procedure(
    'Takes an alias away.',
    z.object({ name: z.string(), alias, reason: z.string().max(4000).default('') }),
    z.object({}),
  ),
  holderOn: procedure(
    'Which version had an alias at a time, from the history; also of a model that is deleted by now, by its last name.',
    z.object({ name: z.string(), alias: alias.default('champion'), atMs: z.number() }),
    z.object({
      version: z.number().nullable(),
      /** The entry that gave it the alias, or took it away; null when nothing ever did before that time. */
      entry: historyEntry.nullable(),
      /** False for a time before the history began: nobody recorded who had it then. */
      isKnown: z.boolean(),
    }),
  ),
  history: procedure(
    'What happened, the latest first: of one model under all its names, of one version of it, or of all.',
    z.object({
      name: z.string().optional(),
      version: z.number().optional(),
      /** All kinds when left out. */
      kinds: z.array(historyKind).max(historyKinds.length).optional(),
      /** A part of who, why, the model's name, the alias or tag, or what was before and after; in any case. */
      text: z.string().max(256).default(''),
      /** Entries before this one. */
      before: z.number().optional(),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    z.array(historyEntry),
  ),
  verifyHistory: procedure(
    'Computes the whole chain again, and holds the aliases, stages and versions that there are against what it tells.',
    z.object({}),
    historyCheck,
  ),
  exportHistory: stream(
    'The history as a file, the oldest first, in pieces of text: CSV, or one HTML page that needs nothing else.',
    z.object({ name: z.string().optional(), format: z.enum(['csv', 'html']) }),
    z.object({ text: z.string() }),
  ),
};
