import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fillDisk, mountSmallDisk, noSmallDisk } from '../fixture-small-disk.ts';
import { openHouse } from './fixture-house.ts';
import { allProcesses, readProc } from './process-identity.ts';
import { processesOf, runMark } from './run-mark.ts';

let root: string;
let home: string;
let project: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'benchtop-chaos-'));
  home = join(root, 'home');
  project = join(root, 'project');
  mkdirSync(project);
});
afterEach(async () => {
  // With nothing to do and no engine a supervisor leaves.
  await until(() => !allProcesses().some(({ pid }) => readProc(`/proc/${pid}/cmdline`)?.includes(root)));
  rmSync(root, { recursive: true, force: true });
});

const call = { signal: new AbortController().signal };
const sh = (script: string, ...rest: string[]) => ({
  projectId: 'p',
  command: ['sh', '-c', script, ...rest],
});
const recordAt = (runId: string, name: string) => join(home, 'runs', runId, `${name}.json`);

async function until(condition: () => boolean, withinMs = 20_000): Promise<void> {
  for (const end = Date.now() + withinMs; !condition();) {
    if (Date.now() > end) throw new Error(`Still not so: ${condition.toString()}`);
    await sleep(10);
  }
}

/** True once a record is there: its file is made before, with blanks. */
const isWritten = (path: string) => existsSync(path) && readFileSync(path, 'utf8').trim() !== '';

/** Pids of the shells that supervise a run: the one that waits for it, or the one that is about to become its command. */
function shellsOf(runId: string, which: 'outer' | 'inner'): number[] {
  const spec = recordAt(runId, 'spec');
  if (!existsSync(spec)) return [];
  const { supervisor } = JSON.parse(readFileSync(spec, 'utf8')) as { supervisor: string };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return words.includes(supervisor) && words.includes('--become') === (which === 'inner');
      } catch {
        return false; // gone meanwhile
      }
    })
    .map(Number);
}

function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false; // was faster
  }
}

test('supervisor, child or what is about to become it, killed at any moment: the record says what is so', async () => {
  const house = await openHouse(home, project, { slots: 24 });
  try {
    const script = 'echo > began.$1; echo loss=1; sleep 0.2; echo > done.$1; exit 3';
    const rounds = Array.from({ length: 24 }, async (_, round) => {
      const { runId } = await house.runner.start(sh(script, 'sh', String(round)));
      // From before the first process until after the end.
      await sleep([0, 2, 5, 9, 14, 20, 60, 260][Math.floor(round / 3)]);
      const victim = (['outer', 'inner', 'child'] as const)[round % 3]!;
      const start = recordAt(runId, 'start');
      const pids =
        victim === 'child'
          ? isWritten(start)
            ? [(JSON.parse(readFileSync(start, 'utf8')) as { pid: number }).pid]
            : []
          : shellsOf(runId, victim);
      const wasKilled = pids.map(kill).includes(true);
      const end = await house.runner.wait(runId);
      return { round, runId, victim, wasKilled, end };
    });
    const seen = await Promise.all(rounds);
    // What goes on although its supervisor is dead has ended by now.
    await sleep(400);
    for (const { round, runId, victim, wasKilled, end } of seen) {
      const began = existsSync(join(project, `began.${round}`));
      const done = existsSync(join(project, `done.${round}`));
      const story = JSON.stringify({ round, victim, wasKilled, end, began, done });
      if (!wasKilled) expect(end, story).toMatchObject({ status: 'failed', exitCode: 3 });
      if (end.exitCode === 3) expect(done, story).toBe(true);
      if (end.status === 'killed') expect(wasKilled && victim !== 'outer' && !done, story).toBe(true);
      if (end.status === 'lost') expect(wasKilled && victim === 'outer', story).toBe(true);
      if (end.ending.includes('before it began')) expect(began, story).toBe(false);
      if (end.ending.includes('before the command began')) expect(began, story).toBe(false);
      const run = house.tracking.run(runId);
      expect(run, story).toMatchObject(end);
      expect(run.endedAt! - (run.startedAt ?? run.createdAt), story).toBeGreaterThanOrEqual(-20);
      if (began && isWritten(recordAt(runId, 'start')))
        expect(run.metrics['loss']?.count ?? 0, story).toBe(
          readFileSync(join(home, 'runs', runId, 'out.log'), 'utf8').includes('loss=1') ? 1 : 0,
        );
      expect(processesOf(null, runMark(runId)), story).toEqual([]);
    }
  } finally {
    await house.close();
  }
});

