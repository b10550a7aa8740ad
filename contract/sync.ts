import { z } from 'zod';
import { errorShape } from './errors.ts';
import { procedure, stream } from './rpc/procedure.ts';

/**
 * A place outside this machine that runs and models are sent to: an MLflow server, a folder or mounted share, or a git remote for
 * the snapshots of code.
 */
export const targetKind = z.enum(['mlflow', 'folder', 'git']);
export type TargetKind = z.infer<typeof targetKind>;

export const targetName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i, 'must be letters, digits, . _ and -');

/** How a target knows who sends. The secret itself is kept apart, and never given out. */
export const targetAuth = z.enum(['none', 'token', 'basic']);

const targetChange = z.object({
  auth: targetAuth.optional(),
  /** With `basic`. */
  user: z.string().max(500).nullable().optional(),
  /** The token or the password; kept in the keychain or in a file of this home that only you can read. */
  secret: z.string().min(1).max(10_000).optional(),
  /** A file with certificates in PEM that are trusted beside the system's. */
  caPath: z.string().max(4096).nullable().optional(),
  /** As much is sent in a second, at most; null for as much as goes. */
  maxBytesPerSecond: z.number().int().min(1024).nullable().optional(),
  /** Nothing is sent while it is paused. */
  isPaused: z.boolean().optional(),
  /** Whether it is paused by itself while the system says that the network is metered. */
  pausesOnMetered: z.boolean().optional(),
});

const targetPlace = targetChange.extend({
  kind: targetKind.default('mlflow'),
  address: z.string().min(1).max(4096),
});

/**
 * What goes to a target by itself. `starred`: runs with a star. `champion`: of each model the version with that alias. `tag`: runs and
 * versions with a tag.
 */
export const ruleSubject = z.object({
  what: z.enum(['starred', 'champion', 'tag']),
  /** With `tag`: `key`, or `key=value`. */
  tag: z.string().max(1000).default(''),
});
export type RuleSubject = z.infer<typeof ruleSubject>;

export const syncRule = ruleSubject.extend({
  id: z.number(),
  target: targetName,
  /** When a person allowed it, ms UTC. */
  allowedAt: z.number(),
  /** Runs and versions that it speaks of now, and that went into the outbox. */
  matches: z.number(),
  /** Those that could not be put there, the first of them. */
  problems: z.array(z.object({ localId: z.string(), error: errorShape })),
});
export type SyncRule = z.infer<typeof syncRule>;

/** A delivery: one run or one model version on its way to one target. `verified`: the target was read again and has it all. */
export const deliveryState = z.enum(['waiting', 'sending', 'verified', 'conflict', 'refused', 'cancelled']);
export type DeliveryState = z.infer<typeof deliveryState>;

/** One step of a delivery. `sent`: the target said yes, and has not been read again yet. */
export const operationState = z.enum([
  'waiting',
  'sending',
  'sent',
  'verified',
  'conflict',
  'refused',
  'cancelled',
]);
export type OperationState = z.infer<typeof operationState>;

export const operationKind = z.enum([
  'run',
  'metrics',
  'model',
  'file',
  'version',
  'alias',
  'code',
  'finish',
]);
export type OperationKind = z.infer<typeof operationKind>;

export const syncTarget = z.object({
  name: targetName,
  kind: targetKind,
  /** A URL, never with a secret in it; of a folder its path. */
  address: z.string(),
  auth: targetAuth,
  user: z.string().nullable(),
  /** Where its secret is kept. */
  secretIn: z.enum(['none', 'keychain', 'file']),
  caPath: z.string().nullable(),
  maxBytesPerSecond: z.number().nullable(),
  isPaused: z.boolean(),
  pausesOnMetered: z.boolean(),
  createdAt: z.number(),
  counts: z.partialRecord(deliveryState, z.number()),
  /** Why it could not be reached the last time; null after it was. */
  trouble: errorShape.nullable(),
  /** When it is tried again, ms UTC; null when nothing is waited for. */
  nextAttemptAt: z.number().nullable(),
});
export type SyncTarget = z.infer<typeof syncTarget>;

