import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { contract, createConnection, openWebSocketPort } from '../contract/index.ts';
import type { Measure } from './measure.ts';
import { canReadUsage, cpuMs, memoryMegabytes, processTree } from './process-usage.ts';
import { missingEngine, startBareServer, startEngine } from './programs.ts';
import type { StartedProgram } from './start-program.ts';

const rounds = 3;
const settleMs = 3000;
const watchMs = 10_000;
const floorIs = 'a bare Node http server, idle';

export const idleEngine: Measure = {
  name: 'idle-engine',
  question: 'What does an engine with 10,000 runs use while nobody asks anything?',
  goal: 'below 120 MB and below 1 % of a core',
  async run({ root, homeWithRuns }) {
    const missing = canReadUsage ? missingEngine(root) : 'not measured: needs the /proc of Linux';
    if (missing !== null) return { figures: [], notes: [missing] };
    const home = await homeWithRuns();
    const memoryAtRest = { ours: [] as number[], floor: [] as number[] };
    const memoryAfterUse = { ours: [] as number[], floor: [] as number[] };
    const residentAfterUse = { ours: [] as number[], floor: [] as number[] };
    const cpu = { ours: [] as number[], floor: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      const engine = await startEngine(root, home);
      const bare = await startBareServer();
      await sleep(settleMs);
      memoryAtRest.ours.push(memoryMegabytes(processTree(engine.pid), 'Pss'));
      memoryAtRest.floor.push(memoryMegabytes(processTree(bare.pid), 'Pss'));
      await readRuns(engine);
      await sleep(settleMs);
      const [ours, floor] = await Promise.all([cpuPercent(engine), cpuPercent(bare)]);
      cpu.ours.push(ours);
      cpu.floor.push(floor);
      memoryAfterUse.ours.push(memoryMegabytes(processTree(engine.pid), 'Pss'));
      memoryAfterUse.floor.push(memoryMegabytes(processTree(bare.pid), 'Pss'));
      residentAfterUse.ours.push(memoryMegabytes(processTree(engine.pid), 'Rss'));
      residentAfterUse.floor.push(memoryMegabytes(processTree(bare.pid), 'Rss'));
      await Promise.all([engine.stop(), bare.stop()]);
    }
    return {
      figures: [
        { name: 'memory (PSS), just started', unit: 'MB', below: 120, floorIs, samples: memoryAtRest },
        {
          name: 'memory (PSS), after a page of runs was read',
          unit: 'MB',
          below: 120,
          floorIs,
          samples: memoryAfterUse,
        },
        {
          name: 'resident memory (RSS), after a page of runs was read',
          unit: 'MB',
          below: null,
          floorIs,
          samples: residentAfterUse,
        },
        { name: 'CPU over 10 s, of one core', unit: '%', below: 1, floorIs, samples: cpu },
      ],
      notes: [
        'PSS shares the pages of the Node binary out among all Nodes that run; RSS counts them in full, so the truth of a lone engine lies between the two.',
        'CPU time is counted in steps of 10 ms, so 0.1 % is the smallest share that shows.',
      ],
    };
  },
};

/** What a window asks first: it leaves a reader thread and its caches behind. */
async function readRuns(engine: StartedProgram): Promise<void> {
  const token = new URLSearchParams(engine.url.hash.slice(1)).get('token') ?? '';
  const connection = createConnection(contract, () =>
    openWebSocketPort(new WebSocket(`ws://${engine.url.host}/rpc`, ['benchtop', `token.${token}`])),
  );
  const page = await connection.api.tracking.searchRuns({ limit: 200 });
  await connection.api.tracking.series({ runIds: page.runs.slice(0, 50).map((run) => run.id), points: 60 });
  connection.close();
}

async function cpuPercent({ pid }: StartedProgram): Promise<number> {
  const before = cpuMs(processTree(pid));
  const startedAt = performance.now();
  await sleep(watchMs);
  return (100 * (cpuMs(processTree(pid)) - before)) / (performance.now() - startedAt);
}
