import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withFilledOutbox } from './filled-outbox.ts';
import type { Measure } from './measure.ts';
import { canReadUsage, cpuMs, processTree } from './process-usage.ts';
import { missingEngine, startEngine } from './programs.ts';

const settleMs = 3000;
const watchMs = 60_000;

export const outboxIdle: Measure = {
  name: 'outbox-idle',
  question: 'What does an engine use while 100,000 operations wait for a target that cannot be reached?',
  goal: 'nothing beyond an idle engine',
  isLong: true,
  async run({ root, scratch }) {
    const missing = canReadUsage ? missingEngine(root) : 'not measured: needs the /proc of Linux';
    if (missing !== null) return { figures: [], notes: [missing] };
    const waiting = await mkdtemp(join(scratch, 'outbox-waiting-'));
    await withFilledOutbox(
      waiting,
      () => 'waiting',
      { isPaused: false },
      async () => undefined,
    );
    // Side by side, so that whatever else the machine does meets both.
    const engines = [
      await startEngine(root, waiting),
      await startEngine(root, await mkdtemp(join(scratch, 'outbox-empty-'))),
    ];
    await sleep(settleMs);
    const before = engines.map(({ pid }) => cpuMs(processTree(pid)));
    const from = performance.now();
    await sleep(watchMs);
    const passedMs = performance.now() - from;
    const [ours = 0, floor = 0] = engines.map(
      ({ pid }, at) => (100 * (cpuMs(processTree(pid)) - (before[at] ?? 0))) / passedMs,
    );
    for (const engine of engines) await engine.stop();
    return {
      figures: [
        {
          name: 'CPU over 60 s, of one core',
          unit: '%',
          below: 1,
          floorIs: 'the same engine at the same time on an empty home',
          samples: { ours: [ours], floor: [floor] },
        },
      ],
      notes: [
        'The engine has just started, so its first attempts, a second apart and then twice as far each time, are in the 60 s.',
        'CPU time is counted in steps of 10 ms.',
      ],
    };
  },
};
