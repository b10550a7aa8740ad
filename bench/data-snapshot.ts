import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createData } from '../engine/data/index.ts';
import { createObjects } from '../engine/objects/index.ts';
import { alternate } from './alternate.ts';
import type { Measure } from './measure.ts';
import { withScratchDisk } from './scratch-disk.ts';
import { elapsed } from './with-objects.ts';
import { withHome } from './with-home.ts';

const count = 100_000;
const rounds = 5;
/** Files that were written to so lately are read again: their times could not tell one change from the next. */
const settledMs = 2500;

/** A folder whose version is known, looked at again: as it was, and with one file changed. */
export const dataSnapshot: Measure = {
  name: 'data-snapshot',
  question:
    'How long does a version of a folder of 100,000 files take that has been recorded before: unchanged, and with one file changed?',
  goal: 'unchanged at most 1.5 × walk and stat; one file changed at most 50 ms more',
  run: ({ scratch }) =>
    withScratchDisk(scratch, 4, async (folder, note) => {
      const source = join(folder, 'source');
      for (let number = 0; number < count; number++) {
        const within = join(source, String(Math.floor(number / 100)));
        if (number % 100 === 0) mkdirSync(within, { recursive: true });
        writeFileSync(join(within, `${number}.txt`), `content ${number}`);
      }
      const git = (...args: string[]) =>
        execFileSync('git', [`--git-dir=${join(folder, 'git')}`, '--work-tree=.', ...args], {
          cwd: source,
          stdio: ['ignore', 'pipe', 'ignore'],
        });
      git('init', '-q');
      git('add', '-A');
      git('-c', 'user.name=bench', '-c', 'user.email=bench@localhost', 'commit', '-qm', 'all');
      const changed = (round: number) =>
        writeFileSync(join(source, '5', '555.txt'), `another content ${round}`);
      return withHome(join(folder, 'home'), async (store, tracking, home) => {
        const objects = createObjects(home, store, Date.now);
        const data = createData({
          homePath: home.path,
          store,
          objects,
          now: Date.now,
          projects: () => [],
          run: tracking.run,
          onUnexpected: (error) => {
            throw error;
          },
        });
        const snapshot = async () => {
          const call = { signal: new AbortController().signal, after: undefined };
          for await (const event of data.handlers.snapshot({ path: source }, call)) void event;
        };
        try {
          await sleep(settledMs);
          const first = await elapsed(snapshot);
          const unchanged = await alternate(rounds, {
            floor: () => elapsed(() => walk(source)),
            ours: () => elapsed(snapshot),
            peer: () => elapsed(() => git('status', '--porcelain')),
          });
          let round = 0;
          const one = await alternate(rounds, {
            floor: () => elapsed(() => walk(source)),
            async ours() {
              await sleep(settledMs);
              changed(round++);
              return elapsed(snapshot);
            },
            async peer() {
              changed(round++);
              return elapsed(() => git('status', '--porcelain'));
            },
          });
          return {
            figures: [
              {
                name: 'unchanged',
                unit: 'ms',
                below: null,
                ratio: { atMost: 1.5 },
                floorIs: 'walk and stat',
                samples: unchanged,
              },
              { name: 'one file changed', unit: 'ms', below: null, floorIs: 'walk and stat', samples: one },
            ],
            notes: [
              `Recorded for the first time in ${Math.round(first)} ms. Peer: git status, which reads the changed file and stores nothing. ${note}`,
            ],
          };
        } finally {
          await data.close();
          await objects.close();
        }
      });
    }),
};

function walk(folder: string): number {
  let files = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) files += walk(path);
    else if (lstatSync(path).isFile()) files += 1;
  }
  return files;
}
