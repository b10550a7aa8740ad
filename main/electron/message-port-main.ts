import type { MessagePortMain } from 'electron';
import type { MessagePortLike } from '../../contract/index.ts';

/** Electron's port outside the page, in the shape of every other MessagePort. */
export function likeMessagePort(port: MessagePortMain): MessagePortLike {
  return {
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
    addEventListener(
      type: 'message' | 'messageerror' | 'close',
      listener: (event: { readonly data: unknown }) => void,
    ) {
      // Electron has no `messageerror`: what cannot be read there never becomes an event.
      if (type === 'message') port.on('message', ({ data }: { data: unknown }) => listener({ data }));
      else if (type === 'close') port.on('close', () => listener({ data: undefined }));
    },
  };
}
