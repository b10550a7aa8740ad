import type { MessagePortLike } from '../../contract/index.ts';
import type { TableProcess } from '../../engine/index.ts';

/**
 * A process that reads tables, at the other end of a port that is on its way. What is said before is kept; closing the port ends
 * the process.
 */
export function tablesOver(arriving: Promise<MessagePortLike>): TableProcess {
  const port = arriving.then((arrived) => {
    arrived.start();
    return arrived;
  });
  return {
    send: (request) => void port.then((arrived) => arrived.postMessage(request)),
    onReply: (listener) =>
      void port.then((arrived) =>
        arrived.addEventListener('message', ({ data }) => listener(data as Parameters<typeof listener>[0])),
      ),
    onExit: (listener) =>
      void port.then((arrived) => arrived.addEventListener('close', () => listener(null))),
    kill: () => void port.then((arrived) => arrived.close()),
  };
}
