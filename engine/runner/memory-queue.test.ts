import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHouse } from './fixture-house.ts';

const call = { signal: new AbortController().signal };
const large = { projectId: 'p', command: ['sh', './large.sh', '60'] };
let root: string;
let house: Awaited<ReturnType<typeof openHouse>>;
let freeBytes = 0;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'benchtop-memory-'));
  mkdirSync(join(root, 'project'));
  writeFileSync(join(root, 'project', 'large.sh'), 'exec sleep 60\n');
  house = await openHouse(join(root, 'home'), join(root, 'project'), { freeBytes: () => freeBytes });
});
afterEach(async () => {
  for (const { runId } of await jobs()) await house.runner.cancel(runId);
  await house.close();
  rmSync(root, { recursive: true, force: true });
});

const jobs = async () => (await house.runner.handlers.queue({}, call)).jobs;

/** A run of the script as it was recorded some time ago. */
async function earlierRun(memoryBytes: number, minutes: number): Promise<void> {
  const { tracking } = house;
  const { id } = await tracking.createRun({
    projectId: 'p',
    status: 'running',
    command: ['sh', './large.sh', '10'],
    workingFolder: null,
    source: 'runner',
    createdAt: 1000,
    startedAt: 1000,
  });
  const point = { key: 'system/memory_bytes', step: 1, timeMs: 2000, value: memoryBytes };
  await tracking.logPoints(id, [point], { origin: 'told' });
  await tracking.updateRun(id, { status: 'finished', endedAt: 1000 + minutes * 60_000 });
}

test('a run waits while what its script used before is not free, says so, and begins when it is', async () => {
  await earlierRun(8e9, 10);
  await earlierRun(11e9, 30);
  freeBytes = 6e9;
  const { warning } = await house.runner.handlers.needs({ projectId: 'p', command: large.command }, call);
  expect(warning).toBe('The last 2 runs of ./large.sh used up to 11 GB; 6 GB are free.');
  const other = await house.runner.start({ projectId: 'p', command: ['sleep', '60'] });
  const { runId } = await house.runner.start({ ...large, command: ['sleep', '61'] });
  const waiting = await house.runner.start(large);
  // Those of whom nothing is known pass.
  expect((await jobs()).map((job) => [job.runId, job.status])).toEqual([
    [other.runId, 'running'],
    [runId, 'running'],
    [waiting.runId, 'queued'],
  ]);
  expect((await jobs())[2]).toMatchObject({
    waitsFor: 'memory: The last 2 runs of ./large.sh used up to 11 GB; 6 GB are free.',
    needs: { runCount: 2, memoryBytes: 11e9, durationMs: 600_000 },
  });
  freeBytes = 12e9;
  for (let look = 0; look < 200 && (await jobs())[2]?.status === 'queued'; look++) await sleep(50);
  const begun = (await jobs())[2];
  expect(begun).toMatchObject({ runId: waiting.runId, waitsFor: null });
});

test('how long earlier runs took says when a silent one ends', async () => {
  await earlierRun(1e6, 10);
  freeBytes = 1e9;
  const unknown = await house.runner.start({ projectId: 'p', command: ['sleep', '60'] });
  const { runId } = await house.runner.start(large);
  for (const id of [unknown.runId, runId])
    while (house.tracking.run(id).status !== 'running') await sleep(20);
  const [one, other] = await jobs();
  expect(one).toMatchObject({ etaAt: null, isEtaLearnt: false });
  expect(other).toMatchObject({ runId, isEtaLearnt: true });
  const leftMs = (other?.etaAt ?? 0) - Date.now();
  expect(Math.abs(leftMs - 600_000)).toBeLessThan(20_000);
});

test('memory that a run asks for counts in place of what was learnt, under the id that it was given', async () => {
  await earlierRun(11e9, 10);
  freeBytes = 6e9;
  await house.runner.start({ projectId: 'p', command: ['sleep', '60'] });
  const runId = 'c0'.repeat(16);
  expect(await house.runner.start({ ...large, runId, memoryBytes: 1e9 })).toEqual({ runId });
  const greedy = await house.runner.start({ projectId: 'p', command: ['sleep', '61'], memoryBytes: 7e9 });
  expect((await jobs()).map((job) => [job.runId, job.status]).slice(1)).toEqual([
    [runId, 'running'],
    [greedy.runId, 'queued'],
  ]);
});
