import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Store } from '../store/index.ts';
import type { FromCutter, ToCutter } from './chunk-stream.ts';
import { commitObjects } from './commit-objects.ts';
import type { ObjectWorkers } from './object-workers.ts';
import { wholeFileBytes } from './pack-format.ts';
import type { StoredObject } from './stored-object.ts';

/** Bytes that are gathered for one message. */
const messageBytes = 1024 * 1024;

/** Stores a stream in constant memory: a small one whole, a large one cut while it comes. */
export async function putStream(
  { workers, store, now }: { workers: ObjectWorkers; store: Store; now: () => number },
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
    if (place !== null) await workers.call(worker, 'sync', { since: era });
    await commitObjects(store, now(), {
      packs: new Map(place === null ? [] : [[place.pack, place.position + sizeBytes]]),
      whole: place === null ? [] : [{ objectId, sizeBytes, ...place }],
      chunked: [],
      touched: place === null ? [objectId] : [],
    });
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
  const { objectId, sizeBytes, chunks, packs, era } = file;
  await workers.call(worker, 'sync', { since: era });
  await commitObjects(store, now(), {
    packs,
    whole: [],
    chunked: [{ objectId, sizeBytes, chunks }],
    touched: [],
  });
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
