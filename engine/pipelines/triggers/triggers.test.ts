import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { BenchtopError, type TriggerCondition, type TriggerSettings } from '../../../contract/index.ts';
import { openHome } from '../../fixture-home.ts';
import { createTriggers, type Triggers } from './index.ts';

const hour = 3_600_000;
const call = { signal: new AbortController().signal };
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

interface Begun {
  id: string;
  projectId: string;
  cause: string;
  startedAt: number;
  endedAt: number | null;
  status: 'running' | 'finished' | 'failed' | 'killed';
}

/** Triggers over a real store, with a clock, a battery and executions that the test holds. */
async function fixture(begin = Date.UTC(2026, 0, 5, 12)) {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-triggers-'));
  const { store, close } = await openHome(join(folder, 'home'));
  const world = {
    now: begin,
    isOnMains: true,
    data: new Map<string, string>(),
    incidents: new Map<string, { id: number; about: string }>(),
    executions: [] as Begun[],
    refusal: null as BenchtopError | null,
    /** Ends the engine right after an execution was begun, before that is written down. */
    isCutOff: false,
    unexpected: [] as unknown[],
  };
  const make = (): Triggers =>
    createTriggers({
      store,
      now: () => world.now,
      isOnMains: () => world.isOnMains,
      projectPath: (projectId) => join(folder, projectId),
      projectName: (projectId) => projectId,
      latestData: (path) => world.data.get(path) ?? null,
      latestIncident: (monitorId) => world.incidents.get(monitorId) ?? null,
      latestExecutions: (projectId) =>
        world.executions.filter((each) => each.projectId === projectId).toReversed(),
      async start(projectId, { cause }) {
        if (world.refusal !== null) throw world.refusal;
        const id = `e${world.executions.length}`;
        world.executions.push({
          id,
          projectId,
          cause,
          startedAt: world.now,
          endedAt: null,
          status: 'running',
        });
        if (world.isCutOff) throw new Error('the engine was killed here');
        return { id };
      },
      cancel(executionId) {
        end(executionId, 'killed');
      },
      outputsOf: async () => ['out/model.pkl'],
      onUnexpected: (error) => world.unexpected.push(error),
    });
  const end = (id: string, status: Begun['status'] = 'finished') => {
    const found = world.executions.find((each) => each.id === id);
    if (found !== undefined) Object.assign(found, { status, endedAt: world.now });
  };
  mkdirSync(join(folder, 'p/in'), { recursive: true });
  let triggers = make();
  open.push(async () => {
    await triggers.close();
    await close();
    rmSync(folder, { recursive: true });
  });
  return {
    world,
    folder,
    end,
    handlers: () => triggers.handlers,
    add: (condition: TriggerCondition, more: Partial<TriggerSettings> = {}, projectId = 'p') =>
      triggers.handlers.addTrigger({ projectId, ...settings(condition), ...more }, call),
    /** Moves the clock to a moment and looks once, as after a sleep. */
    async lookAt(at: number) {
      world.now = at;
      await triggers.look();
    },
    /** Goes on minute by minute. */
    async liveUntil(at: number, stepMs = 60_000) {
      while (world.now < at) {
        world.now += stepMs;
        await triggers.look();
        for (const each of world.executions) if (each.status === 'running') end(each.id);
      }
    },
    async restart() {
      await triggers.close();
      triggers = make();
    },
    events: () => triggers.handlers.triggerEvents({ limit: 500 }, call),
    only: async () => (await triggers.handlers.triggers({}, call))[0],
  };
}

const settings = (condition: TriggerCondition): TriggerSettings => ({
  name: 'nightly',
  condition,
  stages: [],
  isForced: false,
  isEnabled: true,
  timeZone: 'Europe/Berlin',
  quietHours: null,
  isOnlyOnMains: false,
  coolDownMs: 0,
  whenBusy: 'queue',
});
const nightly = { kind: 'time', cron: '0 3 * * *' } as const;