/** What a target said of itself. */
export const targetProbe = z.object({
  /** Its version, such as `3.18.0`; null where it does not tell. */
  version: z.string().nullable(),
  /** Of a folder: room that is left. */
  freeBytes: z.number().optional(),
  elapsedMs: z.number(),
  /** What it cannot take, in words. */
  notices: z.array(z.string()),
});
export type TargetProbe = z.infer<typeof targetProbe>;

/**
 * A way out of a conflict. `theirs`: what the target has stays as it is. `ours`: an alias moves to our version. `both`: ours is
 * sent as a new run. `skip`: nothing more is sent.
 */
export const wayOut = z.enum(['theirs', 'ours', 'both', 'skip']);
export type WayOut = z.infer<typeof wayOut>;

export const syncConflict = z.object({
  what: z.string(),
  /** The values that differ between here and the target. */
  differences: z.array(z.object({ key: z.string(), local: z.string(), remote: z.string() })),
  waysOut: z.array(wayOut),
});
export type SyncConflict = z.infer<typeof syncConflict>;

/** What was found at the target when it was read again after everything had been sent. */
export const syncReceipt = z.object({
  at: z.number(),
  address: z.string(),
  version: z.string().nullable(),
  /** How the target names it, and where a person finds it there. */
  remoteId: z.string(),
  url: z.string().nullable(),
  params: z.number(),
  tags: z.number(),
  metrics: z.array(z.object({ key: z.string(), points: z.number(), last: z.number().nullable() })),
  files: z.array(z.object({ path: z.string(), sizeBytes: z.number(), sha256: z.string() })),
  aliases: z.array(z.string()),
  /** What the target could not take or has otherwise, in words. */
  notices: z.array(z.string()),
});
export type SyncReceipt = z.infer<typeof syncReceipt>;

export const syncOperation = z.object({
  id: z.number(),
  kind: operationKind,
  /** What it sends: a path, a name. */
  subject: z.string(),
  state: operationState,
  attempts: z.number(),
  error: errorShape.nullable(),
  /** All of them once it is verified; before that what is there for good, which is parts of a large file. */
  doneBytes: z.number(),
  totalBytes: z.number(),
});
export type SyncOperation = z.infer<typeof syncOperation>;

export const delivery = z.object({
  id: z.number(),
  target: targetName,
  kind: z.enum(['run', 'version']),
  /** The id of the run, or `model/3`. */
  localId: z.string(),
  name: z.string(),
  state: deliveryState,
  createdAt: z.number(),
  updatedAt: z.number(),
  nextAttemptAt: z.number().nullable(),
  error: errorShape.nullable(),
  conflict: syncConflict.nullable(),
  /** Operations that are done, and all of them. */
  done: z.number(),
  total: z.number(),
  doneBytes: z.number(),
  totalBytes: z.number(),
  /** What really went over the line, repeats included. */
  sentBytes: z.number(),
  /** The rule that put it here; null where a person did. */
  rule: ruleSubject.nullable(),
});
export type Delivery = z.infer<typeof delivery>;

/** What to send. Runs bring their parents and what they logged along, model versions the run they came from. */
export const pushInput = z.object({
  target: targetName,
  runIds: z.array(z.string()).max(100_000).default([]),
  /** `name/3`, `name@challenger`, or `name` alone: its champion, or else its newest version. */
  models: z.array(z.string().max(500)).max(1000).default([]),
  /** Adds every starred run. */
  isWithStarred: z.boolean().default(false),
  /** False: of runs only what they record, without artifacts and logged models. A version's run brings them all the same. */
  isWithFiles: z.boolean().default(true),
});

export const pushPlan = z.object({
  deliveries: z.array(
    z.object({
      kind: z.enum(['run', 'version']),
      localId: z.string(),
      name: z.string(),
      files: z.number(),
      points: z.number(),
      bytes: z.number(),
      /** Why it goes along when nobody named it. */
      because: z.string().nullable(),
    }),
  ),
  /** About how much will be sent. */
  bytes: z.number(),
  notices: z.array(z.string()),
});
export type PushPlan = z.infer<typeof pushPlan>;

