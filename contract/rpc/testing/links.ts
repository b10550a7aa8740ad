import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { WebSocket, WebSocketServer } from 'ws';
import { createMessagePort, type MessagePortLike } from '../message-port.ts';
import { createPortPair, type Port } from '../port.ts';
import { createWebSocketPort, openWebSocketPort } from '../web-socket.ts';

/** One way for two sides to be linked, real to the last byte, for tests. */
export interface TestLink {
  /** The asking side's port; every call opens a new link whose other end goes to `accept`. */
  openPort(): Promise<Port>;
  /** Breaks every link from the answering side, without a word. */
  breakLinks(): void;
  close(): Promise<void>;
}

export const linkKinds: readonly {
  readonly kind: string;
  readonly open: (accept: (port: Port) => void) => Promise<TestLink>;
}[] = [
  { kind: 'a pair in one process', open: openPairLink },
  { kind: 'a MessageChannel', open: openMessageLink },
  { kind: 'a WebSocket', open: openSocketLink },
];

async function openPairLink(accept: (port: Port) => void): Promise<TestLink> {
  const accepted = new Set<Port>();
  const breakLinks = () => {
    for (const port of accepted) port.close();
    accepted.clear();
  };
  return {
    async openPort() {
      const [asking, answering] = createPortPair();
      accepted.add(answering);
      accept(answering);
      return asking;
    },
    breakLinks,
    close: async () => breakLinks(),
  };
}

async function openMessageLink(accept: (port: Port) => void): Promise<TestLink> {
  const accepted = new Set<MessagePort>();
  const breakLinks = () => {
    for (const port of accepted) port.close();
    accepted.clear();
  };
  return {
    async openPort() {
      const { port1, port2 } = new MessageChannel();
      accepted.add(port2);
      accept(createMessagePort(like(port2)));
      return createMessagePort(like(port1));
    },
    breakLinks,
    close: async () => breakLinks(),
  };
}

/** Node's declarations leave out that the event of a message carries data. */
const like = (port: MessagePort) => port as unknown as MessagePortLike;

export interface SocketLink extends TestLink {
  readonly url: string;
}

export async function openSocketLink(accept: (port: Port) => void): Promise<SocketLink> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => accept(createWebSocketPort(socket)));
  await once(server, 'listening');
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const breakLinks = () => {
    for (const socket of server.clients) socket.terminate();
  };
  return {
    url,
    openPort: () => openWebSocketPort(new WebSocket(url)),
    breakLinks,
    async close() {
      breakLinks();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
