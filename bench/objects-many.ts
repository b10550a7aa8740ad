import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from './alternate.ts';
import type { Measure } from './measure.ts';
import { writeNoiseFiles } from './noise-files.ts';
import { withScratchDisk } from './scratch-disk.ts';
import { elapsed, withObjects } from './with-objects.ts';

const few = 20_000;
const many = 100_000;
const sizeBytes = 4096;
const rounds = 3;

export const objectsMany: Measure = {
  name: 'objects-many',
  question: `How much longer do ${many.toLocaleString('en')} files of 4 KiB take than ${few.toLocaleString('en')}, stored for the first time?`,
  goal: `${many / few} × as long`,
  isLong: true,
  run: ({ scratch }) =>
    withScratchDisk(scratch, 4, async (folder, note) => {
      const paths = writeNoiseFiles(join(folder, 'source'), many, sizeBytes, 7);
      const home = join(folder, 'home');
      const add = (some: readonly string[]) =>
        withObjects(home, (objects) => elapsed(() => objects.putFiles(some))).finally(() =>
          rmSync(home, { recursive: true, force: true }),
        );
      const samples = await alternate(rounds, {
        floor: () => add(paths.slice(0, few)),
        ours: () => add(paths),
      });
      const floorIs = `${few.toLocaleString('en')} of them`;
      return {
        figures: [
          { name: 'first add', unit: 'ms', below: null, ratio: { atMost: many / few }, floorIs, samples },
        ],
        notes: [`Linear is a ratio of ${many / few}. ${note}`],
      };
    }),
};
