import type { Store } from '../store/index.ts';
import { commitObjects } from './commit-objects.ts';
import type { ObjectWorkers } from './object-workers.ts';
import type { EditedContent } from './recut.ts';

/** Stores a content that came of a stored one. False when that cannot be done: it has to be stored as any other then. */
export async function putEdited(
  { workers, store, now }: { workers: ObjectWorkers; store: Store; now: () => number },
  content: EditedContent,
): Promise<boolean> {
  const worker = workers.leastBusy();
  const file = await workers.call(worker, 'recut', content);
  if (file === null) return false;
  await workers.call(worker, 'sync', { since: file.era });
  await commitObjects(store, now(), { packs: file.packs, whole: [], chunked: [file], touched: [] });
  return true;
}
