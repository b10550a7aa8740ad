import { z } from 'zod';
import { assertNever } from '../assert-never.ts';
import { BenchtopError, errorShapeOf } from '../benchtop-error.ts';
import type { Message } from './message.ts';
import type { Port } from './port.ts';
import type { Answered, Contract, Handlers, Procedure, Stream, StreamItem } from './procedure.ts';

/** More exchanges than this at once on one link means a caller that never ends its streams. */
const maxOpenCalls = 512;

type Handler = (
  input: unknown,
  call: { signal: AbortSignal; after: string | undefined },
) => Promise<unknown> | AsyncIterable<StreamItem<unknown>>;

interface Found {
  readonly entry: Procedure | Stream;
  readonly handler: Handler;
}

/**
 * Answers a contract over a port until the port closes; then every open call is aborted.
 * Input is checked against the contract before a handler sees it. What a handler throws becomes the one error shape;
 * the unexpected is also given to `onUnexpected`, once, with its cause.
 * @param later rooms that are loaded for the first call of one that the contract does not have.
 */
export function serveContract<C extends Contract, L extends Contract = C>(
  port: Port,
  contract: C,
  handlers: Handlers<C>,
  onUnexpected: (error: unknown, path: string) => void,
  later?: () => Promise<Answered<L>>,
): void {
  const open = new Map<number, AbortController>();

  port.onMessage((message) => {
    if (message.kind === 'call') void answer(message);
    else if (message.kind === 'cancel') open.get(message.id)?.abort(cancelled());
  });
  port.onClose(() => {
    for (const call of open.values()) call.abort(cancelled());
    open.clear();
  });

  async function answer(call: Extract<Message, { kind: 'call' }>): Promise<void> {
    const abort = new AbortController();
    try {
      if (open.size >= maxOpenCalls) throw tooManyCalls();
      if (open.has(call.id)) throw invalid(`Call ${call.id} is already open on this link.`);
      open.set(call.id, abort);
      const { entry, handler } = await found(call.path);
      const input = checkedInput(entry, call.path, call.input);
      abort.signal.throwIfAborted();
      const reply = handler(input, { signal: abort.signal, after: call.after });
      if (entry.kind === 'procedure') {
        post({ kind: 'ok', id: call.id, output: await (reply as Promise<unknown>) });
      } else if (entry.kind === 'stream') {
        await pump(call.id, reply as AsyncIterable<StreamItem<unknown>>, abort.signal);
        post({ kind: 'end', id: call.id });
      } else assertNever(entry);
    } catch (error) {
      const expected = error instanceof BenchtopError || abort.signal.aborted;
      if (!expected) onUnexpected(error, call.path);
      post({ kind: 'error', id: call.id, error: errorShapeOf(abort.signal.aborted ? cancelled() : error) });
    } finally {
      if (open.get(call.id) === abort) open.delete(call.id);
    }
  }

  async function found(path: string): Promise<Found> {
    const here = lookUp({ contract, handlers }, path);
    const there = here === null && later !== undefined ? lookUp(await later(), path) : here;
    if (there === null) throw invalid(`There is no procedure named "${path}".`);
    return there;
  }

  async function pump(
    id: number,
    items: AsyncIterable<StreamItem<unknown>>,
    signal: AbortSignal,
  ): Promise<void> {
    for await (const item of items) {
      if (signal.aborted) return;
      await port.post({ kind: 'next', id, cursor: item.cursor, event: item.event });
    }
  }

  function post(message: Message): void {
    try {
      void port.post(message);
    } catch (error) {
      // What could not be cloned or encoded still has to end its call.
      onUnexpected(error, 'post');
      void port.post({ kind: 'error', id: message.id, error: errorShapeOf(error) });
    }
  }
}

function lookUp<C extends Contract>({ contract, handlers }: Answered<C>, path: string): Found | null {
  const [room = '', name = '', ...more] = path.split('.');
  const entries = Object.hasOwn(contract, room) ? contract[room] : undefined;
  const entry = entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (entry === undefined || more.length > 0) return null;
  return { entry, handler: (handlers[room] as Record<string, Handler>)[name] as Handler };
}

function checkedInput(entry: Procedure | Stream, path: string, input: unknown): unknown {
  const checked = entry.input.safeParse(input);
  if (checked.success) return checked.data;
  throw new BenchtopError({
    code: 'invalid-input',
    what: `The input of ${path} is not valid.`,
    evidence: z.prettifyError(checked.error),
  });
}

const invalid = (what: string) => new BenchtopError({ code: 'invalid-input', what });
const cancelled = () => new BenchtopError({ code: 'cancelled', what: 'The call was cancelled.' });
const tooManyCalls = () =>
  new BenchtopError({ code: 'too-many', what: `More than ${maxOpenCalls} calls are open on one link.` });
