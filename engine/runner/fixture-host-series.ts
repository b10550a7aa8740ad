import { flushCompileCache } from 'node:module';
import { openHouse } from './fixture-house.ts';

/**
 * For tests: an engine's stand-in in a process of its own, to be killed. It starts the command again whenever it has ended, and prints
 * the id of each run that has. `node fixture-host-series.ts HOME PROJECT COMMAND…`
 */
flushCompileCache();
const [homePath = '', projectPath = '', ...command] = process.argv.slice(2);
const { runner } = await openHouse(homePath, projectPath);
// A supervisor's end alone keeps no process alive.
setInterval(() => undefined, 1000);
for (;;) {
  const { runId } = await runner.start({ projectId: 'p', command });
  await runner.ended(runId);
  process.stdout.write(`${runId}\n`);
}
