import type { AddressInfo } from 'node:net';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { WebSocketServer } from 'ws';
import {
  createMessagePort,
  createWebSocketPort,
  serveContract,
  type MessagePortLike,
} from '../contract/index.ts';
import { handlers, info, rooms, view } from './rpc-rooms.ts';

/**
 * The answering side, in a thread of its own as the engine is in a process of its own. It serves the contract and,
 * as the floor, the same answers over the bare link: any message is a question, "info" or "view".
 */
if (parentPort === null) throw new Error('rpc-answerer.ts runs in a worker thread.');
const parent = parentPort;

const unexpected = (error: unknown, path: string) => console.error(path, error);
const infoBytes = Buffer.from(JSON.stringify(info));
const viewBytes = Buffer.concat(
  [view.steps, view.times, view.values].map((column) => Buffer.from(column.buffer)),
);

const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
sockets.on('connection', (socket, request) => {
  if (request.url === '/rpc') serveContract(createWebSocketPort(socket), rooms, handlers, unexpected);
  else
    socket.on('message', (question: Buffer) =>
      socket.send(question.toString() === 'info' ? infoBytes : viewBytes),
    );
});
sockets.on('listening', () => parent.postMessage((sockets.address() as AddressInfo).port));

parent.on('message', ({ served, bare }: { served: MessagePort; bare: MessagePort }) => {
  // Node's declarations leave out that the event of a message carries data.
  serveContract(createMessagePort(served as unknown as MessagePortLike), rooms, handlers, unexpected);
  bare.on('message', (question) => bare.postMessage(question === 'info' ? info : view));
});
