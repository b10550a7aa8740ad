import { execFile } from 'node:child_process';
import { truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { alternate } from './alternate.ts';
import type { Measure } from './measure.ts';
import { writeNoiseFiles } from './noise-files.ts';
import { missingEngine } from './programs.ts';
import { withRunner } from './with-runner.ts';

const rounds = 15;
const roundsWithData = 5;
const fileCount = 20_000;
const largeBytes = 2 ** 30;
/** Says when it began, in nanoseconds UTC. */
const clock = ['/bin/date', '+%s%N'] as const;
const call = promisify(execFile);

export const runStart: Measure = {
  name: 'run-start',
  question: 'How much later than by a bare spawn does a program begin that is started as a run?',
  goal: 'at most 30 ms later; at most 1 s later whatever the data',
  async run(context) {
    const missing = missingEngine(context.root);
    if (missing !== null) return { figures: [], notes: [missing] };
    const { began, withData } = await withRunner(context, async ({ api, runToEnd, projectPath }) => {
      async function floor() {
        const askedAt = exactNow();
        return atOf((await call(clock[0], [clock[1]])).stdout) - askedAt;
      }
      async function started(inputs: string[]) {
        const askedAt = exactNow();
        const { runId } = await runToEnd([...clock], inputs);
        const { bytes } = await api.runner.log({ runId });
        return { runId, tookMs: atOf(new TextDecoder().decode(bytes)) - askedAt };
      }
      const began = await alternate(rounds, { floor, ours: async () => (await started([])).tookMs });
      const folder = join(projectPath, 'data');
      const paths = writeNoiseFiles(folder, fileCount, 4096, 11);
      const large = join(folder, 'large.bin');
      writeFileSync(large, '');
      truncateSync(large, largeBytes);
      paths.push(large);
      const withData = await alternate(roundsWithData, {
        floor,
        async ours() {
          // With other times all of it has to be read again.
          for (const path of paths) utimesSync(path, new Date(), new Date());
          const { runId, tookMs } = await started([folder]);
          while ((await api.data.ofRun({ runId })).some(({ state }) => state === 'reading')) await sleep(100);
          return tookMs;
        },
      });
      return { began, withData };
    });
    const later = (sides: typeof began) => sides.ours.map((ms, round) => ms - (sides.floor[round] ?? 0));
    return {
      figures: [
        {
          name: 'from asking until the program runs',
          unit: 'ms',
          below: null,
          floorIs: 'a bare spawn of the same program',
          samples: began,
        },
        {
          name: 'later than a bare spawn',
          unit: 'ms',
          below: 30,
          floorIs: null,
          samples: { ours: later(began) },
        },
        {
          name: 'later than a bare spawn, with 20,000 files and 1 GiB of data to be read',
          unit: 'ms',
          below: 1000,
          floorIs: null,
          samples: { ours: later(withData) },
        },
      ],
      notes: [
        'Asked over the WebSocket, as the command line asks; the record of the run is on disk before the program begins. The program tells the time itself, so its own start is in both.',
      ],
    };
  },
};

const exactNow = () => performance.timeOrigin + performance.now();
const atOf = (nanoseconds: string) => Number(nanoseconds.trim()) / 1e6;
