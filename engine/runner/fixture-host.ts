import { flushCompileCache } from 'node:module';
import { openHouse } from './fixture-house.ts';

/**
 * For tests: an engine's stand-in in a process of its own, to be killed. It has one slot, starts the command so many times, and
 * prints the ids. `node fixture-host.ts HOME PROJECT RUNS COMMAND…`
 */
// Killed, it would leave its compiled code to none of those that come after it.
flushCompileCache();
const [homePath = '', projectPath = '', runs = '1', ...command] = process.argv.slice(2);
const house = await openHouse(homePath, projectPath, { slots: 1 });
for (let run = 0; run < Number(runs); run++) {
  const { runId } = await house.runner.start({ projectId: 'p', command, env: { SECRET: 'tomato' } });
  process.stdout.write(`${runId}\n`);
}
// The house's timers keep the process alive no longer than its run.
setInterval(() => undefined, 1000);
