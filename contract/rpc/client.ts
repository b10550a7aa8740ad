import { BenchtopError, errorShapeOf } from '../errors.ts';
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

/** Waits between attempts to restore a link, in milliseconds; the last one repeats. */
const retryDelaysMs = [50, 100, 200, 400, 800, 1500];

interface OpenCall {
  readonly path: string;
  readonly input: unknown;
  settle(message: Extract<Message, { kind: 'ok' | 'error' | 'next' | 'end' }>): void;
  /** The link broke. A stream returns true and is opened again after its cursor. */
  lost(): boolean;
  cursor: string | undefined;
}

/**
 * Speaks a contract over links that `openPort` provides, and opens a new one whenever the last one breaks.
 * Calls made before the first link wait for it. A call that was under way when the link broke rejects with `disconnected`
 * (it may or may not have been carried out); a stream goes on after the last cursor it saw.
 */
export function createConnection<C extends Contract>(contract: C, openPort: () => Promise<Port>): Connection<C> {
  const calls = new Map<number, OpenCall>();
  const listeners = new Set<(status: LinkStatus) => void>();
  let status: LinkStatus = 'connecting';
  let port: Port | undefined;
  let nextId = 1;
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
      if (attempts > 2) dropCalls();
      retry = setTimeout(connect, retryDelaysMs[Math.min(attempts++, retryDelaysMs.length - 1)] ?? 1500);
    });
  }

  function attach(opened: Port): void {
    if (status === 'closed') return opened.close();
    port = opened;
    attempts = 0;
    opened.onMessage((message) => {
      if (message.kind === 'call' || message.kind === 'cancel') return;
      const call = calls.get(message.id);
      // An answer ends its call; forgotten first, so that nothing is left to cancel.
      if (message.kind !== 'next') calls.delete(message.id);
      call?.settle(message);
    });
    opened.onClose(() => {
      if (port !== opened) return;
      port = undefined;
      if (status === 'closed') return;
      setStatus('lost');
      dropCalls();
      connect();
    });
    setStatus('open');
    for (const [id, call] of calls) send(id, call);
  }

  /** Rejects what cannot be repeated safely; streams stay and are sent again by `attach`. */
  function dropCalls(): void {
    for (const [id, call] of calls) if (!call.lost()) calls.delete(id);
  }

  function send(id: number, call: OpenCall): void {
    void port?.post({
      kind: 'call',
      id,
      path: call.path,
      input: call.input,
      ...(call.cursor === undefined ? {} : { after: call.cursor }),
    });
  }

  function begin(call: OpenCall, options: CallOptions | undefined, onAbort: (reason: BenchtopError) => void): () => void {
    const id = nextId++;
    const cancel = () => {
      if (calls.delete(id)) void port?.post({ kind: 'cancel', id });
      onAbort(new BenchtopError({ code: 'cancelled', what: `${call.path} was cancelled.` }));
    };
    calls.set(id, call);
    options?.signal?.addEventListener('abort', cancel, { once: true });
    const finish = () => {
      options?.signal?.removeEventListener('abort', cancel);
      if (calls.delete(id)) void port?.post({ kind: 'cancel', id });
    };
    if (options?.signal?.aborted) cancel();
    else if (port !== undefined) {
      try {
        send(id, call);
      } catch (error) {
        calls.delete(id);
        onAbort(new BenchtopError(errorShapeOf(error), { cause: error }));
      }
    }
    return finish;
  }

  function ask(path: string, input: unknown, options?: CallOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (status === 'lost' || status === 'closed') return reject(disconnected(path));
      const call: OpenCall = {
        path,
        input,
        cursor: undefined,
        settle(message) {
          finish();
          if (message.kind === 'ok') resolve(message.output);
          else if (message.kind === 'error') reject(new BenchtopError(message.error));
        },
        lost() {
          finish();
          reject(disconnected(path));
          return false;
        },
      };
      let finish: () => void = () => undefined;
      finish = begin(call, options, reject);
    });
  }

  function subscribe(path: string, input: unknown, options?: CallOptions): AsyncIterable<unknown> {
    return {
      [Symbol.asyncIterator]() {
        const queue: EventQueue<unknown> = createEventQueue(() => finish());
        const call: OpenCall = {
          path,
          input,
          cursor: undefined,
          settle(message) {
            if (message.kind === 'next') {
              call.cursor = message.cursor;
              queue.push(message.event);
            } else if (message.kind === 'end') queue.end();
            else if (message.kind === 'error') queue.fail(new BenchtopError(message.error));
          },
          lost: () => true,
        };
        let finish: () => void = () => undefined;
        finish = begin(call, options, (reason) => queue.fail(reason));
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
      for (const [id, call] of calls) {
        calls.delete(id);
        call.settle({ kind: 'error', id, error: disconnected(call.path).toShape() });
      }
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
