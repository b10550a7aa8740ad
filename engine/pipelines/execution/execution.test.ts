import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EngineApi, Execution } from '../../../contract/index.ts';
import { openEngine } from '../../fixture-engine.ts';

let root: string;
let api: EngineApi;
let close: () => Promise<void>;
let folder: string;
let projectId: string;
let projects = 0;

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-execution-')));
  ({ api, close } = await openEngine(join(root, 'home')));
});
afterAll(async () => {
  await close();
  rmSync(root, { recursive: true, force: true });
});
beforeEach(async () => {
  folder = join(root, `project-${projects++}`);
  mkdirSync(folder);
  projectId = (await api.projects.open({ path: folder })).id;
});

const define = (stages: string) => writeFileSync(join(folder, 'dvc.yaml'), `stages:\n${stages}`);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const words = (name: string) => read(name).trim().split(/\s+/);
type Asked = Omit<Parameters<EngineApi['pipelines']['run']>[0], 'projectId'>;

async function ended({ id }: Pick<Execution, 'id'>): Promise<Execution> {
  for await (const { execution } of api.pipelines.follow({ executionId: id }))
    if (execution.status !== 'running') break;
  return api.pipelines.execution({ executionId: id });
}
const run = async (asked: Asked = {}) => ended(await api.pipelines.run({ projectId, ...asked }));
const states = ({ stages }: Execution) => Object.fromEntries(stages.map(({ name, state }) => [name, state]));
const notes = ({ stages }: Execution) => Object.fromEntries(stages.map(({ name, note }) => [name, note]));

test('each stage is a run, after those whose outputs it reads; an execution is told as it goes on', async () => {
  define(`
  fit: {cmd: cp clean.csv model, deps: [clean.csv], outs: [model]}
  clean: {cmd: cp raw.csv clean.csv, deps: [raw.csv], outs: [clean.csv]}
`);
  writeFileSync(join(folder, 'raw.csv'), 'a\n1\n');
  const begun = await api.pipelines.run({ projectId, cause: 'a test' });
  const seen: string[] = [];
  for await (const { stages } of api.pipelines.follow({ executionId: begun.id }))
    for (const { name, state } of stages) seen.push(`${name} ${state}`);
  expect(seen.slice(0, 2)).toEqual([expect.stringMatching(/^clean (waiting|running)$/), 'fit waiting']);
  expect(seen.indexOf('clean finished')).toBeLessThan(seen.indexOf('fit finished'));
  const execution = await api.pipelines.execution({ executionId: begun.id });
  expect(execution).toMatchObject({ status: 'finished', cause: 'a test' });
  expect(states(execution)).toEqual({ clean: 'finished', fit: 'finished' });
  const fit = execution.stages[1]!;
  expect(fit).toMatchObject({ tries: 1, note: null });
  expect(await api.tracking.run({ runId: fit.runId! })).toMatchObject({
    name: 'fit',
    status: 'finished',
    tags: { 'benchtop.stage': 'fit', 'benchtop.execution': begun.id },
  });
  expect(await api.pipelines.executions({ projectId })).toMatchObject([
    { id: begun.id, counts: { finished: 2 } },
  ]);
  // What a stage has declared is its own, and not also of the one that began in the same moment.
  const files = await api.tracking.artifacts({ runId: fit.runId! });
  expect(files.map(({ path }) => path)).toEqual(['model']);
  expect(await api.data.ofRun({ runId: fit.runId! })).toContainEqual(
    expect.objectContaining({ path: join(folder, 'model'), role: 'output', state: 'recorded' }),
  );
});

test('independent stages run at once within the slots; those that share a mutex do not', async () => {
  // Each waits for the other: one after the other they would never end.
  const meet = (own: string, other: string) =>
    `touch ${own}; for i in $(seq 600); do [ -e ${other} ] && exit 0; sleep 0.05; done; exit 1`;
  define(`  one: {cmd: "${meet('one', 'two')}"}\n  two: {cmd: "${meet('two', 'one')}"}\n`);
  expect(await run({ jobs: 2 })).toMatchObject({ status: 'finished' });
  const note = 'echo in >> order; sleep 0.1; echo out >> order';
  define(`  one: {cmd: "${note}"}\n  two: {cmd: "${note}"}\n`);
  await run({ jobs: 1 });
  expect(words('order')).toEqual(['in', 'out', 'in', 'out']);
});

