import Database from 'better-sqlite3';
import { parentPort, workerData } from 'node:worker_threads';
import { errorShapeOf } from '../../contract/benchtop-error.ts';
import { fileOperations } from './file-operations.ts';
import { objectJobs } from './object-jobs.ts';
import { FileTrouble } from './source-file.ts';
import { createWorkerContext } from './worker-context.ts';
import type { Job, WorkerData } from './worker-jobs.ts';

// A thread that reads, hashes, cuts and appends files; the engine's own thread only commits what comes of it.
const port = parentPort;
if (port === null) throw new Error('objects-worker runs in a worker thread.');
const { databasePath, objectsPath, packNumbers, resumed } = workerData as WorkerData;
const db = new Database(databasePath, { readonly: true });
db.pragma('query_only = ON');
db.pragma('mmap_size = 268435456');
const context = createWorkerContext(db, {
  operations: fileOperations,
  objectsPath,
  nextPack: () => Atomics.add(packNumbers, 0, 1),
  resumed,
});
const jobs = objectJobs(context, db);

let open = 0;
port.on('message', (job: Job | 'close') => {
  if (job === 'close') {
    context.reader.release();
    context.writer.close();
    db.close();
    return port.close();
  }
  open++;
  void answer(job).finally(() => {
    open--;
    // Files that nobody reads are not kept open: packs come and go.
    if (open === 0) context.reader.release();
  });
});

async function answer({ id, name, input }: Job): Promise<void> {
  try {
    const value = await jobs[name](input as never);
    port?.postMessage({ id, value });
  } catch (error) {
    if (error instanceof FileTrouble)
      return port?.postMessage({ id, trouble: { problem: error.problem, code: error.code } });
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    port?.postMessage({ id, error: errorShapeOf(error), code });
  }
}
