import { z } from 'zod';
import { procedure } from './rpc/procedure.ts';

/** What starts a pipeline by itself. */
export const triggerCondition = z.discriminatedUnion('kind', [
  /** Five fields (minute, hour, day, month, weekday) in the trigger's time zone. */
  z.object({ kind: z.literal('time'), cron: z.string().max(200) }),
  /** A file or folder, relative to the project, changed and then stayed as it is for `quietMs`. */
  z.object({
    kind: z.literal('files'),
    path: z.string().min(1).max(4096),
    quietMs: z.number().int().min(1000).max(86_400_000).default(10_000),
  }),
  /** A version of a data set (a path, relative to the project) was recorded that differs from the one before. */
  z.object({ kind: z.literal('data'), path: z.string().min(1).max(4096) }),
  /** An execution of another project's pipeline ended so. */
  z.object({
    kind: z.literal('pipeline'),
    projectId: z.string(),
    status: z.enum(['finished', 'failed', 'any']).default('finished'),
  }),
  /** A monitor opened an incident (contract/monitoring.ts): once for each, however many chunks alarm. */
  z.object({ kind: z.literal('monitor'), monitorId: z.string() }),
]);
export type TriggerCondition = z.infer<typeof triggerCondition>;

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:00');

/** What a person says of a trigger. */
export const triggerSettings = z.object({
  name: z.string().trim().min(1).max(200),
  condition: triggerCondition,
  /** What to run, with all whose outputs they read; empty for the whole pipeline. */
  stages: z.array(z.string().max(1000)).max(1000).default([]),
  /** Runs also what nothing changed for. */
  isForced: z.boolean().default(false),
  isEnabled: z.boolean().default(true),
  /** Of its times and quiet hours: an IANA name such as `Europe/Berlin`. */
  timeZone: z.string().max(100),
  /** Nothing is started from `from` until `to` (`22:00` to `07:00` goes over midnight); it waits. */
  quietHours: z.object({ from: clockTime, to: clockTime }).nullable().default(null),
  /** On a laptop that runs on its battery it waits. */
  isOnlyOnMains: z.boolean().default(false),
  /** It waits until so long after its last start. */
  coolDownMs: z.number().int().min(0).max(31_536_000_000).default(0),
  /** When the project's pipeline is running: nothing is started, or after it has ended, or it is cancelled first. */
  whenBusy: z.enum(['skip', 'queue', 'replace']).default('queue'),
});
export type TriggerSettings = z.infer<typeof triggerSettings>;

export const trigger = triggerSettings.extend({
  id: z.string(),
  projectId: z.string(),
  createdAt: z.number(),
  /** When its time comes next; null for what has no times, and for one that is off. */
  nextAt: z.number().nullable(),
  /** A start that is held back: since when, what for, and until when if that is known. */
  waiting: z
    .object({ since: z.number(), cause: z.string(), why: z.string(), until: z.number().nullable() })
    .nullable(),
  lastStart: z.object({ at: z.number(), executionId: z.string() }).nullable(),
  /** Why it cannot do its work; null when it can. */
  problem: z.string().nullable(),
});
export type Trigger = z.infer<typeof trigger>;

export const triggerEvent = z.object({
  id: z.number(),
  triggerId: z.string(),
  at: z.number(),
  /**
   * `held`: it waits (quiet hours, battery, cool-down, a running execution). `skipped`: nothing is started. `missed`: times passed while
   * nobody could start anything; they are made up for once. `failed`: it could not be started.
   */
  outcome: z.enum(['started', 'held', 'skipped', 'missed', 'failed']),
  /** What happened, in words. */
  cause: z.string(),
  note: z.string().nullable(),
  executionId: z.string().nullable(),
});
export type TriggerEvent = z.infer<typeof triggerEvent>;

const byId = z.object({ triggerId: z.string() });

export const pipelineTriggers = {
  triggers: procedure(
    'The triggers of a project, or of all, the oldest first.',
    z.object({ projectId: z.string().optional() }),
    z.array(trigger),
  ),
  triggerTimes: procedure(
    'The next times of a schedule, at most five, before anything is started by it. Fails for what is no schedule.',
    z.object({ cron: z.string().max(200), timeZone: z.string().max(100) }),
    z.object({ times: z.array(z.number()) }),
  ),
  addTrigger: procedure(
    'Adds a trigger. What happened before does not start anything.',
    triggerSettings.extend({ projectId: z.string() }),
    trigger,
  ),
  changeTrigger: procedure(
    'Changes what is named of a trigger. One that is switched on again makes up for nothing.',
    byId.extend({ change: triggerSettings.partial() }),
    trigger,
  ),
  removeTrigger: procedure(
    'Removes a trigger and its history. Until the engine ends the latest removed ones can come back.',
    byId,
    z.object({}),
  ),
  restoreTrigger: procedure(
    'Brings a removed trigger back, with its history. What happened meanwhile does not start anything.',
    byId,
    trigger,
  ),
  fireTrigger: procedure(
    'Starts what a trigger starts, at once and whatever it waits for.',
    byId,
    triggerEvent,
  ),
  triggerEvents: procedure(
    'What triggers did, the latest first: of one, of a project, or of all.',
    z.object({
      triggerId: z.string().optional(),
      projectId: z.string().optional(),
      limit: z.number().int().min(1).max(500).default(50),
    }),
    z.array(triggerEvent),
  ),
};