test('after a failure what needs it is skipped with its name, and with keepGoing the rest goes on', async () => {
  define(`
  bad: {cmd: "echo no >&2; exit 3", outs: [a]}
  child: {cmd: "true", deps: [a], outs: [b]}
  grandchild: {cmd: "true", deps: [b]}
  late: {cmd: "echo late > c", outs: [c]}
  last: {cmd: "true", deps: [c]}
`);
  const stopped = await run({ jobs: 1, stages: ['grandchild', 'last'] });
  expect(stopped.status).toBe('failed');
  expect(notes(stopped)).toMatchObject({
    bad: 'exit code 3',
    child: 'bad, which it needs, failed',
    grandchild: 'bad failed',
  });
  const kept = await run({ keepGoing: true });
  expect(kept.status).toBe('failed');
  expect(states(kept)).toEqual({
    bad: 'failed',
    child: 'skipped',
    grandchild: 'skipped',
    late: 'finished',
    last: 'finished',
  });
});

test('a stage whose program is killed is killed as its run is, and counts as a failure', async () => {
  define(`
  a: {cmd: 'kill -KILL $$', outs: [a]}
  b: {cmd: cp a b, deps: [a], outs: [b]}
`);
  const execution = await run();
  expect(execution).toMatchObject({ status: 'failed' });
  expect(states(execution)).toEqual({ a: 'killed', b: 'skipped' });
  expect(notes(execution)).toEqual({ a: 'killed by SIGKILL', b: 'a, which it needs, was killed' });
  const { runId } = execution.stages[0]!;
  expect(await api.tracking.run({ runId: runId! })).toMatchObject({
    status: 'killed',
    ending: 'killed by SIGKILL',
  });
});

test('more jobs than the runner has slots run at once', async () => {
  // Each waits for all of them.
  const wait = 'touch is-$0; for i in 1 2 3 4 5; do while [ ! -e is-$i ]; do sleep 0.02; done; done';
  define([1, 2, 3, 4, 5].map((at) => `  s${at}: {cmd: "sh -c '${wait}' ${at}"}\n`).join(''));
  expect(states(await run({ jobs: 5 }))).toEqual({
    s1: 'finished',
    s2: 'finished',
    s3: 'finished',
    s4: 'finished',
    s5: 'finished',
  });
});

test('a stage is tried again as often as it says, and a limit of time is kept', async () => {
  writeFileSync(
    join(folder, 'benchtop.yaml'),
    `stages:
  shaky: {cmd: "echo x >> tries; [ $(wc -l < tries) -ge 3 ]", retry: {times: 2, delay: 0.1 s}}
  slow: {cmd: sleep 60, timeout: 1}
`,
  );
  const execution = await run({ keepGoing: true });
  expect(execution.stages).toMatchObject([
    { name: 'shaky', state: 'finished', tries: 3 },
    { name: 'slow', state: 'killed', note: expect.stringContaining('time limit') as string },
  ]);
});

test('an output that is not there after all is a failure; one that a run made before is brought back', async () => {
  define('  make: {cmd: "true", outs: [never]}');
  const failed = await run();
  expect(failed.stages[0]).toMatchObject({
    state: 'failed',
    note: expect.stringContaining('never') as string,
  });
  define('  make: {cmd: echo x >> ran; cp in out, deps: [in], outs: [out]}');
  writeFileSync(join(folder, 'in'), 'one');
  expect(states(await run())).toEqual({ make: 'finished' });
  expect(states(await run())).toEqual({ make: 'up-to-date' });
  writeFileSync(join(folder, 'in'), 'two');
  expect(states(await run())).toEqual({ make: 'finished' });
  writeFileSync(join(folder, 'in'), 'one');
  const plan = await api.pipelines.plan({ projectId });
  expect(plan.stages).toMatchObject([{ name: 'make', action: 'restore' }]);
  const restored = await run();
  expect(restored.stages[0]).toMatchObject({ state: 'restored', tries: 0 });
  expect(read('out')).toBe('one');
  expect(states(await run({ isForced: true }))).toEqual({ make: 'finished' });
  expect(words('ran')).toEqual(['x', 'x', 'x']);
});

