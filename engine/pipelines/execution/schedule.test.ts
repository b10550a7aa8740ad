import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createSchedule,
  type ScheduleAction,
  type ScheduledStage,
  type ScheduleEvent,
  type StandingState,
} from './schedule.ts';
import type { Capacity, Claim } from './stage-room.ts';

const claim = (more: Partial<Claim> = {}): Claim => ({
  slots: 1,
  memoryBytes: 0,
  gpus: 0,
  mutexes: [],
  ...more,
});
const stage = (more: Partial<ScheduledStage> = {}): ScheduledStage => ({
  name: 's',
  upstream: [],
  claim: claim(),
  retry: { times: 0, delayMs: 0 },
  expectedMs: null,
  state: 'waiting',
  tries: 0,
  ...more,
});
const room: Capacity = { slots: 4, memoryBytes: 16, gpus: 1 };

/** A schedule whose stages are judged to run at once; what it does is told as `run 0`. */
function followed(stages: ScheduledStage[], capacity: Capacity = room, keepGoing = false) {
  const schedule = createSchedule(stages, capacity, { keepGoing });
  function told(actions: readonly ScheduleAction[]): string[] {
    return actions.flatMap((action) => {
      if (action.kind === 'judge')
        return told(schedule.take({ kind: 'judged', stage: action.stage, outcome: 'run' }));
      if (action.kind === 'end') return [`end ${action.status}`];
      if (action.kind === 'settle') return [`${action.state} ${action.stage}`];
      if (action.kind === 'rest') return [`rest ${action.stage} ${action.delayMs}`];
      return [`${action.kind} ${action.stage}`];
    });
  }
  return {
    begin: () => told(schedule.begin()),
    ended: (at: number, outcome: Extract<ScheduleEvent, { kind: 'ended' }>['outcome'] = 'finished') =>
      told(schedule.take({ kind: 'ended', stage: at, outcome, peakBytes: null })),
    exited: (at: number) => told(schedule.take({ kind: 'exited', stage: at })),
    rested: (at: number) => told(schedule.take({ kind: 'rested', stage: at })),
    cancel: () => told(schedule.take({ kind: 'cancel' })),
  };
}

describe('what begins', () => {
  test('the longest way to the end goes first, within the slots', () => {
    const stages = [
      stage({ expectedMs: 5 }),
      stage({ expectedMs: 1 }),
      stage({ expectedMs: 9, upstream: [1] }),
      stage({ expectedMs: 7 }),
    ];
    const { begin, ended } = followed(stages, { ...room, slots: 1 });
    expect(begin()).toEqual(['run 1']);
    // 2 has to be judged first; the slot does not stand empty meanwhile.
    expect(ended(1)).toEqual(['done 1', 'run 3']);
    expect(ended(3)).toEqual(['done 3', 'run 2']);
    expect(ended(2)).toEqual(['done 2', 'run 0']);
    expect(ended(0)).toEqual(['done 0', 'end finished']);
  });

  test('a large stage that stands first is not passed for ever by small ones', () => {
    const large = stage({ expectedMs: 50, claim: claim({ memoryBytes: 12 }) });
    const small = () => stage({ expectedMs: 9, claim: claim({ memoryBytes: 6 }) });
    const first = stage({ expectedMs: 100, claim: claim({ memoryBytes: 8 }) });
    const unmeasured = stage({ expectedMs: 1 });
    const { begin, ended } = followed([first, large, small(), small(), unmeasured]);
    expect(begin()).toEqual(['run 0', 'run 4']);
    expect(ended(0)).toEqual(['done 0', 'run 1']);
    expect(ended(1)).toEqual(['done 1', 'run 2', 'run 3']);
  });

  test('one of two that share a mutex waits, and those behind it go on', () => {
    const gpu = () => stage({ expectedMs: 9, claim: claim({ mutexes: ['card'] }) });
    const { begin, ended } = followed([gpu(), gpu(), stage({ expectedMs: 1 })]);
    expect(begin()).toEqual(['run 0', 'run 2']);
    expect(ended(0)).toEqual(['done 0', 'run 1']);
  });

  test('a stage whose program has ended takes no room while its outputs are kept, and those below it wait for that', () => {
    const { begin, ended, exited } = followed([stage(), stage({ upstream: [0] }), stage(), stage()], {
      ...room,
      slots: 1,
    });
    expect(begin()).toEqual(['run 0']);
    expect(exited(0)).toEqual(['run 2']);
    expect(ended(0)).toEqual(['done 0']);
    expect(exited(2)).toEqual(['run 1']);
    expect(ended(2)).toEqual(['done 2']);
    // Nothing begins in the place that was given up already.
    expect(ended(1)).toEqual(['done 1', 'run 3']);
  });

  test('what claims more than there is runs alone', () => {
    const { begin, ended } = followed([
      stage({ claim: claim({ slots: 64, memoryBytes: 1e12, gpus: 8 }) }),
      stage(),
    ]);
    expect(begin()).toEqual(['run 0']);
    expect(ended(0)).toEqual(['done 0', 'run 1']);
  });
});

