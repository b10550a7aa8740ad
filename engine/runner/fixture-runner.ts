import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openHouse } from './fixture-house.ts';
import { allProcesses, readProc } from './process-identity.ts';
import { processesOf, runMark } from './run-mark.ts';

/** For tests: a runner with two slots in a folder of its own, and what one asks about its runs. */
export async function openRunner() {
  const root = mkdtempSync(join(tmpdir(), 'benchtop-runner-'));
  const project = join(root, 'project');
  mkdirSync(project);
  let house = await openHouse(join(root, 'home'), project, { slots: 2 });
  const jobs = async () => (await house.runner.handlers.queue({}, call)).jobs;
  return {
    root,
    project,
    /** The house as it is now: `reopen` makes another. */
    get house() {
      return house;
    },
    jobs,
    async reopen(options: Parameters<typeof openHouse>[2]) {
      await house.close();
      house = await openHouse(join(root, 'home'), project, options);
    },
    logPath: (runId: string) => join(root, 'home', 'runs', runId, 'out.log'),
    logOf: (runId: string) => readFileSync(join(root, 'home', 'runs', runId, 'out.log')),
    pidsOf: (runId: string) => processesOf(null, runMark(runId)).map((entry) => entry.pid),
    async runToEnd(request: Parameters<typeof house.runner.start>[0]) {
      const { runId } = await house.runner.start(request);
      const end = await house.runner.wait(runId);
      return { runId, end, run: house.tracking.run(runId) };
    },
    async close() {
      // A test that failed must not leave its processes behind.
      for (const { runId } of await jobs()) await house.runner.cancel(runId);
      await house.close();
      // With nothing to do and no engine a supervisor leaves.
      await until(() => !allProcesses().some(({ pid }) => readProc(`/proc/${pid}/cmdline`)?.includes(root)));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export const call: { readonly signal: AbortSignal } = { signal: new AbortController().signal };

export const sh = (script: string, ...rest: string[]) => ({
  projectId: 'p',
  command: ['sh', '-c', script, ...rest],
});

export async function until(condition: () => boolean, withinMs = 20_000): Promise<void> {
  for (const end = Date.now() + withinMs; !condition();) {
    if (Date.now() > end) throw new Error(`Still not so: ${condition.toString()}`);
    await sleep(20);
  }
}
