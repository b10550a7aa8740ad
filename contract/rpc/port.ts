import type { Message } from './message.ts';

/**
 * The way to the other side: a MessagePort, a WebSocket, or two ends in one process.
 * Messages arrive once, whole and in order until `onClose` fires; nothing arrives after it.
 */
export interface Port {
  /** Sends a message. A returned promise settles when the sender may go on (back-pressure); it never rejects. */
  post(message: Message): void | Promise<void>;
  onMessage(listener: (message: Message) => void): void;
  /** Fires once, whichever side closed, also when the link broke. */
  onClose(listener: () => void): void;
  close(): void;
}

/** Two joined ends in one process. Delivery is asynchronous, so callers see the same order as on a wire. */
export function createPortPair(): [Port, Port] {
  const ends = [createEnd(), createEnd()] as const;
  const join = (own: End, other: End): Port => ({
    post(message) {
      if (!own.open) return;
      queueMicrotask(() => {
        if (other.open) other.message?.(message);
      });
    },
    onMessage(listener) {
      own.message = listener;
    },
    onClose(listener) {
      own.closed = listener;
    },
    close() {
      for (const end of [own, other]) {
        if (!end.open) continue;
        end.open = false;
        queueMicrotask(() => end.closed?.());
      }
    },
  });
  return [join(ends[0], ends[1]), join(ends[1], ends[0])];
}

interface End {
  open: boolean;
  message: ((message: Message) => void) | undefined;
  closed: (() => void) | undefined;
}

function createEnd(): End {
  return { open: true, message: undefined, closed: undefined };
}
