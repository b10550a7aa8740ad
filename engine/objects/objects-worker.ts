import Database from 'better-sqlite3';
import { hash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { errorShapeOf } from '../../contract/benchtop-error.ts';
import { cutStream, readForCutter } from './chunk-stream.ts';
import { fileOperations } from './file-operations.ts';
import { gearMemory } from './gear-roll.ts';
import { createObjectIndex } from './object-index.ts';
import { pieceKinds } from './pack-format.ts';
import { mendPieces, rewritePack } from './move-pieces.ts';
import { createPackReader } from './pack-reader.ts';
import { createPackWriter } from './pack-writer.ts';
import { scrubPack } from './scrub-pack.ts';
import { survey } from './survey.ts';
import { FileTrouble } from './source-file.ts';
import { hashLarge } from './hash-large.ts';
import { slotBytes, takeFiles } from './take-files.ts';
import type { Job, JobAnswer, JobInput, JobName, WorkerData } from './worker-jobs.ts';
import { writeFiles, writePart } from './write-files.ts';
import type { WorkerContext } from './worker-context.ts';

// A thread that reads, hashes, cuts and appends files; the engine's own thread only commits what comes of it.
const port = parentPort;
if (port === null) throw new Error('objects-worker runs in a worker thread.');
const { databasePath, objectsPath, packNumbers, resumed } = workerData as WorkerData;
const db = new Database(databasePath, { readonly: true });
db.pragma('query_only = ON');
db.pragma('mmap_size = 268435456');
const context: WorkerContext = {
  operations: fileOperations,
  objectsPath,
  index: createObjectIndex(db),
  writer: createPackWriter({
    operations: fileOperations,
    objectsPath,
    nextPack: () => Atomics.add(packNumbers, 0, 1),
    resumed,
  }),
  reader: createPackReader(fileOperations, objectsPath),
  memory: gearMemory(slotBytes),
  now: Date.now,
};

const jobs: { readonly [N in JobName]: (input: JobInput<N>) => JobAnswer<N> | Promise<JobAnswer<N>> } = {
  take: (input) => context.index.together(() => takeFiles(context, input)),
  hashLarge: (input) => hashLarge(context, input),
  cut: (input) => cutStream(context, input),
  read: (input) => readForCutter(context, input),
  store({ bytes }) {
    const objectId = hash('sha256', bytes, 'hex');
    const era = context.writer.era();
    if (context.index.storedAt(objectId) !== null) return { objectId, place: null, era };
    const place = context.writer.append(pieceKinds.whole, Buffer.from(objectId, 'hex'), bytes);
    return { objectId, place, era };
  },
  async sync({ since }) {
    await context.writer.sync(since);
    return null;
  },
  release() {
    context.writer.close();
    return null;
  },
  survey: () => survey(db),
  scrub: (input) => scrubPack(context, db, input),
  rewrite: (input) => rewritePack(context, db, input),
  mend: (input) => mendPieces(context, input),
  write: ({ files, cancelled }) => writeFiles(context, db, files, cancelled),
  writePart: (input) => writePart(context, db, input),
};

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
