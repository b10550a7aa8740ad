import type { Measure } from './measure.ts';
import { missingEngine } from './programs.ts';
import { withRunner } from './with-runner.ts';

const rounds = 5;

export const interpreters: Measure = {
  name: 'interpreters',
  question: 'How long does it take to find and ask the interpreters of this machine?',
  goal: 'below 2 s the first time, below 200 ms then',
  async run(context) {
    const missing = missingEngine(context.root);
    if (missing !== null) return { figures: [], notes: [missing] };
    const first: number[] = [];
    const again: number[] = [];
    let found = 0;
    for (let round = 0; round < rounds; round++) {
      await withRunner(context, async ({ api, projectId }) => {
        for (const times of [first, again]) {
          const startedAt = performance.now();
          found = (await api.environments.list({ projectId })).length;
          times.push(performance.now() - startedAt);
        }
      });
    }
    return {
      figures: [
        { name: 'list of a fresh engine', unit: 'ms', below: 2000, floorIs: null, samples: { ours: first } },
        { name: 'list again', unit: 'ms', below: 200, floorIs: null, samples: { ours: again } },
      ],
      notes: [`${found} interpreters on this machine; each is asked for its version by being run.`],
    };
  },
};