test('a schedule starts at its time in its zone, and says so', async () => {
  const { world, add, liveUntil, events } = await fixture();
  const added = await add(nightly);
  expect(added.nextAt).toBe(Date.UTC(2026, 0, 6, 2)); // 3 o'clock in Berlin
  await liveUntil(world.now + 48 * hour);
  expect(world.executions.map(({ startedAt }) => startedAt)).toEqual([
    Date.UTC(2026, 0, 6, 2),
    Date.UTC(2026, 0, 7, 2),
  ]);
  expect(world.executions[0]?.cause).toBe('nightly: It was 6 Jan 2026, 03:00 (0 3 * * *)');
  expect((await events()).map(({ outcome, executionId }) => [outcome, executionId])).toEqual([
    ['started', 'e1'],
    ['started', 'e0'],
  ]);
});

test('what a night slept through is made up for once, also by the next engine', async () => {
  const { world, add, lookAt, restart, events } = await fixture();
  await add({ kind: 'time', cron: '0 * * * *' });
  await restart();
  await lookAt(world.now + 10 * hour + 30 * 60_000);
  await lookAt(world.now + 5000);
  expect(world.executions).toHaveLength(1);
  expect(world.executions[0]?.cause).toMatch(
    /^nightly: Made up for 10 times \(5 Jan 2026, 14:00 to 5 Jan 2026, 23:00\)/,
  );
  expect((await events()).map(({ outcome }) => outcome)).toEqual(['started', 'missed']);
});

test('on the days on which the clock is changed it starts once a day, no day left out', async () => {
  for (const begin of [Date.UTC(2026, 2, 27, 12), Date.UTC(2026, 9, 23, 12)]) {
    for (const cron of ['30 2 * * *', '0 3 * * *', '0 0 * * *']) {
      const { world, add, liveUntil } = await fixture(begin);
      await add({ kind: 'time', cron });
      await liveUntil(begin + 4 * 24 * hour, 15 * 60_000);
      const days = world.executions.map(({ startedAt }) =>
        new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', day: 'numeric' }).format(startedAt),
      );
      expect({ cron, days: new Set(days).size, starts: days.length }).toEqual({ cron, days: 4, starts: 4 });
    }
  }
}, 30_000);

test('however looks, sleeps and restarts fall, no time is made up for twice and none forgotten', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          minutes: fc.integer({ min: 1, max: 60 * 30 }),
          restart: fc.boolean(),
          cut: fc.boolean(),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      async (steps) => {
        const { world, add, lookAt, restart, end } = await fixture();
        await add({ kind: 'time', cron: '0 */6 * * *' }, { timeZone: 'UTC' });
        const passed = (from: number, to: number) =>
          Math.floor(to / (6 * hour)) - Math.floor(from / (6 * hour));
        let expected = 0;
        for (const { minutes, restart: isRestarted, cut } of steps) {
          const before = world.now;
          world.isCutOff = cut;
          await lookAt(world.now + minutes * 60_000);
          if (passed(before, world.now) > 0) expected += 1;
          world.isCutOff = false;
          if (isRestarted || cut) await restart();
          await lookAt(world.now + 1);
          expect(world.executions.length).toBe(expected);
          for (const { id, status } of world.executions) if (status === 'running') end(id);
        }
        for (const close of open.splice(0)) await close();
      },
    ),
    { numRuns: 12 },
  );
}, 60_000);

test('a cause longer than an execution can carry is cut before it is started, and found again after a crash', async () => {
  const { world, folder, add, lookAt, restart } = await fixture();
  const path = Array.from({ length: 40 }, () => 'x'.repeat(50)).join('/');
  await add({ kind: 'data', path });
  world.data.set(join(folder, 'p', path), 'b'.repeat(64));
  for (const isCutOff of [true, false]) {
    world.isCutOff = isCutOff;
    await lookAt(world.now + 5000);
    await restart();
  }
  expect(world.executions.map(({ cause }) => cause.length)).toEqual([1000]);
});

