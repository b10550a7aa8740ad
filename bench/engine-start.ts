import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { alternate } from './alternate.ts';
import type { Measure } from './measure.ts';
import { missingEngine, startBareServer, startEngine } from './programs.ts';
import { recordedRunCount } from './recorded-home.ts';
import type { StartedProgram } from './start-program.ts';

const rounds = 9;
const floorIs = 'a bare Node http server under the same Node';

export const engineStart: Measure = {
  name: 'engine-start',
  question: 'How long from spawning the bundled `benchtop serve` until GET /health says OK?',
  goal: 'below 300 ms',
  async run({ root, scratch, homeWithRuns }) {
    const missing = missingEngine(root);
    if (missing !== null) return { figures: [], notes: [missing] };
    const full = await homeWithRuns();
    const fresh = await alternate(rounds, {
      floor: () => healthyAfter(startBareServer()),
      ours: async () => healthyAfter(startEngine(root, await mkdtemp(join(scratch, 'fresh-home-')))),
    });
    const used = await alternate(rounds, {
      floor: () => healthyAfter(startBareServer()),
      ours: () => healthyAfter(startEngine(root, full)),
    });
    return {
      figures: [
        { name: 'start on a fresh home', unit: 'ms', below: 300, floorIs, samples: fresh },
        {
          name: `start on a home of ${recordedRunCount.toLocaleString('en')} runs`,
          unit: 'ms',
          below: 300,
          floorIs,
          samples: used,
        },
      ],
      notes: ['Compiled code is cached, as at any start but the very first.'],
    };
  },
};

async function healthyAfter(starting: Promise<StartedProgram>): Promise<number> {
  const program = await starting;
  await program.stop();
  return program.healthyAfterMs;
}
