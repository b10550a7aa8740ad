import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHouse } from './fixture-house.ts';
import { sleptBetween, steadyClocks } from './resources/slept-between.ts';

let root: string;
let house: Awaited<ReturnType<typeof openHouse>>;
/** What the machine is said to have slept. */
let asleepMs = 0;

const open = () =>
  openHouse(join(root, 'home'), join(root, 'project'), {
    clocks() {
      const { bootMs, awakeMs } = steadyClocks();
      return { bootMs: bootMs + asleepMs, awakeMs };
    },
  });

beforeEach(async () => {
  asleepMs = 0;
  root = mkdtempSync(join(tmpdir(), 'benchtop-gaps-'));
  mkdirSync(join(root, 'project'));
  house = await open();
});
afterEach(async () => {
  const { jobs } = await house.runner.handlers.queue({}, { signal: new AbortController().signal });
  for (const { runId } of jobs) await house.runner.cancel(runId);
  await house.close();
  rmSync(root, { recursive: true, force: true });
});

async function started(): Promise<string> {
  const { runId } = await house.runner.start({ projectId: 'p', command: ['sh', '-c', 'echo on; sleep 60'] });
  while (house.tracking.run(runId).status !== 'running') await sleep(20);
  return runId;
}

async function gapsOf(runId: string) {
  for (let look = 0; look < 200 && house.tracking.run(runId).gaps.length === 0; look++) await sleep(50);
  return house.tracking.run(runId).gaps;
}

test('sleep is what one clock went on while the other stood still', () => {
  const at = (bootMs: number, awakeMs: number) => ({ bootMs, awakeMs });
  expect(sleptBetween(at(1000, 500), at(62_000, 1500))).toBe(60_000);
  expect(sleptBetween(at(1000, 500), at(2010, 1500))).toBe(0);
  const now = steadyClocks();
  expect(sleptBetween(now, steadyClocks())).toBe(0);
});

test('a sleep of the machine is noted with the run and is no part of its duration', async () => {
  const runId = await started();
  asleepMs = 3_600_000;
  const gaps = await gapsOf(runId);
  expect(gaps).toMatchObject([{ why: 'asleep' }]);
  const sleptMs = gaps[0]!.to! - gaps[0]!.from;
  expect(Math.abs(sleptMs - 3_600_000)).toBeLessThan(2000);
});

test('a sleep while no engine ran is found by the next one', async () => {
  const runId = await started();
  // The engine has to have read once: it counts from there.
  await sleep(500);
  await house.close();
  asleepMs = 600_000;
  house = await open();
  expect(house.tracking.run(runId).gaps).toEqual([]);
  await house.runner.recover();
  const gaps = await gapsOf(runId);
  expect(gaps).toMatchObject([{ why: 'asleep' }]);
  expect(Math.abs(gaps[0]!.to! - gaps[0]!.from - 600_000)).toBeLessThan(2000);
});
