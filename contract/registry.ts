import { z } from 'zod';
import { modelCards } from './model-cards.ts';
import { registryHistory } from './registry-history.ts';
import { procedure } from './rpc/procedure.ts';
import { modelStages } from './word-lists.ts';

/** What may be the name of a registered model: MLflow's rule, so that every client can ask for it. */
export const modelName = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^/:\n]+$/, 'A name of a model has no slash and no colon.')
  .refine((name) => name.trim() !== '' && !/^\.{1,2}$/.test(name), 'That is no name.');

/** What may be an alias; MLflow keeps `latest` and `v1`, `v2` … for itself. */
export const aliasName = z
  .string()
  .regex(/^[\p{L}\p{N}_-]{1,255}$/u, 'An alias has letters, digits, _ and - only.')
  .refine((alias) => !/^(latest|v\d+)$/i.test(alias), 'That alias is reserved.');

export const modelStage = z.enum(modelStages);
export type ModelStage = z.infer<typeof modelStage>;

const tags = z.record(z.string(), z.string());

export const modelVersion = z.object({
  name: z.string(),
  version: z.number(),
  description: z.string(),
  stage: modelStage,
  /** As whoever registered it named it. */
  source: z.string(),
  /** Where the files are, as URI. */
  storageUri: z.string(),
  /** Null where nobody told a run, or a link to a run elsewhere is all there is. */
  runId: z.string().nullable(),
  runLink: z.string(),
  /** The logged model it came from. */
  modelId: z.string().nullable(),
  /** Milliseconds UTC, as all times. */
  createdAt: z.number(),
  updatedAt: z.number(),
  tags,
  aliases: z.array(z.string()),
});
export type ModelVersion = z.infer<typeof modelVersion>;

export const registeredModel = z.object({
  name: z.string(),
  description: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  tags,
  aliases: z.array(z.object({ alias: z.string(), version: z.number() })),
  versionCount: z.number(),
  /** The newest; null when all were deleted, or none was ever made. */
  latest: modelVersion.nullable(),
});
export type RegisteredModel = z.infer<typeof registeredModel>;

export const modelFile = z.object({
  /** Below the model's folder; of a single file its name. */
  path: z.string(),
  sizeBytes: z.number(),
  /** sha256 of the content; null for a file that lies at a location of the client's own. */
  objectId: z.string().nullable(),
});
export type ModelFile = z.infer<typeof modelFile>;

/** One input, output or param of a model, as its MLmodel file describes it. */
export const signatureField = z.object({
  /** The place, where it has no name. */
  name: z.string(),
  /** As MLflow spells it: `double`, `array(string)`, `tensor(float32, [-1, 28, 28])`. */
  type: z.string(),
  isRequired: z.boolean(),
  /** Of a param: its default, as JSON. */
  default: z.string().nullable(),
});
export type SignatureField = z.infer<typeof signatureField>;

export const modelSignature = z.object({
  inputs: z.array(signatureField),
  outputs: z.array(signatureField),
  params: z.array(signatureField),
});
export type ModelSignature = z.infer<typeof modelSignature>;

export const signatureParts = ['inputs', 'outputs', 'params'] as const;

export const signatureChange = z.object({
  part: z.enum(signatureParts),
  name: z.string(),
  kind: z.enum(['added', 'removed', 'type-changed', 'required-changed', 'default-changed', 'moved']),
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** Whether somebody who calls the version before can no longer call, or read, the one after as before. */
  isBreaking: z.boolean(),
  /** Why it is, or is not. */
  because: z.string(),
});
export type SignatureChange = z.infer<typeof signatureChange>;

export const signatureDiff = z.object({
  before: modelSignature.nullable(),
  after: modelSignature.nullable(),
  changes: z.array(signatureChange),
  isBreaking: z.boolean(),
  /** One sentence for all of it. */
  verdict: z.string(),
});
export type SignatureDiff = z.infer<typeof signatureDiff>;

/** What a version's files say of it. Nothing is ever unpickled. */
export const modelContent = z.object({
  /** The first of them. */
  files: z.array(modelFile),
  fileCount: z.number(),
  sizeBytes: z.number(),
  /**
   * Whether the files are those that were registered: `same`, `changed` since, or `unknown` where that was not recorded
   * (a location of the client's own, or registered by an earlier Benchtop).
   */
  sinceRegistered: z.enum(['same', 'changed', 'unknown']),
  /** How MLflow can load it: `python_function`, `sklearn` …; empty for a plain file. */
  flavors: z.array(z.string()),
  mlflowVersion: z.string().nullable(),
  /** Null where its MLmodel file has none, or there is no such file. */
  signature: modelSignature.nullable(),
  /** Why the MLmodel file could not be read; null when it could, or there is none. */
  problem: z.string().nullable(),
});
export type ModelContent = z.infer<typeof modelContent>;

