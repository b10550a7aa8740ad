import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { createConnection } from './client.ts';
import { encodeFrame } from './frame.ts';
import { stream } from './procedure.ts';
import { serveContract } from './server.ts';
import { openSocketLink, type SocketLink } from './testing/links.ts';
import { createWebSocketPort, notAFrameCode, openWebSocketPort } from './web-socket.ts';

const contract = { room: { flood: stream('As many blocks as one can take.', z.object({}), z.unknown()) } };
const blockBytes = 256 * 1024;
const blocks = 400;

let link: SocketLink;
let produced: number;

beforeEach(async () => {
  produced = 0;
  link = await openSocketLink((port) =>
    serveContract(port, contract, { room: { flood } }, (error) => {
      throw error;
    }),
  );
});
afterEach(() => link.close());

async function* flood() {
  for (produced = 0; produced < blocks;) {
    produced += 1;
    yield { cursor: String(produced), event: new Uint8Array(blockBytes).fill(produced % 251) };
  }
}

test('a reader that stops reading stops the sender, and loses nothing', async () => {
  const socket = new WebSocket(link.url);
  const connection = createConnection(contract, () => openWebSocketPort(socket));
  let seen = 0;
  const reading = (async () => {
    for await (const block of connection.api.room.flood({})) {
      expect((block as Uint8Array)[0]).toBe((seen + 1) % 251);
      seen += 1;
    }
  })();
  await expect.poll(() => seen).toBeGreaterThan(0);
  socket.pause();
  let last = -1;
  await expect.poll(() => last === (last = produced), { interval: 200, timeout: 10_000 }).toBe(true);
  // The buffers of two sockets and of the kernel hold some megabytes of the hundred.
  expect(produced).toBeLessThan(blocks / 2);
  socket.resume();
  await reading;
  expect(seen).toBe(blocks);
  connection.close();
});

test('a socket that was opened before is a port at once, and one that has closed never is', async () => {
  const socket = new WebSocket(link.url);
  await once(socket, 'open');
  (await openWebSocketPort(socket)).close();
  await once(socket, 'close');
  await expect(openWebSocketPort(socket)).rejects.toMatchObject({ code: 'disconnected' });
});

test('a sender that waits for room is let go when the link ends', async () => {
  const socket = new WebSocket(link.url);
  await once(socket, 'open');
  const port = createWebSocketPort({
    binaryType: 'arraybuffer',
    bufferedAmount: Number.POSITIVE_INFINITY,
    readyState: socket.readyState,
    send: () => undefined,
    close: () => socket.close(),
    addEventListener: () => undefined,
  });
  const waiting = port.post({ kind: 'cancel', id: 1 });
  expect(waiting).toBeInstanceOf(Promise);
  port.close();
  await waiting;
});

test.each([
  ['text', 'hello'],
  ['a text that is a message', '{"kind":"cancel","id":1}'],
  ['no bytes', new Uint8Array(0)],
  ['noise', new Uint8Array([9, 9, 9, 9, 9, 9])],
])('%s is refused and the link ended', async (_name, sent) => {
  const socket = new WebSocket(link.url);
  await once(socket, 'open');
  socket.send(sent);
  const [code] = (await once(socket, 'close')) as [number];
  expect(code).toBe(notAFrameCode);
});

test('a frame in many fragments is one message', async () => {
  const socket = new WebSocket(link.url);
  await once(socket, 'open');
  const frame = encodeFrame({ kind: 'call', id: 5, path: 'room.none', input: {} });
  for (let at = 0; at < frame.length; at += 10) {
    socket.send(frame.subarray(at, at + 10), { fin: at + 10 >= frame.length });
  }
  const [answer] = (await once(socket, 'message')) as [Buffer];
  expect(answer.toString('latin1')).toContain('room.none');
  socket.terminate();
});

test('where nobody listens, opening rejects', async () => {
  await link.close();
  await expect(openWebSocketPort(new WebSocket(link.url))).rejects.toMatchObject({ code: 'disconnected' });
});
