import { openHouse } from './fixture-house.ts';

/** For tests: an engine's stand-in in a process of its own, to be killed. `node fixture-host.ts HOME PROJECT COMMAND…` */
const [homePath = '', projectPath = '', ...command] = process.argv.slice(2);
const house = await openHouse(homePath, projectPath);
const { runId } = await house.runner.start({ projectId: 'p', command });
process.stdout.write(`${runId}\n`);
// The house's timers keep the process alive no longer than its run.
setInterval(() => undefined, 1000);
