import {
  BenchtopError,
  type Delivery,
  type EngineApi,
  type OutboxProgress,
  type PushPlan,
} from '../../../contract/index.ts';
import { bytesText } from '../data/data-snapshot-command.ts';
import { durationText } from '../duration-text.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { runByPrefix } from '../run-by-prefix.ts';
import { deliveryText } from './delivery-text.ts';

export interface PushOptions {
  readonly home: string;
  readonly target: string;
  readonly starred?: boolean;
  readonly files: boolean;
  readonly dryRun?: boolean;
  readonly wait: boolean;
  readonly json?: boolean;
}

/**
 * `benchtop push`: puts runs and models into the outbox and waits until the target was read again. Ctrl-C ends the waiting,
 * not the sending. Exit code 1 unless all of it arrived.
 */
export async function pushCommand(what: readonly string[], options: PushOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { api } = engine;
    const input = {
      target: options.target,
      ...(await chosen(api, what)),
      isWithStarred: options.starred === true,
      isWithFiles: options.files,
    };
    if (input.runIds.length + input.models.length === 0 && !input.isWithStarred)
      throw new BenchtopError({
        code: 'invalid-input',
        what: 'There is nothing to push.',
        next: 'Name runs or models, or give --starred.',
      });
    const isJson = options.json === true;
    if (options.dryRun === true) {
      const plan = await api.sync.plan(input);
      console.log(isJson ? jsonText(plan) : planText(plan));
      return;
    }
    const { deliveryIds } = await api.sync.push(input);
    const held = options.wait ? await untilSettled(api, options.target, new Set(deliveryIds)) : null;
    const deliveries: Delivery[] = [];
    for (const deliveryId of deliveryIds)
      deliveries.push((await api.sync.delivery({ deliveryId, limit: 1 })).delivery);
    if (isJson) console.log(jsonText(deliveries));
    else for (const delivery of deliveries) console.log(deliveryText(delivery));
    if (held !== null) console.error(`benchtop: ${heldText(options.target, held)}`);
    if (options.wait && deliveries.some(({ state }) => state !== 'verified')) process.exitCode = 1;
  });
}

/** What looks like an id, or is the name of a run, is a run; the rest are models. @throws {BenchtopError} `not-found` for what is neither. */
async function chosen(
  api: EngineApi,
  what: readonly string[],
): Promise<{ runIds: string[]; models: string[] }> {
  const runIds: string[] = [];
  const models: string[] = [];
  for (const each of what) {
    const isVersion = /[@/]/.test(each);
    const run = isVersion ? null : await runByPrefix(api, each).catch(orNull);
    if (run !== null) runIds.push(run.id);
    else if (isVersion || (await api.registry.model({ name: each }).catch(orNull)) !== null)
      models.push(each);
    else
      throw new BenchtopError({
        code: 'not-found',
        what: `"${each}" is neither a run, by its name or the beginning of its id, nor a registered model.`,
        next: '`benchtop runs` and `benchtop model list` list them.',
      });
  }
  return { runIds, models };
}

function orNull(error: unknown): null {
  if (error instanceof BenchtopError && error.code === 'not-found') return null;
  throw error;
}

type Held = OutboxProgress['held'][number]['because'];

const heldText = (target: string, because: Held): string =>
  because === 'paused'
    ? `${target} is paused. \`benchtop target change ${target} --resume\` sends what waits.`
    : `The network is metered, and ${target} waits for another. \`benchtop target change ${target} --metered send\` sends all the same.`;

/**
 * Resolves when none of the deliveries waits or is on its way, or when the target cannot be reached or nothing is to go there; to why, in
 * that case.
 */
async function untilSettled(api: EngineApi, target: string, ids: ReadonlySet<number>): Promise<Held | null> {
  const isShown = process.stderr.isTTY;
  let held: Held | null = null;
  for await (const progress of api.sync.progress({ target })) {
    const speed = progress.bytesPerSecond === 0 ? '' : `, ${bytesText(progress.bytesPerSecond)}/s`;
    const eta = progress.remainingMs === null ? '' : `, ${durationText(progress.remainingMs)} to go`;
    if (isShown)
      process.stderr.write(
        `\r\x1b[K${bytesText(progress.doneBytes)} of ${bytesText(progress.totalBytes)}${speed}${eta}`,
      );
    if (await isSettled(api, ids)) break;
    if (progress.sending > 0) continue;
    held = progress.held[0]?.because ?? null;
    if (held !== null || progress.offline.length > 0) break;
  }
  if (isShown) process.stderr.write('\r\x1b[K');
  return held;
}

async function isSettled(api: EngineApi, ids: ReadonlySet<number>): Promise<boolean> {
  for (const deliveryId of ids) {
    const { delivery } = await api.sync.delivery({ deliveryId, limit: 1 });
    // What waits for something that does not move will not move.
    if (delivery.state === 'sending') return false;
    if (delivery.state === 'waiting' && !(await isBlocked(api, ids))) return false;
  }
  return true;
}

/** Whether one of the deliveries stands in the way of the others, and nothing is being sent. */
async function isBlocked(api: EngineApi, ids: ReadonlySet<number>): Promise<boolean> {
  const states: string[] = [];
  for (const deliveryId of ids) {
    const { delivery } = await api.sync.delivery({ deliveryId, limit: 1 });
    if (delivery.state === 'waiting' && delivery.nextAttemptAt !== null) return false;
    states.push(delivery.state);
  }
  return !states.includes('sending') && states.some((state) => state === 'conflict' || state === 'refused');
}

export function planText({ deliveries, bytes, notices }: PushPlan): string {
  const lines = deliveries.map(({ kind, localId, name, files, points, bytes: own, because }) => {
    const id = kind === 'run' ? `${localId.slice(0, 8)} ${name}` : name;
    const parts = [
      points === 0 ? '' : `${points.toLocaleString('en-US')} points`,
      files === 0 ? '' : `${files} files`,
    ];
    return [id, ...parts.filter((part) => part !== ''), bytesText(own), because ?? '']
      .filter((part) => part !== '')
      .join('  ');
  });
  return [...lines, ...notices, `About ${bytesText(bytes)} in all. Nothing was sent.`].join('\n');
}
