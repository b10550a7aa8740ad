import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isMissing } from '../is-missing.ts';

const queueOrder = z.object({
  isHeld: z.boolean(),
  /** Ids of runs that wait, the next first. Runs that are not named came later: they follow in the order of their making. */
  waiting: z.array(z.string()),
});

/** What a person has done to the queue, for the next engine. */
export type QueueOrder = z.infer<typeof queueOrder>;

const untouched: QueueOrder = { isHeld: false, waiting: [] };

/** `<home>/runs/queue.json`: read at the start, written whenever a run has to wait, and when the queue is held, let go or reordered. */
export function createQueueOrder(home: string): {
  read(): Promise<QueueOrder>;
  /** Writes follow each other in the order of the calls. */
  write(order: QueueOrder): Promise<void>;
} {
  const folder = join(home, 'runs');
  const path = join(folder, 'queue.json');
  let last = Promise.resolve();

  async function replace(order: QueueOrder): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(`${path}.new`, JSON.stringify(order), { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  return {
    async read() {
      try {
        return queueOrder.parse(JSON.parse(await readFile(path, 'utf8')));
      } catch (error) {
        // Half a file of a power failure is no reason not to start: the runs themselves are all there.
        if (isMissing(error) || error instanceof SyntaxError || error instanceof z.ZodError) return untouched;
        throw error;
      }
    },
    write(order) {
      const written = last.then(() => replace(order));
      last = written.catch(() => undefined); // The caller hears of it; the next write has its own chance.
      return written;
    },
  };
}

/** Those of `ids` that the order names, in its order, then the others as they come. */
export function inOrder(ids: readonly string[], order: QueueOrder): string[] {
  const named = order.waiting.filter((id) => ids.includes(id));
  return [...named, ...ids.filter((id) => !named.includes(id))];
}
