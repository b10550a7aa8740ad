import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchtopError, type EngineInfo, type RoomHandlers } from '../../contract/index.ts';
import type { GpuWatch } from './gpu-watch.ts';
import { createMachineMeter } from './machine.ts';

const samplePauseMs = 1000;

export function createSystem(
  info: EngineInfo,
  gpus: GpuWatch,
): { readonly handlers: RoomHandlers<'system'> } {
  return {
    handlers: {
      info: () => info,
      async *machine(_input, { signal }) {
        const measure = createMachineMeter(info.home, gpus);
        const release = gpus.hold();
        try {
          await sleep(100, undefined, { signal }).catch(() => undefined);
          while (!signal.aborted) {
            const event = await measure();
            yield { cursor: String(event.at), event };
            await sleep(samplePauseMs, undefined, { signal }).catch(() => undefined); // aborted: the loop ends
          }
        } finally {
          release();
        }
      },
      folders: ({ path = homedir() }) => listFolders(resolve(path)),
    },
  };
}

async function listFolders(path: string) {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    throw new BenchtopError(
      {
        code: 'file-unreadable',
        what: `The folder ${path} cannot be read.`,
        evidence: error instanceof Error ? error.message : String(error),
        next: 'Choose another folder.',
      },
      { cause: error },
    );
  });
  const parent = dirname(path);
  return {
    path,
    parent: parent === path ? null : parent,
    folders: entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => ({ name: entry.name, path: join(path, entry.name) }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
  };
}