export const outboxProgress = z.object({
  waiting: z.number(),
  sending: z.number(),
  conflict: z.number(),
  refused: z.number(),
  doneBytes: z.number(),
  totalBytes: z.number(),
  bytesPerSecond: z.number(),
  /** Ms until everything is there at this speed; null while nothing moves. */
  remainingMs: z.number().nullable(),
  /** Whether something waits because the system says that the network is metered. */
  isMetered: z.boolean(),
  /** Targets to which nothing goes for now: somebody has paused them, or the network is metered. */
  held: z.array(z.object({ target: targetName, because: z.enum(['paused', 'metered']) })),
  /** Targets that cannot be reached. */
  offline: z.array(z.object({ target: targetName, nextAttemptAt: z.number().nullable() })),
});
export type OutboxProgress = z.infer<typeof outboxProgress>;

const byTarget = z.object({ target: targetName });
const chosen = z.object({
  target: targetName.optional(),
  deliveryIds: z.array(z.number().int()).max(100_000).optional(),
});

export const sync = {
  targets: procedure('The targets, by name, with what waits for each.', z.object({}), z.array(syncTarget)),
  addTarget: procedure(
    'Adds a target. Nothing is sent by that.',
    targetPlace.extend({ name: targetName }),
    syncTarget,
  ),
  changeTarget: procedure(
    'Changes what is named of a target.',
    byTarget.extend({ change: targetChange }),
    syncTarget,
  ),
  removeTarget: procedure(
    'Forgets a target with its secret and its outbox; its secret at once, all else when the engine ends. What it holds stays there.',
    byTarget,
    z.object({}),
  ),
  restoreTarget: procedure(
    'Brings back the target that was removed last under a name, with its secret and its outbox: for as long as the engine lives.',
    byTarget,
    syncTarget,
  ),
  tryTarget: procedure(
    'Asks an address who it is before it becomes a target. Nothing is kept, and nothing is sent.',
    targetPlace.extend({
      /** A target whose kept secret is used where none is given. */
      secretOf: targetName.optional(),
    }),
    targetProbe,
  ),
  testTarget: procedure(
    'Asks a target who it is, with the secret, and sends nothing.',
    byTarget,
    targetProbe,
  ),
  rules: procedure(
    'What goes to targets by itself, and since when that is allowed.',
    z.object({ target: targetName.optional() }),
    z.array(syncRule),
  ),
  planRule: procedure(
    'What a rule would send now, with sizes. Nothing is allowed by that, and nothing is sent.',
    byTarget.extend(ruleSubject.shape),
    pushPlan,
  ),
  allowRule: procedure(
    'Allows that what a rule speaks of, now and later, goes to a target by itself.',
    byTarget.extend(ruleSubject.shape),
    syncRule,
  ),
  withdrawRule: procedure(
    'Ends a rule. What it put into the outbox and is not at its target yet is cancelled.',
    z.object({ ruleId: z.number().int() }),
    z.object({ cancelled: z.number() }),
  ),
  plan: procedure('What a push would send, with sizes. Nothing is sent.', pushInput, pushPlan),
  push: procedure(
    'Puts runs and model versions into the outbox of a target. What was sent before is compared and brought up to date.',
    pushInput,
    z.object({ deliveryIds: z.array(z.number()) }),
  ),
  outbox: procedure(
    'Deliveries, the latest first: a page of them, and how many there are in each state.',
    z.object({
      target: targetName.optional(),
      state: deliveryState.optional(),
      after: z.number().int().optional(),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    z.object({
      deliveries: z.array(delivery),
      next: z.number().nullable(),
      counts: z.partialRecord(deliveryState, z.number()),
    }),
  ),
  delivery: procedure(
    'One delivery with a page of its operations, and its receipt once it is verified.',
    z.object({
      deliveryId: z.number().int(),
      after: z.number().int().optional(),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    z.object({
      delivery,
      operations: z.array(syncOperation),
      next: z.number().nullable(),
      receipt: syncReceipt.nullable(),
    }),
  ),
  resolve: procedure(
    'Takes one way out of the conflict of a delivery.',
    z.object({ deliveryId: z.number().int(), wayOut }),
    delivery,
  ),
  retry: procedure(
    'Tries at once what waits, and again what was refused or cancelled: of a target, or of all.',
    chosen,
    z.object({ count: z.number() }),
  ),
  cancel: procedure(
    'Sends no more of what is not at its target yet. What is there stays there.',
    chosen,
    z.object({ count: z.number() }),
  ),
  progress: stream(
    'How the outbox empties, about twice a second while it does; only when something changes otherwise.',
    z.object({ target: targetName.optional() }),
    outboxProgress,
  ),
};
