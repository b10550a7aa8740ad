import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { FromCutter, ToCutter } from './chunk-stream.ts';
import type { ObjectWorkers } from './object-workers.ts';
import { wholeFileBytes } from './pack-format.ts';
import type { StoredObject } from './stored-object.ts';
import { addChunked, addWhole, wroteSince, type UnsyncedObjects } from './unsynced-objects.ts';

/** Bytes that are gathered for one message. */
const messageBytes = 1024 * 1024;

/** Stores a stream in constant memory: a small one whole, a large one cut while it comes. */
export async function putStream(
  { workers }: { workers: ObjectWorkers },
  unsynced: UnsyncedObjects,
  content: AsyncIterable<Uint8Array>,
): Promise<StoredObject> {
  const parts = content[Symbol.asyncIterator]();
  let gathered: Uint8Array[] = [];
  let gatheredBytes = 0;
  let isOver = false;
  /** Takes from the stream until so many bytes are there, or it ends. */
  async function gather(bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    while (!isOver && gatheredBytes < bytes) {
      const next = await parts.next();
      if (next.done === true) isOver = true;
      else {
        gathered.push(next.value);
        gatheredBytes += next.value.length;
      }
    }
    const all = new Uint8Array(gatheredBytes);
    let at = 0;
    for (const part of gathered) {
      all.set(part, at);
      at += part.length;
    }
    gathered = [];
    gatheredBytes = 0;
    return all;
  }

  const worker = workers.leastBusy();
  const first = await gather(wholeFileBytes);
  if (isOver && first.length < wholeFileBytes) {
    const sizeBytes = first.length;
    const { objectId, place, era } = await workers.call(worker, 'store', { bytes: first }, [first.buffer]);
    if (place === null) unsynced.touched.push(objectId);
    else {
      wroteSince(unsynced, worker, era);
      addWhole(unsynced, { objectId, sizeBytes, ...place });
    }
    return { objectId, sizeBytes };
  }

  const { port1, port2 } = new MessageChannel();
  const cutting = workers.call(worker, 'cut', { port: port2, isRead: false }, [port2]);
  cutting.catch(() => undefined); // awaited below; until then nobody may call it unhandled
  try {
    let bytes = first;
    while (bytes.length > 0) {
      if (!(await take(port1, bytes))) break;
      bytes = isOver ? new Uint8Array(0) : await gather(messageBytes);
    }
    port1.postMessage({ end: null } satisfies ToCutter);
  } catch (error) {
    // The stream broke off.
    port1.postMessage('abort' satisfies ToCutter);
    await cutting.catch(() => undefined);
    throw error;
  }
  const file = await cutting;
  if (file === null) throw new Error('A stream was given up by whoever cuts it.');
  wroteSince(unsynced, worker, file.era);
  addChunked(unsynced, file);
  const { objectId, sizeBytes } = file;
  return { objectId, sizeBytes };
}

/** Resolves when a part has been taken, so that no more than one waits: false when nobody takes any more. */
function take(port: MessagePort, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  return new Promise((resolve) => {
    const closed = () => resolve(false);
    port.once('close', closed);
    port.once('message', (message: FromCutter) => {
      port.off('close', closed);
      resolve(message === 'taken');
    });
    port.postMessage({ bytes } satisfies ToCutter, [bytes.buffer]);
  });
}