test('files: starts when they changed and then stayed as they are, once, and also for what changed meanwhile', async () => {
  const { world, folder, add, lookAt, restart, end } = await fixture();
  // A walk that takes long on a busy machine is repeated after 200 times as long.
  const minutes = 60_000;
  writeFileSync(join(folder, 'p/in/a.csv'), '1');
  await add({ kind: 'files', path: 'in', quietMs: 10 * minutes });
  await lookAt(world.now + 5 * minutes);
  writeFileSync(join(folder, 'p/in/b.csv'), '1');
  await lookAt(world.now + 5 * minutes); // seen
  writeFileSync(join(folder, 'p/in/b.csv'), '12'); // still being written
  await lookAt(world.now + 8 * minutes);
  await lookAt(world.now + 8 * minutes);
  expect(world.executions).toEqual([]);
  await lookAt(world.now + 5 * minutes);
  expect(world.executions.map(({ cause }) => cause)).toEqual(['nightly: in changed: b.csv changed']);
  end('e0');
  await lookAt(world.now + hour);
  await restart();
  await lookAt(world.now + hour);
  await lookAt(world.now + hour);
  expect(world.executions).toHaveLength(1);
  rmSync(join(folder, 'p/in/a.csv'));
  await restart();
  await lookAt(world.now + hour);
  await lookAt(world.now + hour);
  expect(world.executions[1]?.cause).toMatch(/^nightly: in changed/);
});

test('data and pipelines: a new version starts, and so does another pipeline that ended', async () => {
  const { world, folder, add, lookAt, end } = await fixture();
  world.data.set(join(folder, 'p/in'), 'a'.repeat(64));
  await add({ kind: 'data', path: 'in' });
  await add({ kind: 'pipeline', projectId: 'other', status: 'finished' }, { name: 'after other' }, 'q');
  await lookAt(world.now + 5000);
  expect(world.executions).toEqual([]);
  world.data.set(join(folder, 'p/in'), 'b'.repeat(64));
  for (const status of ['failed', 'finished'] as const)
    world.executions.push({
      id: status,
      projectId: 'other',
      cause: '',
      startedAt: world.now,
      endedAt: world.now + 1,
      status,
    });
  await lookAt(world.now + 5000);
  await lookAt(world.now + 5000);
  expect(world.executions.slice(2).map(({ projectId, cause }) => [projectId, cause])).toEqual([
    ['p', 'nightly: New data: in is now bbbbbbbbbbbb'],
    ['q', 'after other: The pipeline of other finished'],
  ]);
  end('e2');
});

test('it waits through quiet hours, on the battery and while it cools down, and then starts once', async () => {
  const { world, add, lookAt, liveUntil, only, events, end } = await fixture(Date.UTC(2026, 0, 5, 20, 30));
  await add(
    { kind: 'time', cron: '*/30 * * * *' },
    { quietHours: { from: '22:00', to: '07:00' }, isOnlyOnMains: true, coolDownMs: 2 * hour },
  );
  await liveUntil(Date.UTC(2026, 0, 6, 5, 50)); // 6:50 in Berlin
  expect(world.executions).toEqual([]);
  expect((await only())?.waiting).toMatchObject({
    why: 'It is quiet from 22:00 to 07:00.',
    until: Date.UTC(2026, 0, 6, 6),
  });
  world.isOnMains = false;
  await lookAt(Date.UTC(2026, 0, 6, 6, 1));
  expect((await only())?.waiting?.why).toBe('The machine runs on its battery.');
  world.isOnMains = true;
  await lookAt(Date.UTC(2026, 0, 6, 6, 2));
  expect(world.executions).toHaveLength(1);
  end('e0');
  await liveUntil(Date.UTC(2026, 0, 6, 8, 1));
  expect(world.executions).toHaveLength(1);
  await liveUntil(Date.UTC(2026, 0, 6, 8, 3));
  expect(world.executions).toHaveLength(2);
  // One start waited for through the night is told once.
  expect((await events()).filter(({ outcome }) => outcome === 'held')).toHaveLength(2);
});

test.each([
  ['skip', ['running'], ['skipped']],
  ['queue', ['finished', 'running'], ['started', 'held']],
  ['replace', ['killed', 'running'], ['started', 'held']],
] as const)('while the pipeline runs: %s', async (whenBusy, statuses, outcomes) => {
  const { world, add, lookAt, end, events } = await fixture();
  await add({ kind: 'time', cron: '* * * * *' }, { whenBusy });
  world.executions.push({
    id: 'long',
    projectId: 'p',
    cause: 'asked',
    startedAt: 0,
    endedAt: null,
    status: 'running',
  });
  await lookAt(world.now + 60_000);
  if (whenBusy === 'queue') end('long');
  await lookAt(world.now + 5000);
  expect(world.executions.map(({ status }) => status)).toEqual(statuses);
  expect((await events()).map(({ outcome }) => outcome)).toEqual(outcomes);
});

