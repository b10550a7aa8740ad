import type { Readable } from 'node:stream';
import type { ErrorShape } from '../../contract/index.ts';
import { engineNotice, type EngineRequest } from './engine-messages.ts';
import { createLastLines } from './last-lines.ts';
import { afterUnexpectedEnd } from './restart-policy.ts';

/** What is used of the engine's process; Electron's UtilityProcess has this shape. */
export interface EngineProcess<Channel> {
  readonly stdout: Readable | NodeJS.ReadableStream | null;
  readonly stderr: Readable | NodeJS.ReadableStream | null;
  postMessage(message: EngineRequest, transfer?: Channel[]): void;
  kill(): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'exit', listener: (code: number) => void): unknown;
}

/** What the person has to hear of. `log` is the end of what the process wrote. */
export type EngineTrouble =
  | { readonly kind: 'restarted'; readonly code: number; readonly log: string }
  | { readonly kind: 'given-up'; readonly code: number; readonly log: string }
  | { readonly kind: 'cannot-start'; readonly error: ErrorShape };

export interface EngineHost<Channel> {
  /** Hands one end of a channel to the engine; false while there is none. */
  connect(channel: Channel): boolean;
  /** Starts again after the host had given up. */
  restart(): void;
  /** Lets the engine finish what it has acknowledged; ends it after `closePatienceMs` all the same. */
  close(): Promise<void>;
}

const closePatienceMs = 5000;

/**
 * Keeps one engine running: starts it, starts it again when it dies, and gives up with a word when it keeps dying.
 * A page whose engine died sees its port close and asks for another.
 */
export function createEngineHost<Channel>(
  start: () => EngineProcess<Channel>,
  onTrouble: (trouble: EngineTrouble) => void,
  onKeepAwake: (isWanted: boolean) => void,
  /** Starts a process that reads tables and hands out one end of the channel to it. Only a main process can start one. */
  startTables: () => Channel,
  /** Seals a text with the system's keychain, or opens one; null where that cannot be done. */
  onKeychain: (ask: 'seal' | 'open', text: string) => string | null,
): EngineHost<Channel> {
  let running: EngineProcess<Channel> | undefined;
  let isClosing = false;
  let endsAt: number[] = [];
  let pause: NodeJS.Timeout | undefined;

  function launch(): void {
    const own = start();
    const log = createLastLines();
    let isHopeless = false;
    running = own;
    for (const stream of [own.stdout, own.stderr])
      stream?.on('data', (text: unknown) => log.add(String(text)));
    own.on('message', (message) => {
      const notice = engineNotice.parse(message);
      if (notice.kind === 'keep-awake') return onKeepAwake(notice.isWanted);
      if (notice.kind === 'start-tables') return own.postMessage({ kind: 'tables' }, [startTables()]);
      if (notice.kind === 'keychain')
        return own.postMessage({
          kind: 'keychain',
          id: notice.id,
          text: onKeychain(notice.ask, notice.text),
        });
      // Another start would end the same way: the home is held or damaged, and only the person can help.
      isHopeless = true;
      own.kill();
      onTrouble({ kind: 'cannot-start', error: notice.error });
    });
    own.once('exit', (code) => {
      if (running === own) running = undefined;
      onKeepAwake(false);
      if (isClosing || isHopeless) return;
      endsAt = [...endsAt, Date.now()];
      const next = afterUnexpectedEnd(endsAt, Date.now());
      if (next.kind === 'give-up') return onTrouble({ kind: 'given-up', code, log: log.text() });
      pause = setTimeout(launch, next.afterMs);
      onTrouble({ kind: 'restarted', code, log: log.text() });
    });
  }

  launch();
  return {
    connect(channel) {
      running?.postMessage({ kind: 'connect' }, [channel]);
      return running !== undefined;
    },
    restart() {
      endsAt = [];
      if (running === undefined && !isClosing) launch();
    },
    async close() {
      isClosing = true;
      clearTimeout(pause);
      const own = running;
      if (own === undefined) return;
      await new Promise<void>((resolve) => {
        const impatience = setTimeout(() => own.kill(), closePatienceMs);
        own.once('exit', () => {
          clearTimeout(impatience);
          resolve();
        });
        own.postMessage({ kind: 'close' });
      });
    },
  };
}
