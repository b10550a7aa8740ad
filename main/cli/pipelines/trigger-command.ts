import { realpathSync } from 'node:fs';
import {
  assertNever,
  BenchtopError,
  scheduleText,
  type EngineApi,
  type Trigger,
  type TriggerCondition,
  type TriggerEvent,
} from '../../../contract/index.ts';
import { durationText } from '../duration-text.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { monitorNamed } from '../monitoring/monitor-named.ts';
import { pipelineProject } from './pipeline-project.ts';

export interface TriggerOptions {
  readonly home: string;
  readonly project?: string;
  readonly json?: boolean;
}

export interface ListTriggersOptions extends TriggerOptions {
  readonly all?: boolean;
  readonly events: number;
}

export interface AddTriggerOptions extends TriggerOptions {
  readonly cron?: string;
  readonly files?: string;
  readonly data?: string;
  readonly after?: string;
  readonly monitor?: string;
  readonly settled: number;
  readonly on: 'finished' | 'failed' | 'any';
  readonly stage?: string[];
  readonly force?: boolean;
  readonly timeZone?: string;
  readonly quiet?: { from: string; to: string };
  readonly mains?: boolean;
  readonly coolDown?: number;
  readonly busy: 'skip' | 'queue' | 'replace';
}

/** `benchtop trigger list`. */
export async function listTriggers(options: ListTriggersOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { api } = engine;
    const of = options.all ? {} : { projectId: (await pipelineProject(api, options.project)).id };
    const triggers = await api.pipelines.triggers(of);
    const events = await api.pipelines.triggerEvents({ ...of, limit: options.events });
    if (options.json) {
      console.log(jsonText({ triggers, events }));
      return;
    }
    if (triggers.length === 0) console.log('No triggers. Add one with `benchtop trigger add`.');
    for (const trigger of triggers) console.log(triggerText(trigger, Date.now()));
    const names = new Map(triggers.map(({ id, name }) => [id, name]));
    if (events.length > 0) console.log('');
    for (const event of events) console.log(eventText(event, names.get(event.triggerId) ?? event.triggerId));
  });
}

/** `benchtop trigger add`. */
export async function addTrigger(name: string, options: AddTriggerOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { api } = engine;
    const added = await api.pipelines.addTrigger({
      projectId: (await pipelineProject(api, options.project)).id,
      name,
      condition: await conditionOf(api, options),
      ...(options.stage === undefined ? {} : { stages: options.stage }),
      isForced: options.force ?? false,
      timeZone: options.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
      quietHours: options.quiet ?? null,
      isOnlyOnMains: options.mains ?? false,
      coolDownMs: options.coolDown ?? 0,
      whenBusy: options.busy,
    });
    console.log(options.json ? jsonText(added) : triggerText(added, Date.now()));
  });
}

/** `benchtop trigger run`, `enable`, `disable` and `remove`. */
export async function changeTrigger(
  verb: 'run' | 'enable' | 'disable' | 'remove',
  named: string,
  options: TriggerOptions,
): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { pipelines } = engine.api;
    const { id: triggerId, name } = await triggerNamed(engine.api, named, options.project);
    if (verb === 'run') {
      const event = await pipelines.fireTrigger({ triggerId });
      console.log(options.json ? jsonText(event) : eventText(event, name));
      if (event.outcome === 'failed') process.exitCode = 1;
    } else if (verb === 'remove') {
      await pipelines.removeTrigger({ triggerId });
      console.log(options.json ? jsonText({ triggerId }) : `${name}  removed`);
    } else {
      const changed = await pipelines.changeTrigger({ triggerId, change: { isEnabled: verb === 'enable' } });
      console.log(options.json ? jsonText(changed) : triggerText(changed, Date.now()));
    }
  });
}

/** By its id anywhere, or by its name in the project. */
async function triggerNamed(api: EngineApi, named: string, folder: string | undefined): Promise<Trigger> {
  const all = await api.pipelines.triggers({});
  const byId = all.find(({ id }) => id === named);
  if (byId !== undefined) return byId;
  const { id: projectId } = await pipelineProject(api, folder);
  const [found, second] = all.filter((each) => each.name === named && each.projectId === projectId);
  if (found === undefined || second !== undefined)
    throw new BenchtopError({
      code: found === undefined ? 'not-found' : 'invalid-input',
      what:
        found === undefined
          ? `There is no trigger "${named}" here.`
          : `More than one trigger is named "${named}".`,
      next: 'See `benchtop trigger list --json` for names and ids.',
    });
  return found;
}

async function conditionOf(api: EngineApi, options: AddTriggerOptions): Promise<TriggerCondition> {
  const { cron, files, data, after, monitor } = options;
  if (cron !== undefined) return { kind: 'time', cron };
  if (files !== undefined) return { kind: 'files', path: files, quietMs: options.settled };
  if (data !== undefined) return { kind: 'data', path: data };
  if (after !== undefined) {
    const { id } = await api.projects.open({ path: realpathSync(after) });
    return { kind: 'pipeline', projectId: id, status: options.on };
  }
  if (monitor !== undefined) {
    const { id } = await monitorNamed(api, monitor, options.project);
    return { kind: 'monitor', monitorId: id };
  }
  throw new BenchtopError({
    code: 'invalid-input',
    what: 'A trigger needs something to wait for.',
    next: 'Give one of --cron, --files, --data, --after and --monitor.',
  });
}

/** `nightly  every day at 03:00, Europe/Berlin (0 3 * * *)  next in 5h 2m`. */
export function triggerText(trigger: Trigger, now: number): string {
  const { name, isEnabled, problem, waiting, nextAt } = trigger;
  const waits = waiting === null ? null : `waits: ${waiting.why}`;
  const next = nextAt === null ? 'looks out' : `next in ${durationText(nextAt - now)}`;
  const state = isEnabled ? (problem ?? waits ?? next) : 'off';
  return `${name}  ${conditionText(trigger)}  ${state}`;
}

function conditionText({ condition, timeZone }: Pick<Trigger, 'condition' | 'timeZone'>): string {
  switch (condition.kind) {
    case 'time':
      return scheduleText(condition.cron, timeZone);
    case 'files':
      return `${condition.path} changed`;
    case 'data':
      return `new version of ${condition.path}`;
    case 'pipeline':
      return `after project ${condition.projectId} (${condition.status})`;
    case 'monitor':
      return `when monitor ${condition.monitorId} opens an incident`;
    default:
      return assertNever(condition);
  }
}

function eventText({ at, outcome, cause, note, executionId }: TriggerEvent, name: string): string {
  const words = cause.startsWith(`${name}: `) ? cause : `${name}: ${cause}`;
  return [new Date(at).toLocaleString(), outcome, words, note, executionId]
    .filter((part) => part !== null)
    .join('  ');
}
