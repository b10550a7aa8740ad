import { Worker, type MessagePort } from 'node:worker_threads';
import { BenchtopError } from '../../contract/index.ts';
import type { Home } from '../store/index.ts';
import { FileTrouble } from './source-file.ts';
import type { JobAnswer, JobInput, JobName, JobReply, WorkerData } from './worker-jobs.ts';

/** One reads and hashes what the other cuts; more would take the cores that runs need. */
export const workerCount = 2;

/** Workers that nobody has asked for so long are ended: they are started again in a tenth of a second. */
const idleMs = 60_000;

export interface ObjectWorkers {
  /**
   * @param worker 0 or 1.
   * @throws {FileTrouble} what is wrong with a file that was read; {BenchtopError} `disk-full` and others.
   */
  call<N extends JobName>(
    worker: number,
    name: N,
    input: JobInput<N>,
    transfer?: readonly (MessagePort | ArrayBuffer)[],
  ): Promise<JobAnswer<N>>;
  /** The one that has less to do. */
  leastBusy(): number;
  close(): Promise<void>;
}

interface Running {
  readonly worker: Worker;
  readonly open: Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>;
}

/**
 * @param packs how to number new packs, and which old ones have room; asked when the first worker starts.
 * @param publish lets workers find what the store holds by now, on connections of their own.
 */
export function createObjectWorkers(
  home: Home,
  packs: () => { nextPack: number; resumable: { pack: number; sizeBytes: number }[] },
  publish: () => void,
): ObjectWorkers {
  const running: (Running | undefined)[] = Array.from({ length: workerCount });
  let numbers: { packNumbers: Int32Array; resumable: { pack: number; sizeBytes: number }[] } | null = null;
  let nextId = 1;
  let idleTimer: NodeJS.Timeout | null = null;

  function start(index: number): Running {
    if (numbers === null) {
      const { nextPack, resumable } = packs();
      const packNumbers = new Int32Array(new SharedArrayBuffer(4));
      packNumbers[0] = nextPack;
      numbers = { packNumbers, resumable };
    }
    const started: Running = {
      worker: new Worker(new URL('./objects-worker.ts', import.meta.url), {
        workerData: {
          databasePath: home.databasePath,
          objectsPath: home.objectsPath,
          packNumbers: numbers.packNumbers,
          resumed: numbers.resumable.pop() ?? null,
        } satisfies WorkerData,
      }),
      open: new Map(),
    };
    started.worker.on('message', (reply: JobReply) => {
      const job = started.open.get(reply.id);
      started.open.delete(reply.id);
      if (started.open.size === 0) rest();
      if ('value' in reply) job?.resolve(reply.value);
      else if ('trouble' in reply) job?.reject(new FileTrouble(reply.trouble.problem, reply.trouble.code));
      else job?.reject(objectError(reply));
    });
    const lost = (error: unknown) => {
      if (running[index] === started) running[index] = undefined;
      for (const job of started.open.values()) job.reject(error);
      started.open.clear();
    };
    started.worker.on('error', lost);
    started.worker.on('exit', () => lost(new Error('A worker of the objects ended.')));
    running[index] = started;
    return started;
  }

  /** What waits for nothing keeps no process alive, and goes after a while. */
  function rest(): void {
    for (const each of running) if (each?.open.size === 0) each.worker.unref();
    idleTimer?.refresh();
    idleTimer ??= setTimeout(() => {
      idleTimer = null;
      if (running.every((each) => each === undefined || each.open.size === 0)) void end();
    }, idleMs).unref();
  }

  async function end(): Promise<void> {
    const ending = running.flatMap((each) => (each === undefined ? [] : [each.worker]));
    running.fill(undefined);
    // The next worker to start looks up anew which packs have room.
    numbers = null;
    const ended = ending.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
    for (const worker of ending) {
      worker.ref();
      worker.postMessage('close');
    }
    await Promise.all(ended);
  }

  return {
    call(index, name, input, transfer = []) {
      publish();
      const worker = running[index] ?? start(index);
      const id = nextId++;
      worker.worker.ref();
      return new Promise((resolve, reject) => {
        worker.open.set(id, { resolve, reject });
        worker.worker.postMessage({ id, name, input }, [...transfer]);
      });
    },
    leastBusy() {
      const loads = running.map((each) => each?.open.size ?? 0);
      return loads.indexOf(Math.min(...loads));
    },
    async close() {
      if (idleTimer !== null) clearTimeout(idleTimer);
      await end();
    },
  };
}

function objectError({ error, code }: Extract<JobReply, { error: unknown }>): Error {
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new BenchtopError({
      code: 'disk-full',
      what: 'The disk is full; the files were not stored.',
      evidence: error.what,
      next: 'Free some space, and do it again.',
    });
  // A worker knows no more than its message of what it did not expect.
  return error.code === 'internal' ? new Error(error.what) : new BenchtopError(error);
}
