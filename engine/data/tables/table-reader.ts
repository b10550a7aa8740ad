import { fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { BenchtopError } from '../../../contract/index.ts';
import type { TableAnswer, TablePart, TableQuestion, TableReply, TableRequest } from './table-question.ts';

/** The process that reads tables, as its host starts it. */
export interface TableProcess {
  send(request: TableRequest): void;
  onReply(listener: (reply: TableReply) => void): void;
  onExit(listener: (code: number | null) => void): void;
  kill(): void;
}

export interface TableReader {
  /**
   * @param onPart hears of each chunk as it is judged, where chunks are asked about, and of a profile now and then how far it is.
   * @throws {BenchtopError} `unsupported`, `invalid-input`, `too-large`, `cancelled`.
   */
  ask<Q extends TableQuestion>(
    question: Q,
    signal: AbortSignal,
    onPart?: (part: TablePart<Q>) => void,
  ): Promise<TableAnswer<Q>>;
  /** True while its process is there. */
  isOpen(): boolean;
  close(): Promise<void>;
}

type Part = Extract<TableReply, { part: unknown }>['part'];
type Settled = Exclude<TableReply, { part: Part }>;

/** After so long without a question the process ends, and its memory is free. */
const idleMs = 30_000;
/** A cancelled question that does not end by itself ends with its process. */
const cancelPatienceMs = 2000;

/** Asks a process of its own about tables, one question after the other. It starts with the first. */
export function createTableReader({
  folder,
  start = forkTables,
  onIdle,
  idleAfterMs = idleMs,
}: {
  /** Holds the files that are asked about, and what DuckDB puts out of its memory. */
  folder: string;
  start?: () => TableProcess;
  /** Told when the process has ended for want of questions. */
  onIdle: () => void;
  idleAfterMs?: number;
}): TableReader {
  let child: TableProcess | null = null;
  let exited: Promise<void> = Promise.resolve();
  let settle: ((reply: TableReply) => void) | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  function opened(): TableProcess {
    if (child !== null) return child;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const own = start();
    child = own;
    own.onReply((reply) => settle?.(reply));
    exited = new Promise((resolve) => {
      own.onExit((code) => {
        if (child === own) child = null;
        settle?.({
          error: {
            code: 'too-large',
            what: 'The process that reads tables ended in the middle of its work.',
            evidence:
              code === null ? 'It was killed, as happens when memory runs out.' : `Exit code ${code}.`,
          },
        });
        resolve();
      });
    });
    own.send({ kind: 'begin', folder });
    return own;
  }

  async function answer(
    question: TableQuestion,
    signal: AbortSignal,
    onPart: (part: Part) => void,
  ): Promise<Settled> {
    if (signal.aborted) return { error: { code: 'cancelled', what: 'Reading the table was cancelled.' } };
    clearTimeout(idle);
    const own = opened();
    let impatience: NodeJS.Timeout | undefined;
    const cancel = () => {
      own.send({ kind: 'cancel' });
      impatience = setTimeout(() => own.kill(), cancelPatienceMs);
    };
    signal.addEventListener('abort', cancel);
    try {
      return await new Promise<Settled>((resolve) => {
        settle = (reply) => ('part' in reply ? onPart(reply.part) : resolve(reply));
        own.send({ kind: 'ask', question });
      });
    } finally {
      settle = null;
      clearTimeout(impatience);
      signal.removeEventListener('abort', cancel);
      idle = setTimeout(() => void end().then(onIdle), idleAfterMs);
      idle.unref();
    }
  }

  async function end(): Promise<void> {
    clearTimeout(idle);
    child?.kill();
    await exited;
  }

  return {
    async ask<Q extends TableQuestion>(
      question: Q,
      signal: AbortSignal,
      onPart: (part: TablePart<Q>) => void = () => undefined,
    ) {
      const answered = last.then(() => answer(question, signal, (part) => onPart(part as TablePart<Q>)));
      last = answered.catch(() => undefined);
      const reply = await answered;
      // Whoever cancelled hears so, even where the answer was quicker.
      if (signal.aborted)
        throw new BenchtopError({ code: 'cancelled', what: 'Reading the table was cancelled.' });
      if ('error' in reply) throw new BenchtopError(reply.error);
      return reply.value as TableAnswer<Q>;
    },
    isOpen: () => child !== null,
    close: end,
  };
}

/** Plain Node: a child with a channel. It ends by itself when the channel breaks. */
function forkTables(): TableProcess {
  const child = fork(new URL('./table-process.ts', import.meta.url), [], {
    execArgv: [],
    // Columns come as they lie in memory.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('error', () => child.kill());
  return {
    send: (request) => void (child.connected && child.send(request)),
    onReply: (listener) => void child.on('message', (reply) => listener(reply as TableReply)),
    onExit: (listener) => void child.once('exit', listener),
    kill: () => void child.kill('SIGKILL'),
  };
}
