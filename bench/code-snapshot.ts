import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { choosePlace, programGit, takeSnapshots } from '../engine/source/index.ts';
import { alternate } from './alternate.ts';
import type { Measure } from './measure.ts';

const rounds = 9;
const fileCount = 10_000;
const changedCount = 500;
const call = promisify(execFile);

export const codeSnapshot: Measure = {
  name: 'code-snapshot',
  question: 'How long does the snapshot of a repository take that a run starts with?',
  goal: `${fileCount.toLocaleString('en')} tracked files with ${changedCount} changed: at most 1.5 × \`git add -A\` into a temporary index`,
  async run({ scratch }) {
    const folder = await mkdtemp(join(scratch, 'snapshot-'));
    const git = (...args: string[]) =>
      call('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', '-c', 'gc.auto=0', ...args], {
        cwd: folder,
        maxBuffer: 64 * 1024 * 1024,
      });
    await git('init', '--quiet');
    for (let number = 0; number < fileCount; number++) await writeTracked(folder, number, 'as committed');
    await git('add', '.');
    await git('commit', '--quiet', '--message', 'first');
    let round = 0;
    const change = async () => {
      round++;
      for (let number = 0; number < changedCount; number++)
        await writeTracked(folder, number * (fileCount / changedCount), `changed ${round}`);
    };
    const index = join(folder, '.git', 'bench-index');
    const home = join(scratch, 'snapshot-home');
    const take = async (id: string) => {
      const chosen = await choosePlace(programGit, {
        workingFolder: folder,
        projectPath: folder,
        homePath: home,
      });
      const [taken] = await takeSnapshots({
        git: programGit,
        chosen,
        homePath: home,
        runs: [
          {
            id,
            name: id,
            command: ['python', 'train.py'],
            ref: `refs/benchtop/runs/${id}`,
            // The files were changed just now; in a second they will be from before the run.
            beganAt: Date.now() + 1000,
          },
        ],
        made: new Set(),
        workingFolder: folder,
        objects: { putFiles: async () => [] },
        signal: new AbortController().signal,
      });
      if (taken === undefined || taken.commitId === null || taken.leftOut.length > 0)
        throw new Error(`The snapshot is not whole: ${taken?.problem}`);
    };
    try {
      const samples = await alternate(rounds, {
        async peer() {
          await change();
          await copyFile(join(folder, '.git', 'index'), index);
          return timed(() =>
            call('git', ['add', '--all'], { cwd: folder, env: { ...process.env, GIT_INDEX_FILE: index } }),
          );
        },
        async ours() {
          await change();
          return timed(() => take(String(round).padStart(32, '0')));
        },
      });
      return {
        figures: [
          {
            name: 'snapshot, its ref written',
            unit: 'ms',
            below: null,
            floorIs: null,
            samples,
          },
          {
            name: 'of the time of `git add`',
            unit: '%',
            below: 150,
            floorIs: null,
            samples: { ours: samples.ours.map((ms, index) => (100 * ms) / (samples.peer[index] ?? 0)) },
          },
        ],
        notes: [
          'The peer is `git add --all` into a copy of the index; its commit and its ref are not counted. Ours also looks through the changed files for secrets. Both find every content new to the repository. Nothing waits for a snapshot: it is taken beside the start of a run.',
        ],
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function writeTracked(folder: string, number: number, word: string): Promise<void> {
  const below = join(folder, `package-${number % 100}`);
  if (number < 100) await mkdir(below, { recursive: true });
  const lines = Array.from(
    { length: 40 },
    (_, line) => `value_${number}_${line} = ${line * number}  # ${word}`,
  );
  await writeFile(join(below, `module-${number}.py`), `${lines.join('\n')}\n`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