test('an engine killed while runs wait: the next one begins them as they were asked for, in the order they stood in', async () => {
  const script = 'echo "$SECRET" >> order; [ -e first ] || { echo > first; sleep 2; }';
  const host = spawn(
    process.execPath,
    [fileURLToPath(new URL('./fixture-host.ts', import.meta.url)), home, project, '3', 'sh', '-c', script],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const runIds: string[] = [];
  for await (const line of createInterface({ input: host.stdout })) if (runIds.push(line) === 3) break;
  // The first has a place, and is to have taken it.
  await until(() => isWritten(recordAt(runIds[0]!, 'start')));
  const gone = new Promise((resolve) => host.once('exit', resolve));
  host.kill('SIGKILL');
  await gone;
  expect(existsSync(recordAt(runIds[1]!, 'asked'))).toBe(true);
  let house = await openHouse(home, project, { slots: 1 });
  try {
    await house.runner.recover();
    await house.runner.handlers.setQueueHeld({ isHeld: true }, call);
    const [, second, third] = runIds as [string, string, string];
    await house.runner.handlers.moveJob({ runId: third, before: second }, call);
    await house.close();

    house = await openHouse(home, project, { slots: 1 });
    await house.runner.recover();
    await house.runner.wait(runIds[0]!);
    const state = await house.runner.handlers.queue({}, call);
    expect(state).toMatchObject({ isHeld: true, jobs: [{ runId: third }, { runId: second }] });
    await house.runner.handlers.setQueueHeld({ isHeld: false }, call);
    const ends = [await house.runner.wait(third), await house.runner.wait(second)];
    expect(ends.map((end) => end.status)).toEqual(['finished', 'finished']);
    const [startedThird, startedSecond] = [third, second].map(
      (runId) => house.tracking.run(runId).startedAt!,
    );
    expect(startedThird).toBeLessThanOrEqual(startedSecond!);
    expect(readFileSync(join(project, 'order'), 'utf8')).toBe('tomato\n'.repeat(3));
    // What could be a secret is on disk only as long as it is needed.
    for (const runId of runIds) expect(existsSync(recordAt(runId, 'asked'))).toBe(false);
  } finally {
    await house.close();
  }
});

test('an engine killed right after it has acknowledged a run, before and after its start: the run is done once, whoever begins it', async () => {
  const rounds = [0, 1, 4];
  const runIds: string[] = [];
  for (const [round, waitMs] of rounds.entries()) {
    const ownHome = join(root, `home-${round}`);
    const host = spawn(
      process.execPath,
      [
        fileURLToPath(new URL('./fixture-host.ts', import.meta.url)),
        ownHome,
        project,
        '1',
        'sh',
        '-c',
        'echo loss=0.5; echo x >> times.$0; exit 3',
        String(round),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const gone = new Promise((resolve) => host.once('exit', resolve));
    for await (const line of createInterface({ input: host.stdout })) {
      runIds.push(line);
      if (waitMs > 0) await sleep(waitMs);
      host.kill('SIGKILL');
      break;
    }
    await gone;
  }
  await Promise.all(
    rounds.map(async (waitMs, round) => {
      const house = await openHouse(join(root, `home-${round}`), project);
      try {
        await house.runner.recover();
        const runId = runIds[round]!;
        const end = await house.runner.wait(runId);
        expect(end, `killed after ${waitMs} ms`).toMatchObject({ status: 'failed', exitCode: 3 });
        expect(readFileSync(join(project, `times.${round}`), 'utf8')).toBe('x\n');
        expect(house.tracking.run(runId).metrics['loss']).toMatchObject({ count: 1 });
        expect(existsSync(join(root, `home-${round}`, 'runs', runId, 'asked.json'))).toBe(false);
      } finally {
        await house.close();
      }
    }),
  );
});

test('an engine killed in the middle of cancelling: the next one brings it to its end, and says who wanted it', async () => {
  const stubborn = 'trap "" TERM; echo up; while :; do sleep 0.1; done';
  const first = await openHouse(home, project);
  const { runId } = await first.runner.start(sh(stubborn));
  await until(() => isWritten(recordAt(runId, 'start')));
  await first.close();
  // Closed in place of killed; the reason was written, the last signal not yet sent.
  writeFileSync(recordAt(runId, 'cancel'), JSON.stringify({ reason: 'user', at: Date.now() }));
  const second = await openHouse(home, project);
  try {
    await second.runner.recover();
    expect(await second.runner.wait(runId)).toMatchObject({
      status: 'killed',
      ending: 'cancelled (killed by SIGKILL)',
    });
    expect(processesOf(null, runMark(runId))).toEqual([]);
  } finally {
    await second.close();
  }
}, 30_000);

test('what an engine left between writing a run down and starting it is not called running', async () => {
  const first = await openHouse(home, project);
  const { runId } = await first.runner.start(sh('exit 0'));
  await first.runner.wait(runId);
  await first.tracking.updateRun(runId, { status: 'running' });
  await first.close();
  for (const name of ['start', 'end']) rmSync(recordAt(runId, name));
  const second = await openHouse(home, project);
  try {
    await second.runner.recover();
    expect(await second.runner.wait(runId)).toMatchObject({
      status: 'lost',
      ending: 'lost: its supervisor ended before it began',
    });
  } finally {
    await second.close();
  }
});

test('a run that was noted to begin and whose folder a power failure took is not begun a second time', async () => {
  const first = await openHouse(home, project);
  const { runId } = await first.runner.start(sh('echo x >> times'));
  await first.runner.wait(runId);
  await first.tracking.updateRun(runId, { status: 'queued' });
  await first.close();
  const asked = {
    command: ['sh', '-c', 'echo x >> times'],
    workingFolder: project,
    env: {},
    timeLimitMs: null,
    gpus: 0,
    priority: 'normal',
  };
  rmSync(join(home, 'runs', runId), { recursive: true });
  mkdirSync(join(home, 'runs', runId));
  writeFileSync(recordAt(runId, 'asked'), JSON.stringify(asked));
  const second = await openHouse(home, project);
  try {
    await second.runner.recover();
    expect(await second.runner.wait(runId)).toMatchObject({
      status: 'lost',
      ending: 'lost: the machine stopped while it was started, and what was noted of it is gone',
    });
    expect(readFileSync(join(project, 'times'), 'utf8')).toBe('x\n');
    expect(existsSync(recordAt(runId, 'asked'))).toBe(false);
  } finally {
    await second.close();
  }
});

test('a clock that is set forward ends no run before its time; one that is set back makes none shorter', async () => {
  let aheadMs = 0;
  let house = await openHouse(home, project, { now: () => Date.now() + aheadMs });
  const { runId } = await house.runner.start({ ...sh('echo up; sleep 1.2'), timeLimitMs: 60_000 });
  await until(() => isWritten(recordAt(runId, 'start')));
  aheadMs = 3_600_000;
  expect(await house.runner.wait(runId)).toMatchObject({ status: 'finished', exitCode: 0 });
  await house.tracking.updateRun(runId, { status: 'running' });
  await house.close();

  const end = JSON.parse(readFileSync(recordAt(runId, 'end'), 'utf8')) as object;
  const { mtimeMs } = statSync(recordAt(runId, 'end'));
  writeFileSync(recordAt(runId, 'end'), JSON.stringify({ ...end, at: mtimeMs - 7_200_000 }));
  house = await openHouse(home, project);
  try {
    await house.runner.recover();
    await house.runner.wait(runId);
    const run = house.tracking.run(runId);
    expect(run.endedAt! - run.startedAt!).toBeGreaterThan(1000);
    expect(run.endedAt! - run.startedAt!).toBeLessThan(30_000);
    expect(run.tags['benchtop.clock']).toBe('set back by 7200 s while it ran');
  } finally {
    await house.close();
  }
});

const disk = mountSmallDisk();
if (disk === null) console.log(noSmallDisk);
test.skipIf(disk === null)(
  'a disk that fills up while a run goes on: it is not called lost, and every line that was written counts',
  async () => {
    home = join(disk!.path, 'home');
    const house = await openHouse(home, project);
    try {
      const script = 'i=0; while [ ! -e stop ]; do i=$((i+1)); echo "step=$i loss=0.5"; sleep 0.02; done';
      const { runId } = await house.runner.start(sh(script));
      await until(() => house.tracking.run(runId).metrics['loss'] !== undefined);
      fillDisk(join(disk!.path, 'filler'));
      await sleep(1500);
      expect(house.tracking.run(runId).status).toBe('running');
      rmSync(join(disk!.path, 'filler'));
      await sleep(200);
      writeFileSync(join(project, 'stop'), '');
      expect(await house.runner.wait(runId)).toMatchObject({ status: 'finished', exitCode: 0 });
      const lines =
        readFileSync(join(home, 'runs', runId, 'out.log'), 'utf8').match(/^step=\d+ loss=0\.5$/gm) ?? [];
      expect(house.tracking.run(runId).metrics['loss']?.count).toBe(lines.length);
    } finally {
      await house.close();
      disk!.unmount();
    }
  },
  30_000,
);
