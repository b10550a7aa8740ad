import { assertNever } from '../../../contract/index.ts';
import { createFirstHeap } from './first-heap.ts';
import { createStageRoom, type Capacity, type Claim } from './stage-room.ts';

/** Where a stage stands when the schedule begins: at the beginning of everything, or where an engine before left it. */
export type StandingState = 'waiting' | 'running' | 'done' | 'failed' | 'killed' | 'skipped';

export interface ScheduledStage {
  readonly name: string;
  /** Positions of the stages that come before it, each less than its own. */
  readonly upstream: readonly number[];
  readonly claim: Claim;
  readonly retry: { readonly times: number; readonly delayMs: number };
  /** Null where nobody knows. */
  readonly expectedMs: number | null;
  readonly state: StandingState;
  /** How often it was begun. */
  readonly tries: number;
}

/** How a try ended. `lost`: nobody saw its end, and nothing of it runs any more, as after a restart of the machine. */
export type TryOutcome = 'finished' | 'failed' | 'out-of-memory' | 'killed' | 'lost';

export type ScheduleEvent =
  | { readonly kind: 'judged'; readonly stage: number; readonly outcome: 'done' | 'run' | 'failed' }
  /** Its program has ended well: it takes no room any more. What it left is looked through yet; its `ended` still comes. */
  | { readonly kind: 'exited'; readonly stage: number }
  | {
      readonly kind: 'ended';
      readonly stage: number;
      readonly outcome: TryOutcome;
      /** The most memory it used; null where it was not measured. */
      readonly peakBytes: number | null;
    }
  /** The pause before another try is over. */
  | { readonly kind: 'rested'; readonly stage: number }
  | { readonly kind: 'cancel' };

export type ScheduleAction =
  /** Find out whether it must run, and bring its outputs back where that does; answered by `judged`. */
  | { readonly kind: 'judge'; readonly stage: number }
  /** Answered by `ended`. `memoryBytes` is what it is to have; 0 where nobody knows. */
  | { readonly kind: 'run'; readonly stage: number; readonly memoryBytes: number }
  /** End what runs; its `ended` still comes. */
  | { readonly kind: 'stop'; readonly stage: number }
  /** Answered by `rested`. */
  | { readonly kind: 'rest'; readonly stage: number; readonly delayMs: number }
  /** Settled for good. `skipped` with the stage whose failure it is for; null when all was cancelled. */
  | { readonly kind: 'settle'; readonly stage: number; readonly state: 'done' | 'failed' | 'killed' }
  | { readonly kind: 'skip'; readonly stage: number; readonly because: number | null }
  /** Nothing more comes. */
  | { readonly kind: 'end'; readonly status: 'finished' | 'failed' | 'killed' };

export interface Schedule {
  /** Called once, before any event. */
  begin(): ScheduleAction[];
  take(event: ScheduleEvent): ScheduleAction[];
}

/** So many stages are judged at once: it is mostly waiting for files. */
const judgedAtOnce = 16;

type Phase = StandingState | 'ready' | 'judging' | 'queued' | 'resting';

/**
 * Decides what the stages of an execution do next. It knows no clock and touches nothing: the same events give the same
 * actions. What is on the longest way to the end goes first. Without `keepGoing`, nothing begins after the first failure.
 *
 * Cost: O((V + E) log V) for all of it.
 */
