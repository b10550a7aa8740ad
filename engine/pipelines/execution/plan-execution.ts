import type { PipelineStage, StagePlan, StageReason } from '../../../contract/index.ts';
import type { StalenessCheck } from '../staleness/index.ts';
import { createFirstHeap } from './first-heap.ts';
import { createSchedule, type ScheduleAction } from './schedule.ts';
import type { Capacity, Claim } from './stage-room.ts';

/** Judges stages, given in an order in which they can run, as they would be at their turn. */
export async function planStages(
  stages: readonly PipelineStage[],
  check: Pick<StalenessCheck, 'judge'>,
  isForced: boolean,
): Promise<StagePlan[]> {
  const planned = new Map<string, Promise<StagePlan>>();
  for (const stage of stages) {
    const above = stage.upstream.flatMap((name) => planned.get(name) ?? []);
    planned.set(
      stage.name,
      Promise.all(above).then(async (before) => {
        const toRun = before.filter(({ action }) => action === 'run').map(({ name }) => name);
        const { key: _key, ...status } = await check.judge(stage, toRun);
        const forced: StageReason[] = isForced ? [{ kind: 'forced' }] : [];
        return {
          ...status,
          reasons: [...forced, ...status.reasons],
          action: actionOf(status.state, isForced),
        };
      }),
    );
  }
  return Promise.all(planned.values());
}

function actionOf(state: StagePlan['state'], isForced: boolean): StagePlan['action'] {
  if (isForced || state === 'stale') return 'run';
  return state === 'restorable' ? 'restore' : 'skip';
}

/**
 * How long a plan will take, in ms, by carrying it out with a clock of its own. Stages of which nobody knows how long they take
 * count as nothing; null when there are no others to run.
 */
export function expectedTime(
  stages: readonly PipelineStage[],
  plan: readonly StagePlan[],
  claims: readonly Claim[],
  capacity: Capacity,
): number | null {
  const places = new Map(stages.map(({ name }, at) => [name, at]));
  const toRun = plan.filter(({ action }) => action === 'run');
  if (toRun.length > 0 && toRun.every(({ expectedMs }) => expectedMs === null)) return null;
  const schedule = createSchedule(
    stages.map((stage, at) => ({
      name: stage.name,
      upstream: stage.upstream.flatMap((name) => places.get(name) ?? []),
      claim: claims[at] as Claim,
      retry: stage.retry,
      expectedMs: plan[at]?.expectedMs ?? null,
      state: 'waiting' as const,
      tries: 0,
    })),
    capacity,
    { keepGoing: false },
  );
  const endsAt = new Float64Array(stages.length);
  const endOf = (at: number) => endsAt[at] as number;
  const running = createFirstHeap((one, other) =>
    endOf(one) === endOf(other) ? one < other : endOf(one) < endOf(other),
  );
  let nowMs = 0;
  const open: ScheduleAction[] = schedule.begin();
  for (;;) {
    for (let action = open.pop(); action !== undefined; action = open.pop()) {
      if (action.kind === 'judge') {
        const outcome = plan[action.stage]?.action === 'run' ? 'run' : 'done';
        open.push(...schedule.take({ kind: 'judged', stage: action.stage, outcome }));
      } else if (action.kind === 'run') {
        endsAt[action.stage] = nowMs + (plan[action.stage]?.expectedMs ?? 0);
        running.add(action.stage);
      }
    }
    const next = running.takeFirst();
    if (next === undefined) return nowMs;
    nowMs = endOf(next);
    open.push(...schedule.take({ kind: 'ended', stage: next, outcome: 'finished', peakBytes: null }));
  }
}
