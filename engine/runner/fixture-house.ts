import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLog } from '../log.ts';
import { openHome } from '../fixture-home.ts';
import { createObjects } from '../objects/index.ts';
import { createTracking } from '../tracking/index.ts';
import { createRunner } from './create-runner.ts';
import type { SteadyClocks } from './resources/slept-between.ts';

/** For tests: a runner with a real store below `homePath`, whose one project is `projectPath`. */
export async function openHouse(
  homePath: string,
  projectPath: string,
  {
    slots = 4,
    gpus = 0,
    interpreter = null,
    now = Date.now,
    freeBytes = () => 64e9,
    clocks,
  }: {
    slots?: number;
    gpus?: number;
    interpreter?: string | null;
    now?: () => number;
    freeBytes?: () => number;
    clocks?: () => SteadyClocks;
  } = {},
) {
  const { home, store, close } = await openHome(homePath);
  const tracking = createTracking(store, Date.now);
  const objects = createObjects(home, store, Date.now);
  const log = createLog(join(home.path, 'engine.log'));
  const runner = createRunner({
    home: home.path,
    recorder: tracking,
    objects,
    helperPath: fileURLToPath(new URL('../../resources/python', import.meta.url)),
    project: () => ({ path: projectPath }),
    openMachine: () => ({
      measure: async () => ({
        cpuShare: 0.5,
        cores: 4,
        memoryUsedBytes: 1e9,
        network: { receivedBytesPerS: 100, sentBytesPerS: 20 },
        gpus: [],
      }),
      release: () => undefined,
    }),
    interpreterOf: () => interpreter,
    writtenBy: () => null,
    gpuCount: async () => gpus,
    memory: () => ({ freeBytes: freeBytes() }),
    slots,
    now,
    ...(clocks === undefined ? {} : { clocks }),
    log,
  });
  return {
    runner,
    tracking,
    async close() {
      await runner.close();
      await close();
    },
  };
}
