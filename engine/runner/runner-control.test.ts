import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runningMs } from '../../contract/index.ts';
import { call, openRunner, sh, until } from './fixture-runner.ts';
import { isRunning, processEntry } from './process-identity.ts';

let at: Awaited<ReturnType<typeof openRunner>>;

beforeEach(async () => {
  at = await openRunner();
});
afterEach(() => at.close());

describe('ending a run', () => {
  test('a child that ignores SIGTERM, and one that fled with setsid and a double fork, both end', async () => {
    writeFileSync(
      join(at.project, 'stubborn.sh'),
      `trap '' TERM HUP\n(setsid sh -c '(sleep 300 </dev/null >/dev/null 2>&1 &)' &)\necho ready > ready\nwhile :; do sleep 1; done\n`,
    );
    const { runId } = await at.house.runner.start({ projectId: 'p', command: ['sh', 'stubborn.sh'] });
    await until(() => existsSync(join(at.project, 'ready')) && at.pidsOf(runId).length >= 3);
    const members = at.pidsOf(runId).flatMap((pid) => processEntry(pid) ?? []);
    expect(
      members.some(
        (entry) => entry.parentPid === 1 || !members.some((other) => other.pid === entry.parentPid),
      ),
    ).toBe(true);
    await at.house.runner.cancel(runId);
    expect(members.filter(isRunning)).toEqual([]);
    expect(at.pidsOf(runId)).toEqual([]);
    expect(at.house.tracking.run(runId)).toMatchObject({
      status: 'killed',
      ending: 'cancelled (killed by SIGKILL)',
    });
  });

  test('a program that cleans up at SIGTERM is given the time, and is still recorded as cancelled', async () => {
    const { runId } = await at.house.runner.start(
      sh("trap 'echo saved; exit 0' TERM; echo up; while :; do sleep 0.05; done"),
    );
    await until(() => existsSync(at.logPath(runId)) && at.logOf(runId).length > 0);
    await at.house.runner.cancel(runId);
    // The shell itself says "Terminated" of the `sleep` that ended with it.
    expect(at.logOf(runId).toString()).toMatch(/^up\n(Terminated\n)?saved\n$/);
    expect(at.house.tracking.run(runId)).toMatchObject({
      status: 'killed',
      ending: 'cancelled (exit code 0)',
      exitCode: 0,
    });
  });

  test('a time limit ends it', async () => {
    const { run } = await at.runToEnd({ ...sh('sleep 60'), timeLimitMs: 300 });
    expect(run).toMatchObject({ status: 'killed', ending: 'time limit reached (killed by SIGTERM)' });
  });

  test('a run that waits is cancelled without having started; the next one moves up', async () => {
    const first = await at.house.runner.start(sh('sleep 60'));
    const second = await at.house.runner.start(sh('sleep 60'));
    const third = await at.house.runner.start(sh('touch never'));
    const fourth = await at.house.runner.start(sh('touch later'));
    expect(at.house.tracking.run(third.runId).status).toBe('queued');
    await at.house.runner.cancel(third.runId);
    expect(at.house.tracking.run(third.runId)).toMatchObject({
      status: 'killed',
      ending: 'cancelled before it started',
      startedAt: null,
    });
    await at.house.runner.cancel(first.runId);
    expect((await at.house.runner.wait(fourth.runId)).status).toBe('finished');
    await at.house.runner.cancel(second.runId);
    expect(existsSync(join(at.project, 'never'))).toBe(false);
    expect(existsSync(join(at.project, 'later'))).toBe(true);
  });

  test('a run cancelled in the moment of its start does not stay', async () => {
    const { runId } = await at.house.runner.start(sh('sleep 60'));
    await at.house.runner.cancel(runId);
    expect(at.house.tracking.run(runId).status).toBe('killed');
    expect(at.pidsOf(runId)).toEqual([]);
  });
});

