import { decodeFrame, encodeFrame, type Message, type Port } from '../../contract/index.ts';

/**
 * A port to the engine over `/rpc` of the host this page came from. Rejects when the socket does not open: no engine there,
 * or the token refused (a browser does not tell which).
 */
export function openWebSocketPort(token: string | null): Promise<Port> {
  return new Promise((resolve, reject) => {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(
      `${scheme}://${location.host}/rpc`,
      token === null ? ['benchtop'] : ['benchtop', `token.${token}`],
    );
    socket.binaryType = 'arraybuffer';
    let onMessage: (message: Message) => void = () => undefined;
    let onClose: () => void = () => undefined;
    let isOpen = false;
    socket.addEventListener('open', () => {
      isOpen = true;
      resolve({
        post(message) {
          if (socket.readyState === WebSocket.OPEN) socket.send(encodeFrame(message));
        },
        onMessage(listener) {
          onMessage = listener;
        },
        onClose(listener) {
          onClose = listener;
        },
        close: () => socket.close(),
      });
    });
    socket.addEventListener('message', (event) => onMessage(decodeFrame(new Uint8Array(event.data as ArrayBuffer))));
    socket.addEventListener('close', () => {
      if (isOpen) onClose();
      else reject(new Error('The socket to the engine did not open.'));
    });
  });
}
