import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { alternate } from './alternate.ts';
import type { Measure } from './measure.ts';
import { missingEngine } from './programs.ts';
import { withRunner } from './with-runner.ts';

const rounds = 9;
/** About two seconds of work on one core, with a measure every few milliseconds; prints how long it took at its end. */
const program = `
const startedAt = process.hrtime.bigint();
let x = 1;
for (let epoch = 0; epoch < 200; epoch++) {
  for (let at = 0; at < 500_000; at++) x = (x * 1103515245 + 12345) % 2147483648;
  console.log('epoch=' + epoch + ' loss=' + x / 2147483648);
}
console.log('took ' + Number(process.hrtime.bigint() - startedAt) / 1e6);
`;

export const runSpeed: Measure = {
  name: 'run-speed',
  question: 'How much slower is a program when it is recorded than when it is run by hand?',
  goal: 'within 1 %',
  async run(context) {
    const missing = missingEngine(context.root);
    if (missing !== null) return { figures: [], notes: [missing] };
    return withRunner(context, async ({ api, projectPath, runToEnd }) => {
      const path = join(projectPath, 'work.mjs');
      await writeFile(path, program);
      const took = await alternate(rounds, {
        async floor() {
          const child = spawn(process.execPath, [path], {
            cwd: projectPath,
            stdio: ['ignore', 'pipe', 'ignore'],
          });
          let output = '';
          child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
          await once(child, 'close');
          return tookOf(output);
        },
        async ours() {
          const { runId } = await runToEnd([process.execPath, path]);
          const { bytes } = await api.runner.log({ runId, offset: -200 });
          return tookOf(new TextDecoder().decode(bytes));
        },
      });
      const slower = took.ours.map((ms, round) => (ms / (took.floor[round] ?? ms) - 1) * 100);
      return {
        figures: [
          { name: 'the work', unit: 'ms', below: null, floorIs: 'the same program by hand', samples: took },
          { name: 'slower than by hand', unit: '%', below: 1, floorIs: null, samples: { ours: slower } },
        ],
        notes: [
          'The program measures itself, from its first line to its last; the engine samples and reads it meanwhile.',
        ],
      };
    });
  },
};

const tookOf = (output: string) => Number(/took ([\d.]+)/.exec(output)?.[1]);