test('one that is off does nothing, and makes up for nothing when it is on again; by hand it always starts', async () => {
  const { world, add, lookAt, handlers } = await fixture();
  const { id } = await add(nightly);
  await handlers().changeTrigger({ triggerId: id, change: { isEnabled: false } }, call);
  await lookAt(world.now + 48 * hour);
  const on = await handlers().changeTrigger(
    { triggerId: id, change: { isEnabled: true, name: 'again' } },
    call,
  );
  expect(on).toMatchObject({ name: 'again', isEnabled: true, condition: nightly });
  await lookAt(world.now + hour);
  expect(world.executions).toEqual([]);
  expect(await handlers().fireTrigger({ triggerId: id }, call)).toMatchObject({
    outcome: 'started',
    executionId: 'e0',
  });
  await handlers().removeTrigger({ triggerId: id }, call);
  expect(await handlers().triggers({}, call)).toEqual([]);
});

test('a removed one comes back with its history, and makes up for nothing', async () => {
  const { world, add, lookAt, liveUntil, handlers, events } = await fixture();
  const { id } = await add(nightly);
  await liveUntil(world.now + 24 * hour, 600_000);
  const before = (await handlers().triggers({}, call))[0];
  const did = (await events()).map(({ at, outcome }) => [at, outcome]);
  expect(did).toHaveLength(1);
  await handlers().removeTrigger({ triggerId: id }, call);
  await lookAt(world.now + 48 * hour);
  expect(await events()).toEqual([]);
  expect(await handlers().restoreTrigger({ triggerId: id }, call)).toMatchObject({
    id,
    condition: nightly,
    lastStart: before?.lastStart,
  });
  await lookAt(world.now + 5000);
  expect((await events()).map(({ at, outcome }) => [at, outcome])).toEqual(did);
  expect(world.executions).toHaveLength(1);
  await expect(async () => handlers().restoreTrigger({ triggerId: id }, call)).rejects.toThrow(
    'no removed trigger',
  );
});

test('a pipeline that cannot run is told, and the trigger goes on', async () => {
  const { world, add, liveUntil, events } = await fixture();
  await add({ kind: 'time', cron: '0 * * * *' });
  world.refusal = new BenchtopError({ code: 'invalid-input', what: 'benchtop.yaml has a mistake.' });
  await liveUntil(world.now + hour);
  world.refusal = null;
  await liveUntil(world.now + hour);
  expect((await events()).map(({ outcome, note }) => [outcome, note])).toEqual([
    ['started', null],
    ['failed', 'benchtop.yaml has a mistake.'],
  ]);
});

test.each<[string, TriggerCondition, RegExp]>([
  ['no schedule', { kind: 'time', cron: 'soon' }, /no schedule/],
  ['a schedule with seconds', { kind: 'time', cron: '* * * * * *' }, /no schedule/],
  ['what the pipeline writes', { kind: 'files', path: 'out', quietMs: 1000 }, /again and again/],
  ['data that the pipeline writes', { kind: 'data', path: 'out/model.pkl' }, /again and again/],
  ['itself', { kind: 'pipeline', projectId: 'p', status: 'any' }, /circle/],
])('%s is refused', async (_what, condition, message) => {
  const { add } = await fixture();
  await expect(add(condition)).rejects.toThrow(message);
});

test('pipelines that would start each other are refused', async () => {
  const { add } = await fixture();
  await add({ kind: 'pipeline', projectId: 'a', status: 'any' }, {}, 'b');
  await add({ kind: 'pipeline', projectId: 'b', status: 'any' }, {}, 'c');
  await expect(add({ kind: 'pipeline', projectId: 'c', status: 'any' }, {}, 'a')).rejects.toThrow(/circle/);
});