test('a dependency that nobody makes is told, and no command begins', async () => {
  define('  make: {cmd: touch began, deps: [gone.csv], outs: [began]}');
  const { stages } = await run();
  expect(stages[0]).toMatchObject({
    state: 'failed',
    tries: 0,
    note: 'gone.csv, which "make" reads, is not there, and no stage makes it.',
  });
});

test('commands of one stage have a shell each, with the caller’s variables; the first that fails ends it', async () => {
  define(`
  list:
    cmd:
      - cd / && export LEFT=here
      - echo "$PWD $LEFT$GREETING it's" > out
      - "false"
      - touch never
`);
  const failed = await run({ env: { GREETING: 'hello', SHELL: '/bin/bash' } });
  expect(failed.stages[0]).toMatchObject({ state: 'failed', note: 'exit code 1' });
  expect(read('out')).toBe(`${folder} hello it's\n`);
  expect(() => read('never')).toThrow('ENOENT');
  define('  one: {cmd: "[[ $BASH_VERSION ]] && echo $0 > shell"}');
  expect(await run({ env: { SHELL: '/bin/bash' } })).toMatchObject({ status: 'finished' });
  expect(read('shell')).toBe('/bin/bash\n');
});

test('up to here, from here, or only this', async () => {
  define(`
  a: {cmd: echo a >> ran; echo > a, outs: [a]}
  b: {cmd: echo b >> ran; echo > b, deps: [a], outs: [b]}
  c: {cmd: echo c >> ran, deps: [b]}
  other: {cmd: echo other >> ran}
`);
  const planned = async (asked: Pick<Asked, 'stages' | 'reach'>) =>
    (await api.pipelines.plan({ projectId, ...asked })).stages.map(({ name }) => name);
  expect(await planned({ stages: ['b'] })).toEqual(['a', 'b']);
  expect(await planned({ stages: ['b'], reach: 'from-here' })).toEqual(['b', 'c']);
  expect(await planned({ stages: ['b'], reach: 'only-this' })).toEqual(['b']);
  await expect(planned({ stages: ['gone'] })).rejects.toMatchObject({ code: 'not-found' });
  await run({ stages: ['b'] });
  expect(words('ran')).toEqual(['a', 'b']);
});

test('one execution of a project at a time; cancelled, what runs ends and the rest is skipped; gone on with, only the rest runs', async () => {
  writeFileSync(join(folder, 'ran'), '');
  define(`
  first: {cmd: "echo first >> ran; touch f", outs: [f]}
  second: {cmd: "echo second >> ran; touch s; [ -e go ] || sleep 60", deps: [f], outs: [s]}
  third: {cmd: echo third >> ran, deps: [s]}
`);
  const begun = await api.pipelines.run({ projectId });
  await expect(api.pipelines.run({ projectId })).rejects.toMatchObject({
    code: 'conflict',
    evidence: `execution ${begun.id}`,
  });
  await expect.poll(() => read('ran'), { timeout: 30_000 }).toBe('first\nsecond\n');
  await api.pipelines.cancel({ executionId: begun.id });
  const cancelled = await ended(begun);
  expect(cancelled.status).toBe('killed');
  expect(states(cancelled)).toEqual({ first: 'finished', second: 'killed', third: 'skipped' });
  expect(notes(cancelled)).toMatchObject({ third: 'cancelled' });
  writeFileSync(join(folder, 'go'), '');
  const whole = await ended(await api.pipelines.resume({ executionId: begun.id }));
  expect(whole).toMatchObject({ id: begun.id, status: 'finished' });
  expect(words('ran')).toEqual(['first', 'second', 'second', 'third']);
  await expect(api.pipelines.resume({ executionId: begun.id })).rejects.toMatchObject({ code: 'conflict' });
}, 60_000);
