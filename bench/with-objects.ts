import { rmSync } from 'node:fs';
import { createObjects, type Objects } from '../engine/objects/index.ts';
import { withHome } from './with-home.ts';

/** Objects of a fresh home, its threads started. */
export async function withObjects<T>(home: string, work: (objects: Objects) => Promise<T>): Promise<T> {
  rmSync(home, { recursive: true, force: true });
  return withHome(home, async (store, _tracking, held) => {
    const objects = createObjects(held, store, Date.now);
    await objects.hashFiles([process.execPath, process.execPath]);
    try {
      return await work(objects);
    } finally {
      await objects.close();
    }
  });
}

/** How long something takes, in milliseconds. */
export async function elapsed(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
