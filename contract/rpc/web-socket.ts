import { BenchtopError } from '../benchtop-error.ts';
import { decodeFrame, encodeFrame } from './frame.ts';
import type { Message } from './message.ts';
import type { Port } from './port.ts';

/** What is used of a WebSocket: the browser's and the one of `ws` in Node both have this shape. */
export interface WebSocketLike {
  binaryType: string;
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(frame: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
}

/**
 * Told to a peer whose bytes are no frame. It says what 1003, "unsupported data", does,
 * in the range that a page may send too (RFC 6455, 7.4.2; browsers refuse 1003 from a script).
 */
export const notAFrameCode = 4003;

/** Above this much waiting to be sent, in bytes, the sender of a stream waits: some frames of a chart, 1 ms of loopback. */
const highWaterBytes = 1024 * 1024;
/** WebSocket has no event for "sent", so a full one is looked at again after this long, in milliseconds. */
const drainPollMs = 4;

/**
 * A Port over an open WebSocket: one binary frame a message. `post` throws for what a frame cannot carry, and settles once
 * the socket has room again. Bytes that are no frame end the link with code 4003.
 */
export function createWebSocketPort(socket: WebSocketLike): Port {
  let open = true;
  let onMessage: ((message: Message) => void) | undefined;
  let onClose: (() => void) | undefined;

  function end(code?: number, reason?: string): void {
    if (!open) return;
    open = false;
    socket.close(code, reason);
    if (onClose !== undefined) queueMicrotask(onClose);
  }

  socket.binaryType = 'arraybuffer';
  socket.addEventListener('message', ({ data }) => {
    if (!open) return;
    const message = readFrame(data);
    if (message === null) end(notAFrameCode, 'not a Benchtop frame');
    else onMessage?.(message);
  });
  socket.addEventListener('close', () => end());
  // Always followed by `close`, which says all there is to say; without a listener Node would throw it.
  socket.addEventListener('error', () => undefined);

  return {
    post(message) {
      if (!open) return undefined;
      socket.send(encodeFrame(message));
      return socket.bufferedAmount > highWaterBytes ? drained(socket, () => open) : undefined;
    },
    onMessage(listener) {
      onMessage = listener;
    },
    onClose(listener) {
      onClose = listener;
      if (!open) queueMicrotask(listener);
    },
    close: () => end(),
  };
}

/** A port once the socket is open, as it may be already; rejects with `disconnected` where it never opens. */
export function openWebSocketPort(socket: WebSocketLike): Promise<Port> {
  return new Promise((resolve, reject) => {
    const opened = () => resolve(createWebSocketPort(socket));
    const refused = () =>
      reject(new BenchtopError({ code: 'disconnected', what: 'The engine did not accept the connection.' }));
    if (socket.readyState === 1) return opened();
    if (socket.readyState > 1) return refused();
    socket.addEventListener('open', opened);
    socket.addEventListener('error', () => undefined);
    socket.addEventListener('close', refused);
  });
}

function drained(socket: WebSocketLike, isOpen: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isOpen() || socket.bufferedAmount <= highWaterBytes) resolve();
      else setTimeout(look, drainPollMs);
    };
    look();
  });
}

/** What was received, or null where it is no frame of ours; text never is. */
function readFrame(data: unknown): Message | null {
  if (!(data instanceof ArrayBuffer)) return null;
  try {
    return decodeFrame(new Uint8Array(data));
  } catch (error) {
    if (error instanceof BenchtopError && error.code === 'invalid-input') return null;
    throw error;
  }
}