describe('the queue', () => {
  const sleeper = () => at.house.runner.start(sh('echo $CUDA_VISIBLE_DEVICES; sleep 60'));
  const stateOf = async (runId: string) => (await at.jobs()).find((job) => job.runId === runId);

  test('a third run waits; moved to the front it goes before the others, held it does not go at all', async () => {
    const [first] = [await sleeper(), await sleeper()];
    const waiting = [await sleeper(), await sleeper()];
    expect((await at.jobs()).map((job) => job.status)).toEqual(['running', 'running', 'queued', 'queued']);
    await at.house.runner.handlers.moveJob({ runId: waiting[1]!.runId, before: waiting[0]!.runId }, call);
    expect((await at.jobs()).map((job) => job.runId).slice(2)).toEqual([
      waiting[1]!.runId,
      waiting[0]!.runId,
    ]);
    await at.house.runner.handlers.setQueueHeld({ isHeld: true }, call);
    await at.house.runner.cancel(first.runId);
    expect((await at.jobs()).map((job) => job.status)).toEqual(['running', 'queued', 'queued']);
    await at.house.runner.handlers.setQueueHeld({ isHeld: false }, call);
    expect(await stateOf(waiting[1]!.runId)).toMatchObject({ status: 'running' });
    await expect(async () =>
      at.house.runner.handlers.moveJob({ runId: waiting[1]!.runId, before: null }, call),
    ).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a paused run and all it started stand still until it goes on', async () => {
    const script = 'sh -c "while :; do echo tick; sleep 0.05; done" & wait';
    const { runId } = await at.house.runner.start(sh(script));
    await until(() => existsSync(at.logPath(runId)) && at.logOf(runId).length > 0);
    await until(() => at.house.tracking.run(runId).status === 'running');
    await at.house.runner.handlers.setPaused({ runId, isPaused: true }, call);
    const length = at.logOf(runId).length;
    await sleep(400);
    expect(at.logOf(runId).length).toBe(length);
    expect(await stateOf(runId)).toMatchObject({ isPaused: true, etaAt: null });
    expect(at.house.tracking.run(runId).gaps).toMatchObject([{ to: null, why: 'paused' }]);
    await at.house.runner.handlers.setPaused({ runId, isPaused: false }, call);
    await until(() => at.logOf(runId).length > length);
    // Cancelled while it stands still it ends all the same.
    await at.house.runner.handlers.setPaused({ runId, isPaused: true }, call);
    await at.house.runner.cancel(runId);
    const run = at.house.tracking.run(runId);
    expect(run).toMatchObject({ status: 'killed' });
    expect(at.pidsOf(runId)).toEqual([]);
    const [first, second] = run.gaps;
    expect(first!.to! - first!.from).toBeGreaterThanOrEqual(390);
    expect(second).toMatchObject({ to: null });
    expect(runningMs(run, 0)).toBeLessThanOrEqual(run.endedAt! - run.startedAt! - 390);
  });
});

describe('GPUs', () => {
  test('each run sees one that no other has; who asks for none sees none; what the user says stays', async () => {
    await at.reopen({ gpus: 2 });
    const show = 'echo "[$CUDA_VISIBLE_DEVICES]$CUDA_DEVICE_ORDER"; sleep 60';
    const first = await at.house.runner.start(sh(show));
    const second = await at.house.runner.start(sh(show));
    const third = await at.house.runner.start(sh(show));
    const none = await at.house.runner.start({ ...sh(show), gpus: 0 });
    const own = await at.house.runner.start({ ...sh(show), env: { CUDA_VISIBLE_DEVICES: '7' } });
    const printed = (runId: string) => at.logOf(runId).toString().trim();
    for (const { runId } of [first, second, none, own])
      await until(() => existsSync(at.logPath(runId)) && printed(runId) !== '');
    expect([first, second, none, own].map(({ runId }) => printed(runId))).toEqual([
      '[0]PCI_BUS_ID',
      '[1]PCI_BUS_ID',
      '[]PCI_BUS_ID',
      '[7]',
    ]);
    expect((await at.jobs()).find((job) => job.runId === third.runId)).toMatchObject({ status: 'queued' });
  });
});
