import { BenchtopError, errorShapeOf } from '../benchtop-error.ts';
import { createEventQueue, type EventQueue } from './event-queue.ts';
import type { Message } from './message.ts';
import type { Port } from './port.ts';
import type { CallOptions, Client, Contract } from './procedure.ts';

/** `connecting` before the first link, `open`, `lost` while a broken link is being restored, `closed` for good. */
export type LinkStatus = 'connecting' | 'open' | 'lost' | 'closed';

export interface Connection<C extends Contract> {
  readonly api: Client<C>;
  status(): LinkStatus;
  /** Calls the listener at every change; returns how to stop listening. */
  onStatus(listener: (status: LinkStatus) => void): () => void;
  close(): void;
}

/** Waits before each attempt to restore a link, in milliseconds; the last one repeats. */
const retryDelaysMs = [0, 50, 100, 200, 400, 800, 1500];
/** After this many attempts in vain, calls stop waiting for the first link. */
const patientAttempts = 3;

type Answer = Extract<Message, { kind: 'ok' | 'error' | 'next' | 'end' }>;

interface Asked {
  readonly path: string;
  readonly input: unknown;
  readonly signal: AbortSignal | undefined;
  /** A stream: opened again after its cursor when the link was lost. */
  readonly resumes: boolean;
  settle(answer: Answer): void;
}

interface OpenCall extends Asked {
  cursor: string | undefined;
  onAbort(): void;
}

/**
 * Speaks a contract over links that `openPort` provides, and opens a new one whenever the last one breaks.
 * Calls made before the first link wait for it. A call that was under way when the link broke rejects with `disconnected`
 * (it may or may not have been carried out); a stream goes on after the last cursor it saw.
 */
export function createConnection<C extends Contract>(
  contract: C,
  openPort: () => Promise<Port>,
): Connection<C> {
  const calls = new Map<number, OpenCall>();
  const listeners = new Set<(status: LinkStatus) => void>();
  let status: LinkStatus = 'connecting';
  let port: Port | undefined;
  let nextId = 1;
  /** Since something was last heard: a link that opens and breaks at once must not be tried in a hot loop. */
  let attempts = 0;
  let retry: unknown;

  function setStatus(next: LinkStatus): void {
    if (status === next) return;
    status = next;
    for (const listener of listeners) listener(next);
  }

  function connect(): void {
    openPort().then(attach, () => {
      if (status === 'closed') return;
      if (attempts >= patientAttempts) dropCalls();
      connectLater();
    });
  }

  function connectLater(): void {
    retry = setTimeout(connect, retryDelaysMs[Math.min(attempts, retryDelaysMs.length - 1)] ?? 0);
    attempts += 1;
  }

  function attach(opened: Port): void {
    if (status === 'closed') return opened.close();
    port = opened;
    opened.onMessage((message) => {
      attempts = 0;
      if (message.kind === 'call' || message.kind === 'cancel') return;
      answer(message);
    });
    opened.onClose(() => {
      if (port !== opened) return;
      port = undefined;
      if (status === 'closed') return;
      setStatus('lost');
      dropCalls();
      connectLater();
    });
    // Before anybody hears of the link, so that a call made on hearing of it is not sent twice.
    for (const [id, call] of calls) send(id, call);
    setStatus('open');
  }

  /** Rejects what cannot be repeated safely; streams stay and are sent again by `attach`. */
  function dropCalls(): void {
    for (const [id, call] of calls) if (!call.resumes) answer(failed(id, disconnected(call.path)));
  }

  function answer(message: Answer): void {
    const call = calls.get(message.id);
    if (call === undefined) return;
    if (message.kind === 'next') call.cursor = message.cursor;
    else forget(message.id, call);
    call.settle(message);
  }

  function forget(id: number, call: OpenCall): void {
    calls.delete(id);
    call.signal?.removeEventListener('abort', call.onAbort);
  }

  /** Sends what was asked; an input that the link cannot carry fails this one call. */
  function send(id: number, { path, input, cursor }: OpenCall): void {
    try {
      void port?.post({ kind: 'call', id, path, input, ...(cursor === undefined ? {} : { after: cursor }) });
    } catch (error) {
      answer({ kind: 'error', id, error: errorShapeOf(error) });
    }
  }

  /** Opens an exchange; returns how to leave it before it has ended. */
  function begin(asked: Asked): () => void {
    const id = nextId++;
    const leave = (): void => {
      if (!calls.has(id)) return;
      forget(id, call);
      void port?.post({ kind: 'cancel', id });
    };
    const call: OpenCall = {
      ...asked,
      cursor: undefined,
      onAbort() {
        leave();
        asked.settle(failed(id, cancelled(asked.path)));
      },
    };
    if (status === 'closed' || (status === 'lost' && !asked.resumes)) {
      asked.settle(failed(id, disconnected(asked.path)));
    } else if (asked.signal?.aborted) {
      asked.settle(failed(id, cancelled(asked.path)));
    } else {
      calls.set(id, call);
      asked.signal?.addEventListener('abort', call.onAbort, { once: true });
      send(id, call);
    }
    return leave;
  }

  function ask(path: string, input: unknown, options?: CallOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      begin({
        path,
        input,
        signal: options?.signal,
        resumes: false,
        settle(message) {
          if (message.kind === 'ok') resolve(message.output);
          else if (message.kind === 'error') reject(new BenchtopError(message.error));
        },
      });
    });
  }

  function subscribe(path: string, input: unknown, options?: CallOptions): AsyncIterable<unknown> {
    return {
      [Symbol.asyncIterator]() {
        let leave = (): void => undefined;
        const queue: EventQueue<unknown> = createEventQueue(() => leave());
        leave = begin({
          path,
          input,
          signal: options?.signal,
          resumes: true,
          settle(message) {
            if (message.kind === 'next') queue.push(message.event);
            else if (message.kind === 'error') queue.fail(new BenchtopError(message.error));
            else queue.end();
          },
        });
        return queue;
      },
    };
  }

  const rooms = Object.entries(contract).map(([room, entries]) => [
    room,
    Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => {
        const path = `${room}.${name}`;
        const speak = entry.kind === 'procedure' ? ask : subscribe;
        return [name, (input: unknown, options?: CallOptions) => speak(path, input, options)];
      }),
    ),
  ]);

  connect();
  return {
    api: Object.fromEntries(rooms) as Client<C>,
    status: () => status,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      if (status === 'closed') return;
      setStatus('closed');
      clearTimeout(retry);
      for (const [id, call] of calls) answer(failed(id, disconnected(call.path)));
      port?.close();
    },
  };
}

const disconnected = (path: string) =>
  new BenchtopError({
    code: 'disconnected',
    what: `The engine was not reachable when ${path} was asked.`,
    next: 'The link is being restored; try again in a moment.',
  });

const cancelled = (path: string) => new BenchtopError({ code: 'cancelled', what: `${path} was cancelled.` });

const failed = (id: number, error: BenchtopError): Answer => ({ kind: 'error', id, error: error.toShape() });
