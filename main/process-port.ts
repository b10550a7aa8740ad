import { createMessagePort, type Port } from '../contract/index.ts';

/** What is used of a process with a channel: of a child, or of this process where it is the child. */
interface ChannelledProcess {
  readonly connected: boolean;
  /** False while more than enough waits to be sent. */
  send?(message: object, sent: () => void): boolean;
  disconnect?(): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
}

/** A port over the channel of a child that was started with `serialization: 'advanced'`, at either end of it. */
export function openProcessPort(channel: ChannelledProcess): Port {
  let room: Promise<void> | undefined;
  const port = createMessagePort({
    postMessage(message) {
      const sent = Promise.withResolvers<void>();
      // That the other end is gone is told by `disconnect`.
      const hasRoom = channel.send?.(message as object, () => sent.resolve());
      room = hasRoom === false ? sent.promise : undefined;
    },
    start: () => undefined,
    close() {
      if (channel.connected) channel.disconnect?.();
    },
    addEventListener(event: string, listener: (event: { readonly data: unknown }) => void) {
      if (event === 'message') channel.on('message', (data) => listener({ data }));
      if (event === 'close') channel.on('disconnect', () => listener({ data: null }));
    },
  });
  return {
    ...port,
    post(message) {
      room = undefined;
      port.post(message);
      return room;
    },
  };
}
