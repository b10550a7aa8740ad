import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { alternate } from './alternate.ts';
import type { Measure } from './measure.ts';
import { addInMemory, addTime, copySynced, hashFile, inMemoryFigure, inMemoryNote } from './large-file.ts';
import { writeNoiseFile } from './noise-files.ts';
import { withScratchDisk } from './scratch-disk.ts';
import { elapsed, withObjects } from './with-objects.ts';

const gibibytes = 1;
const sizeBytes = gibibytes * 2 ** 30;
const blockBytes = 4 * 2 ** 20;
const rounds = 3;

export const objectsLarge: Measure = {
  name: 'objects-large',
  question:
    'How long does one large file take, stored for the first time; and what does a changed percent of it add?',
  goal: 'at most 1.3 × sha256 of one core where the disk keeps up; 1 % changed adds at most 1.2 %, 1 % inserted 1.3 %; memory below 300 MB',
  run: ({ scratch }) =>
    withScratchDisk(scratch, 8 * gibibytes, async (folder, note) => {
      const source = join(folder, 'source.bin');
      writeNoiseFile(source, sizeBytes, 11);
      execFileSync('sync');
      const memory: number[] = [];
      const add = await alternate(rounds, {
        floor: () => elapsed(() => hashFile(source)),
        ours: () => addTime(source, join(folder, 'home'), memory),
      });
      const fast = await addInMemory(source, sizeBytes, rounds);
      const disk = await alternate(rounds, {
        floor: () => elapsed(() => copySynced(source, join(folder, 'copy'))),
        ours: async () => add.ours[0] ?? 0,
      });
      const changes = await withObjects(join(folder, 'home'), async (objects) => {
        await objects.putFiles([source]);
        const changed = join(folder, 'changed.bin');
        const addedBy = async (make: () => void) => {
          make();
          const before = storedBytes(join(folder, 'home'));
          await objects.putFiles([changed]);
          return (100 * (storedBytes(join(folder, 'home')) - before)) / sizeBytes;
        };
        const percent = Math.floor(sizeBytes / 100);
        const edited = await addedBy(() => overwrite(source, changed, percent));
        const inserted = await addedBy(() => insert(source, changed, percent));
        rmSync(changed);
        const [stored] = await objects.putFiles([source]);
        const objectId = stored !== undefined && 'objectId' in stored ? stored.objectId : '';
        const out = join(folder, 'out.bin');
        const checkout = await alternate(rounds, {
          floor: async () => {
            rmSync(out, { force: true });
            return elapsed(() => execFileSync('cp', [source, out]));
          },
          ours: async () => {
            rmSync(out, { force: true });
            return elapsed(() => objects.writeFiles([{ objectId, path: out }]));
          },
        });
        return { edited, inserted, checkout };
      });
      return {
        figures: [
          {
            name: `first add of ${gibibytes} GiB`,
            unit: 'ms',
            below: null,
            floorIs: 'reading and sha256, one core',
            samples: add,
          },
          ...(fast === null ? [] : [inMemoryFigure(gibibytes, fast)]),
          {
            name: `first add of ${gibibytes} GiB, beside the disk`,
            unit: 'ms',
            below: null,
            floorIs: 'cp and fsync: the bytes on disk, as an acknowledgement means',
            samples: { ours: add.ours, floor: disk.floor },
          },
          { name: 'memory more meanwhile', unit: 'MB', below: 300, floorIs: null, samples: { ours: memory } },
          {
            name: '1 % changed in one place adds',
            unit: '%',
            below: 1.2,
            floorIs: null,
            samples: { ours: [changes.edited] },
          },
          {
            name: '1 % inserted adds',
            unit: '%',
            below: 1.3,
            floorIs: null,
            samples: { ours: [changes.inserted] },
          },
          {
            name: 'written out',
            unit: 'ms',
            below: null,
            ratio: { atMost: 1.2 },
            floorIs: 'cp',
            samples: changes.checkout,
          },
        ],
        notes: [
          inMemoryNote(fast),
          `What is added counts packs and benchtop.db. Tools that store whole files add 100 %; git takes half a minute for a GiB (anchors of the design), and is not run again. ${note}`,
        ],
      };
    }),
};

function overwrite(from: string, to: string, changedBytes: number): void {
  copyFileSync(from, to);
  const file = openSync(to, 'r+');
  writeSync(file, randomBytes(changedBytes), 0, changedBytes, Math.floor(sizeBytes / 3));
  closeSync(file);
}

function insert(from: string, to: string, insertedBytes: number): void {
  const source = openSync(from, 'r');
  const file = openSync(to, 'w');
  const bytes = new Uint8Array(blockBytes);
  let isInserted = false;
  for (let at = 0; at < sizeBytes; at += blockBytes) {
    if (!isInserted && at > sizeBytes / 2) {
      writeSync(file, randomBytes(insertedBytes));
      isInserted = true;
    }
    readSync(source, bytes);
    writeSync(file, bytes);
  }
  closeSync(source);
  closeSync(file);
}

function storedBytes(home: string): number {
  const packs = join(home, 'objects', 'packs');
  const files = [...readdirSync(packs).map((name) => join(packs, name)), join(home, 'benchtop.db')];
  return files.reduce((sum, path) => sum + statSync(path).size, 0);
}