describe('what follows a try that did not end well', () => {
  test('it is tried again after pauses that double, as often as it says', () => {
    const { begin, ended, rested } = followed([stage({ retry: { times: 2, delayMs: 100 } }), stage()]);
    expect(begin()).toEqual(['run 0', 'run 1']);
    expect(ended(0, 'failed')).toEqual(['rest 0 100']);
    expect(rested(0)).toEqual(['run 0']);
    expect(ended(0, 'failed')).toEqual(['rest 0 200']);
    expect(rested(0)).toEqual(['run 0']);
    expect(ended(1)).toEqual(['done 1']);
    expect(ended(0, 'failed')).toEqual(['failed 0', 'end failed']);
  });

  test('after an end for lack of memory it gets more, in the end all there is', () => {
    const stages = [stage({ claim: claim({ memoryBytes: 6 }), retry: { times: 2, delayMs: 0 } }), stage()];
    const schedule = createSchedule(stages, room, { keepGoing: false });
    const runs = (actions: ScheduleAction[]): unknown[] =>
      actions.flatMap((action) =>
        action.kind === 'judge'
          ? runs(schedule.take({ kind: 'judged', stage: action.stage, outcome: 'run' }))
          : action.kind === 'run'
            ? [action.memoryBytes]
            : action.kind === 'rest'
              ? runs(schedule.take({ kind: 'rested', stage: action.stage }))
              : [],
      );
    const out = { kind: 'ended', stage: 0, outcome: 'out-of-memory' } as const;
    expect(runs(schedule.begin())).toEqual([6, 0]);
    expect(runs(schedule.take({ ...out, peakBytes: 5 }))).toEqual([12]);
    expect(runs(schedule.take({ ...out, peakBytes: 15 }))).toEqual([16]);
  });

  test('what a restart of the machine broke off runs again, once', () => {
    const { begin, ended, rested } = followed([stage()]);
    begin();
    expect(ended(0, 'lost')).toEqual(['rest 0 0']);
    expect(rested(0)).toEqual(['run 0']);
    expect(ended(0, 'lost')).toEqual(['failed 0', 'end failed']);
  });

  const diamond = () => [
    stage(),
    stage(),
    stage({ upstream: [0] }),
    stage({ upstream: [1] }),
    stage({ upstream: [2, 3] }),
  ];

  test('nothing new begins after a failure, and what runs comes to its end', () => {
    const { begin, ended } = followed(diamond());
    begin();
    expect(ended(0, 'failed')).toEqual(['failed 0', 'skip 2', 'skip 4', 'skip 3']);
    expect(ended(1)).toEqual(['done 1', 'end failed']);
  });

  test('where it keeps going, only what needs it is skipped', () => {
    const { begin, ended } = followed(diamond(), room, true);
    begin();
    expect(ended(0, 'failed')).toEqual(['failed 0', 'skip 2', 'skip 4']);
    expect(ended(1)).toEqual(['done 1', 'run 3']);
    expect(ended(3)).toEqual(['done 3', 'end failed']);
  });

  test('when all is cancelled, what runs is ended and the rest does not begin', () => {
    const { begin, ended, cancel } = followed(diamond());
    begin();
    expect(cancel()).toEqual(['skip 2', 'skip 3', 'skip 4', 'stop 0', 'stop 1']);
    expect(ended(0, 'killed')).toEqual(['killed 0']);
    expect(ended(1, 'finished')).toEqual(['done 1', 'end killed']);
  });
});

