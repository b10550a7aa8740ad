import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { alternate } from './alternate.ts';
import type { Measure } from './measure.ts';
import { writeNoiseFiles } from './noise-files.ts';
import { withScratchDisk } from './scratch-disk.ts';
import { elapsed, withObjects } from './with-objects.ts';

const count = 20_000;
const sizeBytes = 4096;
const rounds = 3;

export const objectsSmall: Measure = {
  name: 'objects-small',
  question:
    'How long do 20,000 files of 4 KiB take: stored for the first time, looked at again, written out?',
  goal: 'first add below 2,500 ms and below git; unchanged at most 1.5 × and below 70 ms; out at most 1.2 × cp',
  run: ({ scratch }) =>
    withScratchDisk(scratch, 4, async (folder, note) => {
      const source = join(folder, 'source');
      const paths = writeNoiseFiles(source, count, sizeBytes, 7);
      execFileSync('sync');
      const add = await alternate(rounds, {
        floor: () => elapsed(() => hashAll(paths)),
        ours: () => withObjects(join(folder, 'home'), (objects) => elapsed(() => objects.putFiles(paths))),
        peer: async () => {
          rmSync(join(source, '.git'), { recursive: true, force: true });
          git(source, 'init', '-q');
          return elapsed(() => git(source, 'add', '-A'));
        },
      });
      const { status, checkout } = await withObjects(join(folder, 'home'), async (objects) => {
        const stored = await objects.putFiles(paths);
        const ids = stored.map((each) => ('objectId' in each ? each.objectId : ''));
        const outside = join(folder, 'out');
        const fresh = () => {
          rmSync(outside, { recursive: true, force: true });
          for (const within of new Set(paths.map(dirname)))
            mkdirSync(within.replace(source, outside), { recursive: true });
        };
        return {
          status: await alternate(5, {
            floor: () => elapsed(() => walk(source).map((path) => statSync(path))),
            ours: () => elapsed(() => objects.hashFiles(walk(source))),
            peer: () => elapsed(() => git(source, 'status', '--porcelain')),
          }),
          checkout: await alternate(rounds, {
            floor: async () => {
              rmSync(outside, { recursive: true, force: true });
              return elapsed(() =>
                execFileSync('cp', ['-r', ...folders(source), outside], { cwd: outsideOf(outside) }),
              );
            },
            ours: async () => {
              fresh();
              const files = ids.map((objectId, index) => ({
                objectId,
                path: (paths[index] ?? '').replace(source, outside),
              }));
              return elapsed(() => objects.writeFiles(files));
            },
            peer: async () => {
              rmSync(outside, { recursive: true, force: true });
              return elapsed(() => git(source, 'checkout-index', '-a', `--prefix=${outside}/`));
            },
          }),
        };
      });
      return {
        figures: [
          {
            name: `first add of ${count.toLocaleString('en')} files`,
            unit: 'ms',
            below: 2500,
            floorIs: 'reading and sha256 of all of them, one core',
            samples: add,
          },
          {
            name: 'unchanged',
            unit: 'ms',
            below: 70,
            ratio: { atMost: 1.5 },
            floorIs: 'walk and stat',
            samples: status,
          },
          {
            name: 'written out',
            unit: 'ms',
            below: null,
            ratio: { atMost: 1.2 },
            floorIs: 'cp -r',
            samples: checkout,
          },
        ],
        notes: [
          `Peer: ${git(folder, '--version').trim()}: add -A (not synced to disk; ours is), status, checkout-index. ${note}`,
        ],
      };
    }),
};

const git = (folder: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

function hashAll(paths: readonly string[]): void {
  for (const path of paths) hash('sha256', readFileSync(path), 'buffer');
}

const folders = (source: string): string[] =>
  readdirSync(source)
    .filter((name) => name !== '.git')
    .map((name) => join(source, name));

const walk = (source: string): string[] =>
  folders(source).flatMap((within) => readdirSync(within).map((name) => join(within, name)));

/** Makes the folder, since cp wants it when it copies several. */
function outsideOf(outside: string): string {
  mkdirSync(outside, { recursive: true });
  return outside;
}