/** Something in a run that can be registered. */
export const modelCandidate = z.object({
  /** A logged model of MLflow 3, a folder with an MLmodel file, or a single model file. */
  kind: z.enum(['logged-model', 'folder', 'file']),
  /** Of a logged model. */
  modelId: z.string().nullable(),
  /** Among the run's artifacts; of a logged model its name. */
  path: z.string(),
  sizeBytes: z.number(),
  flavors: z.array(z.string()),
  /** A name for the registered model that may serve. */
  suggestedName: z.string(),
  /** What it was registered as already. */
  registeredAs: z.array(z.object({ name: z.string(), version: z.number() })),
});
export type ModelCandidate = z.infer<typeof modelCandidate>;

const byName = z.object({ name: z.string() });
const byVersion = z.object({ name: z.string(), version: z.number().int().min(1) });
const reason = z.string().max(4000).default('');
const tagChange = {
  setTags: z.record(z.string().min(1).max(250), z.string().max(100_000)).optional(),
  removeTags: z.array(z.string()).optional(),
};

const models = {
  models: procedure(
    'Registered models, the one changed last first; prompts are left out. Those of one project: where a version came from a run of it.',
    z.object({
      projectId: z.string().optional(),
      /** A part of the name. */
      text: z.string().max(256).default(''),
      limit: z.number().int().min(1).max(1000).default(200),
      /** The last model that is known: those that follow it are meant. */
      after: z.object({ updatedAt: z.number(), name: z.string() }).optional(),
    }),
    z.object({
      models: z.array(registeredModel),
      /** Of all, also those that are on other pages. */
      total: z.number(),
    }),
  ),
  model: procedure('One model.', byName, registeredModel),
  versions: procedure(
    'Versions of a model that are not deleted, the newest first.',
    byName.extend({
      limit: z.number().int().min(1).max(1000).default(200),
      /** The number of the last one that is known: older ones are meant. */
      before: z.number().int().min(1).optional(),
    }),
    z.array(modelVersion),
  ),
  version: procedure(
    'The version that a reference means: name@alias, name/3, name/Production, name/latest, or a name alone for its champion or else its newest version. MLflow’s `models:/` may stand before it.',
    z.object({ reference: z.string().min(1).max(1024) }),
    modelVersion,
  ),
  content: procedure('The files, flavours and signature of a version.', byVersion, modelContent),
  resolve: procedure(
    'Puts the files of a version where programs can read them, whole and checked by content, or names where they lie already. Needs no network; the same version is always at the same path. The files are not to be changed: what was is put right at the next call.',
    byVersion,
    z.object({ path: z.string(), isFolder: z.boolean(), sizeBytes: z.number() }),
  ),
  compareSignatures: procedure(
    'What differs between the signatures of two versions, judged by MLflow’s schema enforcement.',
    z.object({ before: byVersion, after: byVersion }),
    signatureDiff,
  ),
  candidates: procedure(
    'What of a run can be registered, the likeliest first.',
    z.object({ runId: z.string() }),
    z.array(modelCandidate),
  ),
  registeredFrom: procedure(
    'The registered versions that came out of a run.',
    z.object({ runId: z.string() }),
    z.array(z.object({ name: z.string(), version: z.number(), aliases: z.array(z.string()) })),
  ),
  register: procedure(
    'Registers a model of a run as the next version of a name, which is made where it is new.',
    z.object({
      runId: z.string(),
      model: z.union([z.object({ modelId: z.string() }), z.object({ path: z.string().max(4096) })]),
      name: modelName,
      description: z.string().max(20_000).default(''),
      tags: tags.default({}),
      reason,
    }),
    modelVersion,
  ),
  changeModel: procedure(
    'Changes the name, description or tags of a model. Its history goes with it.',
    byName.extend({
      newName: modelName.optional(),
      description: z.string().max(20_000).optional(),
      ...tagChange,
      reason,
    }),
    registeredModel,
  ),
  deleteModel: procedure(
    'Deletes a model with all its versions. Its files and its history stay, and its name is free.',
    byName.extend({ reason }),
    z.object({}),
  ),
  restoreModel: procedure(
    'Brings back the model that had a name and was deleted last, with its versions, tags, cards and aliases. Throws `conflict` where the name is taken by now.',
    byName.extend({ reason }),
    registeredModel,
  ),
  changeVersion: procedure(
    'Changes the description, stage or tags of a version.',
    byVersion.extend({
      description: z.string().max(20_000).optional(),
      stage: modelStage.optional(),
      /** With a stage: whether the versions that are in it are archived. */
      archiveOthers: z.boolean().default(false),
      ...tagChange,
      reason,
    }),
    modelVersion,
  ),
  deleteVersion: procedure(
    'Deletes a version and its aliases. Its number is not given out again; its files and its history stay.',
    byVersion.extend({ reason }),
    z.object({}),
  ),
  restoreVersion: procedure(
    'Brings back a version that was deleted, with its stage and those of its aliases that no other version got meanwhile.',
    byVersion.extend({ reason }),
    modelVersion,
  ),
};

/** The registry: models, versions, aliases, stages, and the history of all of it. */
export const registry = { ...models, ...registryHistory, ...modelCards };