const anyStages = fc
  .array(
    fc.record({
      upstream: fc.array(fc.nat(40), { maxLength: 3 }),
      claim: fc.record({
        slots: fc.integer({ min: 1, max: 6 }),
        memoryBytes: fc.nat(24),
        gpus: fc.nat(2),
        mutexes: fc.subarray(['a', 'b']),
      }),
      retry: fc.record({ times: fc.nat(2), delayMs: fc.nat(10) }),
      expectedMs: fc.option(fc.nat(100)),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((drawn) =>
    drawn.map((each, at) =>
      stage({ ...each, upstream: [...new Set(each.upstream.filter((above) => above < at))] }),
    ),
  );

interface Model {
  states: StandingState[];
  tries: number[];
  memory: number[];
  judging: Set<number>;
  running: Set<number>;
  /** Of those that run: whose program has ended. */
  exited: Set<number>;
  resting: Set<number>;
  isCancelled: boolean;
  end: string | null;
}

test('whatever ends how and whenever, also across crashes: nothing runs too early, twice, beyond the room, or not at all', () => {
  fc.assert(
    fc.property(
      anyStages,
      fc.boolean(),
      fc.array(fc.record({ what: fc.nat(99), who: fc.nat(99) }), { maxLength: 80 }),
      (stages, keepGoing, choices) => {
        const model: Model = {
          states: stages.map(() => 'waiting'),
          tries: stages.map(() => 0),
          memory: stages.map(() => 0),
          judging: new Set(),
          running: new Set(),
          exited: new Set(),
          resting: new Set(),
          isCancelled: false,
          end: null,
        };
        const open = () =>
          createSchedule(
            stages.map((each, at) => ({ ...each, state: model.states[at]!, tries: model.tries[at]! })),
            room,
            { keepGoing },
          );
        let schedule = open();
        const all = (actions: ScheduleAction[]) => actions.forEach((action) => obey(action, stages, model));
        all(schedule.begin());

        function step(what: number, who: number): void {
          const one = <T>(of: Iterable<T>): T => [...of][who % [...of].length] as T;
          if (what < 3 && !model.isCancelled && model.end === null) {
            model.isCancelled = true;
            all(schedule.take({ kind: 'cancel' }));
          } else if (what < 8 && model.end === null && !model.isCancelled) {
            // The engine is killed: only what was written down is left, and what ran goes on.
            model.judging.clear();
            model.resting.clear();
            for (const at of model.running) model.memory[at] = stages[at]!.claim.memoryBytes;
            schedule = open();
            all(schedule.begin());
          } else if (what < 35 && model.resting.size > 0) {
            const at = one(model.resting);
            model.resting.delete(at);
            all(schedule.take({ kind: 'rested', stage: at }));
          } else if (what < 65 && model.judging.size > 0) {
            const at = one(model.judging);
            model.judging.delete(at);
            const outcome = what % 10 < 6 ? 'run' : what % 10 < 9 ? 'done' : 'failed';
            all(schedule.take({ kind: 'judged', stage: at, outcome }));
          } else if (model.running.size > model.exited.size && what % 2 === 0) {
            const at = one(atWork(model));
            model.exited.add(at);
            all(schedule.take({ kind: 'exited', stage: at }));
          } else if (model.running.size > 0) {
            const at = one(model.running);
            model.running.delete(at);
            // One whose program has ended well may yet have left its outputs unwritten.
            const outcome = model.exited.delete(at)
              ? (['finished', 'finished', 'failed'] as const)[what % 3]!
              : (['finished', 'finished', 'finished', 'failed', 'out-of-memory', 'killed', 'lost'] as const)[
                  what % 7
                ]!;
            // What did not end well may be tried again; then it waits.
            const actions = schedule.take({ kind: 'ended', stage: at, outcome, peakBytes: who });
            if (actions.some((action) => action.kind === 'rest' && action.stage === at))
              model.states[at] = 'waiting';
            all(actions);
          }
        }
        for (const { what, who } of choices) step(what, who);
        // Everything that is under way ends: then so does the whole.
        for (let round = 0; model.end === null && round < 2000; round++) step([20, 50, 70][round % 3]!, 0);

        expect(model.end).not.toBeNull();
        expect(model.states.filter((state) => state === 'waiting' || state === 'running')).toEqual([]);
        const hasTrouble = model.states.some((state) => state !== 'done');
        if (model.end === 'finished') expect(hasTrouble).toBe(false);
        else expect(hasTrouble || model.isCancelled).toBe(true);
        for (const [at, { upstream }] of stages.entries()) {
          const state = model.states[at];
          if (state !== 'skipped' || model.isCancelled || !keepGoing) continue;
          expect(upstream.some((above) => model.states[above] !== 'done')).toBe(true);
        }
      },
    ),
    { numRuns: Number(process.env.BENCHTOP_CASES ?? 600) },
  );
}, 300_000);

const atWork = ({ running, exited }: Model): number[] => [...running].filter((at) => !exited.has(at));

/** Does what the schedule says to the model, and checks that it may be done. */
function obey(action: ScheduleAction, stages: readonly ScheduledStage[], model: Model): void {
  expect(model.end).toBeNull();
  switch (action.kind) {
    case 'judge':
      expect(model.states[action.stage]).toBe('waiting');
      expect(stages[action.stage]!.upstream.every((above) => model.states[above] === 'done')).toBe(true);
      model.judging.add(action.stage);
      return;
    case 'run': {
      const at = action.stage;
      expect(model.isCancelled).toBe(false);
      expect(model.states[at]).toBe('waiting');
      expect(stages[at]!.upstream.every((above) => model.states[above] === 'done')).toBe(true);
      const { retry } = stages[at]!;
      model.tries[at]!++;
      expect(model.tries[at]).toBeLessThanOrEqual(2 + retry.times);
      model.states[at] = 'running';
      model.memory[at] = action.memoryBytes;
      model.running.add(at);
      const working = atWork(model);
      const claims = working.map((each) => stages[each]!.claim);
      const sum = (of: (each: Claim) => number, most: number) =>
        claims.reduce((total, each) => total + Math.min(of(each), most), 0);
      expect(sum(({ slots }) => slots, room.slots)).toBeLessThanOrEqual(room.slots);
      expect(sum(({ gpus }) => gpus, room.gpus)).toBeLessThanOrEqual(room.gpus);
      const bytes = working.reduce(
        (total, each) => total + Math.min(model.memory[each]!, room.memoryBytes),
        0,
      );
      expect(bytes).toBeLessThanOrEqual(room.memoryBytes);
      const names = claims.flatMap(({ mutexes }) => mutexes);
      expect(new Set(names).size).toBe(names.length);
      return;
    }
    case 'rest':
      expect(model.running.has(action.stage)).toBe(false);
      model.resting.add(action.stage);
      return;
    case 'settle':
      expect(['waiting', 'running']).toContain(model.states[action.stage]);
      model.states[action.stage] = action.state;
      model.resting.delete(action.stage);
      return;
    case 'skip':
      expect(model.states[action.stage]).toBe('waiting');
      model.states[action.stage] = 'skipped';
      return;
    case 'stop':
      expect(model.running.has(action.stage)).toBe(true);
      return;
    case 'end':
      expect(model.running.size + model.judging.size).toBe(0);
      model.end = action.status;
  }
}

test('ten thousand stages cost little', () => {
  const count = 10_000;
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  const stages = Array.from({ length: count }, (_, at) =>
    stage({
      upstream: at < 10 ? [] : [...new Set([random(at), random(at)])],
      claim: claim({ memoryBytes: random(8), mutexes: random(3) === 0 ? ['m'] : [] }),
    }),
  );
  const schedule = createSchedule(stages, room, { keepGoing: false });
  const actions = schedule.begin();
  let runs = 0;
  for (let action = actions.shift(); action !== undefined; action = actions.shift()) {
    if (action.kind === 'judge')
      actions.push(...schedule.take({ kind: 'judged', stage: action.stage, outcome: 'run' }));
    else if (action.kind === 'run') {
      runs++;
      actions.push(
        ...schedule.take({ kind: 'ended', stage: action.stage, outcome: 'finished', peakBytes: null }),
      );
    }
  }
  expect(runs).toBe(count);
});
