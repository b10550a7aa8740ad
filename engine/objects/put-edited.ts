import type { ObjectWorkers } from './object-workers.ts';
import type { EditedContent } from './recut.ts';
import { addChunked, wroteSince, type UnsyncedObjects } from './unsynced-objects.ts';

/** Stores a content that came of a stored one. False when that cannot be done: it has to be stored as any other then. */
export async function putEdited(
  { workers }: { workers: ObjectWorkers },
  unsynced: UnsyncedObjects,
  content: EditedContent,
): Promise<boolean> {
  const worker = workers.leastBusy();
  const file = await workers.call(worker, 'recut', content);
  if (file === null) return false;
  wroteSince(unsynced, worker, file.era);
  addChunked(unsynced, file);
  return true;
}
