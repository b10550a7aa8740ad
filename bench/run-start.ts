import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { alternate } from './alternate.ts';
import type { Measure } from './measure.ts';
import { missingEngine } from './programs.ts';
import { withRunner } from './with-runner.ts';

const rounds = 15;
/** Says when it began, in nanoseconds UTC. */
const clock = ['/bin/date', '+%s%N'] as const;
const call = promisify(execFile);

export const runStart: Measure = {
  name: 'run-start',
  question: 'How much later than by a bare spawn does a program begin that is started as a run?',
  goal: 'at most 30 ms later',
  async run(context) {
    const missing = missingEngine(context.root);
    if (missing !== null) return { figures: [], notes: [missing] };
    const began = await withRunner(context, ({ api, runToEnd }) =>
      alternate(rounds, {
        async floor() {
          const askedAt = exactNow();
          return atOf((await call(clock[0], [clock[1]])).stdout) - askedAt;
        },
        async ours() {
          const askedAt = exactNow();
          const { runId } = await runToEnd([...clock]);
          const { bytes } = await api.runner.log({ runId });
          return atOf(new TextDecoder().decode(bytes)) - askedAt;
        },
      }),
    );
    const later = began.ours.map((ms, round) => ms - (began.floor[round] ?? 0));
    return {
      figures: [
        {
          name: 'from asking until the program runs',
          unit: 'ms',
          below: null,
          floorIs: 'a bare spawn of the same program',
          samples: began,
        },
        { name: 'later than a bare spawn', unit: 'ms', below: 30, floorIs: null, samples: { ours: later } },
      ],
      notes: [
        'Asked over the WebSocket, as the command line asks; the record of the run is on disk before the program begins. The program tells the time itself, so its own start is in both.',
      ],
    };
  },
};

const exactNow = () => performance.timeOrigin + performance.now();
const atOf = (nanoseconds: string) => Number(nanoseconds.trim()) / 1e6;
