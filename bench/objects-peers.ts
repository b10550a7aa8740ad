import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure, Measure } from './measure.ts';
import { writeNoiseFiles } from './noise-files.ts';
import { withScratchDisk } from './scratch-disk.ts';
import { timesOf, versioningTools, type ToolTimes } from './versioning-tools.ts';
import { elapsed, withObjects } from './with-objects.ts';

const count = 20_000;
const sizeBytes = 4096;
/** Files that were written to so lately are read again. */
const settledMs = 100;

export const objectsPeers: Measure = {
  name: 'objects-peers',
  question: `How long do ${count.toLocaleString('en')} files of 4 KiB take beside other tools that keep versions?`,
  goal: 'ahead of all of them',
  isLong: true,
  run: ({ root, scratch }) =>
    withScratchDisk(scratch, 8, async (folder, note) => {
      const { tools, missing } = versioningTools(root);
      const source = join(folder, 'source');
      writeNoiseFiles(source, count, sizeBytes, 7);
      const figures: Figure[] = [];
      for (const tool of tools) {
        const own = join(folder, tool.name);
        cpSync(source, join(own, 'data'), { recursive: true });
        await sleep(settledMs);
        const ours = await ownTimes(join(folder, 'home'), join(own, 'data'), join(folder, 'out'));
        const theirs = await timesOf(tool, own);
        for (const used of [own, join(folder, 'out'), join(folder, `${tool.name}-home`)])
          rmSync(used, { recursive: true, force: true });
        const row = (name: string, of: (times: ToolTimes) => number): Figure => ({
          name: `${name}, beside ${tool.name}`,
          unit: 'ms',
          below: null,
          floorIs: null,
          samples: { ours: [of(ours)], peer: [of(theirs)] },
        });
        figures.push(
          row('first add', ({ addMs }) => addMs),
          row('unchanged', ({ unchangedMs }) => unchangedMs),
          row('written out', ({ outMs }) => outMs),
        );
      }
      const titles = tools.map(({ title }) => title).join(', ');
      return {
        figures,
        notes: [
          `${titles}. Each as it is set up by itself, on its command line, and once, right behind ours. ${note}`,
          ...missing,
        ],
      };
    }),
};

function ownTimes(home: string, source: string, outside: string): Promise<ToolTimes> {
  const paths = Array.from({ length: count }, (_, number) =>
    join(source, String(Math.floor(number / 100)), `${number}.bin`),
  );
  return withObjects(home, async (objects) => {
    const addMs = await elapsed(() => objects.putFiles(paths));
    await objects.hashFiles(paths);
    const unchangedMs = await elapsed(() => objects.hashFiles(paths));
    const stored = await objects.putFiles(paths);
    const files = stored.map((each, at) => ({
      objectId: 'objectId' in each ? each.objectId : '',
      path: (paths[at] ?? '').replace(source, outside),
    }));
    for (const within of new Set(files.map(({ path }) => dirname(path))))
      mkdirSync(within, { recursive: true });
    return { addMs, unchangedMs, outMs: await elapsed(() => objects.writeFiles(files)) };
  });
}
