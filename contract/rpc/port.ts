import type { Message } from './message.ts';

/**
 * The way to the other side: a MessagePort, a WebSocket, or two ends in one process.
 * Messages arrive once, whole and in order until `onClose` fires; nothing arrives after it.
 * Both listeners are to be set in the turn in which the port is handed over.
 */
export interface Port {
  /**
   * Sends a message; nothing happens once the port is closed. Throws, with nothing sent, for what the link cannot carry.
   * A returned promise settles when the sender may go on (back-pressure); it never rejects.
   */
  post(message: Message): void | Promise<void>;
  onMessage(listener: (message: Message) => void): void;
  /** Fires once, whichever side closed, also when the link broke. */
  onClose(listener: () => void): void;
  close(): void;
}

/**
 * Two joined ends in one process. As on a wire, delivery is asynchronous and in order, what arrives is a copy,
 * what was posted before a close still arrives, and what cannot be copied makes `post` throw.
 */
export function createPortPair(): [Port, Port] {
  const ends = [createEnd(), createEnd()] as const;
  const join = (own: End, other: End): Port => ({
    post(message) {
      if (!own.open) return;
      const copy = structuredClone(message);
      queueMicrotask(() => {
        if (other.open) other.message?.(copy);
      });
    },
    onMessage(listener) {
      own.message = listener;
    },
    onClose(listener) {
      own.closed = listener;
      if (!own.open) queueMicrotask(listener);
    },
    close() {
      shut(own);
      queueMicrotask(() => shut(other));
    },
  });
  return [join(ends[0], ends[1]), join(ends[1], ends[0])];
}

interface End {
  open: boolean;
  message: ((message: Message) => void) | undefined;
  closed: (() => void) | undefined;
}

function shut(end: End): void {
  if (!end.open) return;
  end.open = false;
  if (end.closed !== undefined) queueMicrotask(end.closed);
}

function createEnd(): End {
  return { open: true, message: undefined, closed: undefined };
}
