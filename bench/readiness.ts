import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { alternate } from './alternate.ts';
import type { Measure } from './measure.ts';
import { writeNoiseFiles } from './noise-files.ts';
import { missingEngine } from './programs.ts';
import { withRunner } from './with-runner.ts';
import { elapsed } from './with-objects.ts';

const rounds = 5;
const fileCount = 20_000;

/** What a person waits for before a run can be run once more, and what two of its like are compared in. */
export const readiness: Measure = {
  name: 'readiness',
  question:
    'How long do the list of what is there to reproduce a run and the comparison of two runs take, with 20,000 files of data?',
  goal: 'the list at most 3 s',
  async run(context) {
    const missing = missingEngine(context.root);
    if (missing !== null) return { figures: [], notes: [missing] };
    return withRunner(context, async ({ api, runToEnd, projectPath }) => {
      writeFileSync(join(projectPath, 'train.py'), 'print("loss=1")\n');
      execFileSync('git', ['init', '-q'], { cwd: projectPath });
      writeFileSync(join(projectPath, '.gitignore'), 'data/\n');
      const data = join(projectPath, 'data');
      writeNoiseFiles(data, fileCount, 4096, 3);
      const run = async () => {
        const { runId } = await runToEnd(['python3', 'train.py'], [data]);
        while ((await api.data.ofRun({ runId })).some(({ state }) => state === 'reading')) await sleep(100);
        return runId;
      };
      const first = await run();
      writeFileSync(join(data, '5', '555.bin'), 'another content');
      writeFileSync(join(projectPath, 'train.py'), 'print("loss=2")\n');
      const second = await run();
      const list = await alternate(rounds, {
        floor: () => elapsed(() => execFileSync('python3', ['-c', 'import importlib.metadata'])),
        ours: () => elapsed(() => api.reproduction.readiness({ runId: first })),
      });
      const compared = await alternate(rounds, {
        ours: () => elapsed(() => api.comparison.runs({ a: first, b: second })),
      });
      return {
        figures: [
          {
            name: 'what there is to reproduce a run',
            unit: 'ms',
            below: 3000,
            floorIs: 'a start of the interpreter, which is asked for its packages',
            samples: list,
          },
          { name: 'comparison of two runs', unit: 'ms', below: null, floorIs: null, samples: compared },
        ],
        notes: ['Asked over the WebSocket. One file of the data and one line of the code differ.'],
      };
    });
  },
};
