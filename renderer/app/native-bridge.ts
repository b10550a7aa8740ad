import { BenchtopError, createMessagePort, type NativeBridge, type Port } from '../../contract/index.ts';

let requests = 0;

/**
 * A new port to the engine from the native host, for `createConnection`.
 * Rejects with `disconnected` where no engine is running at the moment; the connection then tries again.
 */
export function connectNative(bridge: NativeBridge): Promise<Port> {
  const requestId = `port-${++requests}`;
  return new Promise((resolve, reject) => {
    const listener = (event: MessageEvent<unknown>): void => {
      // Only what this window's own preload script posted; a frame in the page has another source.
      if (event.source !== window || !isAnswer(event.data, requestId)) return;
      window.removeEventListener('message', listener);
      const [port] = event.ports;
      if (port === undefined) {
        reject(new BenchtopError({ code: 'disconnected', what: 'No engine is running at the moment.' }));
      } else resolve(createMessagePort(port));
    };
    window.addEventListener('message', listener);
    bridge.requestPort(requestId);
  });
}

function isAnswer(data: unknown, requestId: string): boolean {
  return (
    typeof data === 'object' && data !== null && 'benchtopPort' in data && data.benchtopPort === requestId
  );
}
