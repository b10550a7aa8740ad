import { message as messageSchema } from './message.ts';
import type { Port } from './port.ts';

/**
 * What is used of a MessagePort. The page's and Node's have this shape; Electron's main side is adapted to it.
 * `close` fires on the other end when one end closes or its process dies (Chromium ≥ 122, Node, Electron).
 */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'messageerror' | 'close', listener: () => void): void;
}

/**
 * A Port over a MessagePort. Messages are cloned by the platform, typed arrays included; `post` throws for what cannot be
 * cloned, and the caller turns that into the error of one call. A message that is none of ours ends the link.
 */
export function createMessagePort(channel: MessagePortLike): Port {
  let open = true;
  let onClose: (() => void) | undefined;

  function end(): void {
    if (!open) return;
    open = false;
    channel.close();
    if (onClose !== undefined) queueMicrotask(onClose);
  }

  channel.addEventListener('close', end);
  channel.addEventListener('messageerror', end);
  return {
    post(message) {
      if (open) channel.postMessage(message);
    },
    onMessage(listener) {
      channel.addEventListener('message', (event) => {
        if (!open) return;
        const checked = messageSchema.safeParse(event.data);
        if (checked.success) listener(checked.data);
        else end();
      });
      // Until here the platform kept what had arrived.
      channel.start();
    },
    onClose(listener) {
      onClose = listener;
      if (!open) queueMicrotask(listener);
    },
    close: end,
  };
}
