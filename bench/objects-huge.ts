import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { addInMemory, addTime, copySynced, hashFile, inMemoryFigure, inMemoryNote } from './large-file.ts';
import type { Measure } from './measure.ts';
import { writeNoiseFile } from './noise-files.ts';
import { withScratchDisk } from './scratch-disk.ts';
import { elapsed } from './with-objects.ts';

const gibibytes = 5;
const rounds = 2;

export const objectsHuge: Measure = {
  name: 'objects-huge',
  question: `How long does one file of ${gibibytes} GiB take, stored for the first time, and how much memory?`,
  goal: 'at most 1.3 × sha256 of one core where the disk keeps up; memory below 300 MB',
  isLong: true,
  run: ({ scratch }) =>
    withScratchDisk(scratch, 3 * gibibytes, async (folder, note) => {
      const source = join(folder, 'source.bin');
      writeNoiseFile(source, gibibytes * 2 ** 30, 11);
      execFileSync('sync');
      const [ours, sha, disk, memory]: [number[], number[], number[], number[]] = [[], [], [], []];
      for (let round = 0; round < rounds; round++) {
        sha.push(await elapsed(() => hashFile(source)));
        ours.push(await addTime(source, join(folder, 'home'), memory));
        rmSync(join(folder, 'home'), { recursive: true });
        disk.push(await elapsed(() => copySynced(source, join(folder, 'copy'))));
        rmSync(join(folder, 'copy'));
      }
      const fast = await addInMemory(source, gibibytes * 2 ** 30, 1);
      const name = `first add of ${gibibytes} GiB`;
      const row = (title: string, floorIs: string, floor: number[]) =>
        ({ name: title, unit: 'ms', below: null, floorIs, samples: { ours, floor } }) as const;
      return {
        figures: [
          row(name, 'reading and sha256, one core', sha),
          ...(fast === null ? [] : [inMemoryFigure(gibibytes, fast)]),
          row(
            `${name}, beside the disk`,
            'cp and fsync: the bytes on disk, as an acknowledgement means',
            disk,
          ),
          { name: 'memory more meanwhile', unit: 'MB', below: 300, floorIs: null, samples: { ours: memory } },
        ],
        notes: [inMemoryNote(fast), note],
      };
    }),
};