export function createSchedule(
  stages: readonly ScheduledStage[],
  capacity: Capacity,
  { keepGoing }: { keepGoing: boolean },
): Schedule {
  const phases: Phase[] = stages.map(({ state }) => state);
  const tries = stages.map((stage) => stage.tries);
  const memory = stages.map(({ claim }) => claim.memoryBytes);
  const downstream: number[][] = stages.map(() => []);
  const openUpstream = new Int32Array(stages.length);
  const heights = new Float64Array(stages.length);
  /** 1 for what needs a stage that did not end well. */
  const isLost = new Uint8Array(stages.length);
  let judging = 0;
  let running = 0;
  let unsettled = 0;
  /** The first stage that did not end well. */
  let culprit: number | null = null;
  let hasFailed = false;
  let isCancelled = false;
  let hasEnded = false;

  const stageAt = (at: number) => stages[at] as ScheduledStage;
  const belowOf = (at: number) => downstream[at] as number[];
  const heightOf = (at: number) => heights[at] as number;
  const isBefore = (one: number, other: number) =>
    heightOf(one) === heightOf(other) ? one < other : heightOf(one) > heightOf(other);
  const ready = createFirstHeap(isBefore);
  const room = createStageRoom(capacity, isBefore);
  /** Nothing new begins. */
  const isStopping = () => isCancelled || (!keepGoing && culprit !== null);

  /** The time from a stage's beginning to the end of all, along the longest way; what is not known counts as the others do. */
  function measureHeights(): void {
    const known = stages.flatMap(({ expectedMs }) => expectedMs ?? []);
    const usualMs =
      known.length === 0 ? 1 : Math.max(1, known.reduce((sum, ms) => sum + ms, 0) / known.length);
    for (let at = stages.length - 1; at >= 0; at--) {
      const below = belowOf(at).reduce((most, next) => Math.max(most, heightOf(next)), 0);
      heights[at] = below + (stageAt(at).expectedMs ?? usualMs);
    }
  }

  function begin(): ScheduleAction[] {
    for (const [at, { upstream }] of stages.entries()) for (const above of upstream) belowOf(above).push(at);
    measureHeights();
    const actions: ScheduleAction[] = [];
    const failed: number[] = [];
    for (const [at, { upstream, claim, state }] of stages.entries()) {
      openUpstream[at] = upstream.filter((above) => phases[above] !== 'done').length;
      if (state === 'waiting' || state === 'running') unsettled++;
      if (state === 'running') {
        running++;
        room.hold(at, claim);
      } else if (state === 'waiting' && openUpstream[at] === 0) makeReady(at);
      else if (state === 'failed' || state === 'killed') failed.push(at);
    }
    for (const at of failed) fail(at, stageAt(at).state === 'failed', actions);
    return proceed(actions);
  }

  function makeReady(at: number): void {
    phases[at] = 'ready';
    ready.add(at);
  }

  function settle(at: number, state: 'done' | 'failed' | 'killed', actions: ScheduleAction[]): void {
    phases[at] = state;
    unsettled--;
    actions.push({ kind: 'settle', stage: at, state });
    if (state !== 'done') return fail(at, state === 'failed', actions);
    for (const below of belowOf(at)) {
      openUpstream[below] = (openUpstream[below] as number) - 1;
      if (openUpstream[below] === 0 && phases[below] === 'waiting') makeReady(below);
    }
  }

  /** Skips all that needs a stage that did not end well, and without `keepGoing` all that has not begun. */
  function fail(at: number, isFailure: boolean, actions: ScheduleAction[]): void {
    culprit ??= at;
    hasFailed ||= isFailure;
    const open = [...belowOf(at)];
    for (let below = open.pop(); below !== undefined; below = open.pop()) {
      if (isLost[below] === 1) continue;
      isLost[below] = 1;
      if (phases[below] === 'waiting') skip(below, at, actions);
      open.push(...belowOf(below));
    }
    if (isStopping()) skipRest(actions);
  }

  function skip(at: number, because: number | null, actions: ScheduleAction[]): void {
    phases[at] = 'skipped';
    unsettled--;
    actions.push({ kind: 'skip', stage: at, because });
  }

  let hasSkippedRest = false;
  function skipRest(actions: ScheduleAction[]): void {
    if (hasSkippedRest) return;
    hasSkippedRest = true;
    const because = isCancelled ? null : culprit;
    for (const [at, phase] of phases.entries()) {
      if (phase === 'waiting' || phase === 'ready' || phase === 'queued') skip(at, because, actions);
      else if (phase === 'resting') settle(at, isCancelled ? 'killed' : 'failed', actions);
    }
  }

  function judged(at: number, outcome: 'done' | 'run' | 'failed', actions: ScheduleAction[]): void {
    judging--;
    if (outcome === 'done') settle(at, 'done', actions);
    else if (outcome === 'failed') settle(at, 'failed', actions);
    else if (isStopping()) skip(at, isCancelled ? null : culprit, actions);
    else queue(at);
  }

  function queue(at: number): void {
    phases[at] = 'queued';
    room.wait(at, { ...stageAt(at).claim, memoryBytes: memory[at] as number });
  }

  function ended(at: number, outcome: TryOutcome, peakBytes: number | null, actions: ScheduleAction[]): void {
    running--;
    room.leave(at);
    const { retry } = stageAt(at);
    // A try that the machine itself broke off does not count, once: a stage that brings the machine down must not do so for ever.
    const allowed = 1 + retry.times + (outcome === 'lost' ? 1 : 0);
    const begun = tries[at] as number;
    if (outcome === 'finished') settle(at, 'done', actions);
    else if (outcome === 'killed' || isCancelled)
      settle(at, outcome === 'failed' ? 'failed' : 'killed', actions);
    else if (isStopping() || begun >= allowed) settle(at, 'failed', actions);
    else {
      if (outcome === 'out-of-memory')
        memory[at] = moreMemory(Math.max(memory[at] as number, peakBytes ?? 0));
      phases[at] = 'resting';
      const delayMs = outcome === 'lost' ? 0 : retry.delayMs * 2 ** Math.max(0, begun - 1);
      actions.push({ kind: 'rest', stage: at, delayMs });
    }
  }

  /** Twice what did not do; all there is where that is not known, so that it runs alone. */
  const moreMemory = (bytes: number) =>
    bytes === 0 ? capacity.memoryBytes : Math.min(2 * bytes, capacity.memoryBytes);

  function take(event: ScheduleEvent): ScheduleAction[] {
    const actions: ScheduleAction[] = [];
    switch (event.kind) {
      case 'judged':
        judged(event.stage, event.outcome, actions);
        break;
      case 'exited':
        room.leave(event.stage);
        break;
      case 'ended':
        ended(event.stage, event.outcome, event.peakBytes, actions);
        break;
      case 'rested':
        // All may have been stopped meanwhile; then it has been settled.
        if (phases[event.stage] === 'resting') queue(event.stage);
        break;
      case 'cancel':
        if (isCancelled || hasEnded) break;
        isCancelled = true;
        skipRest(actions);
        for (const [at, phase] of phases.entries())
          if (phase === 'running') actions.push({ kind: 'stop', stage: at });
        break;
      default:
        assertNever(event);
    }
    return proceed(actions);
  }

  /** What can begin now, and the end when nothing is left. */
  function proceed(actions: ScheduleAction[]): ScheduleAction[] {
    while (!isStopping() && judging < judgedAtOnce) {
      const at = ready.takeFirst();
      if (at === undefined) break;
      phases[at] = 'judging';
      judging++;
      actions.push({ kind: 'judge', stage: at });
    }
    if (!isStopping()) {
      for (const at of room.admit()) {
        phases[at] = 'running';
        running++;
        tries[at] = (tries[at] as number) + 1;
        actions.push({ kind: 'run', stage: at, memoryBytes: memory[at] as number });
      }
    }
    if (unsettled === 0 && judging === 0 && running === 0 && !hasEnded) {
      hasEnded = true;
      const status = isCancelled ? 'killed' : hasFailed ? 'failed' : culprit !== null ? 'killed' : 'finished';
      actions.push({ kind: 'end', status });
    }
    return actions;
  }

  return { begin, take };
}
