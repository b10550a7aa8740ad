import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openLink, type Link, type LinkOptions } from './http-link.ts';
import { createRateLimit } from './rate-limit.ts';
import { SendFailure } from './send-failure.ts';

let server: Server | null = null;
let link: Link | null = null;
afterEach(async () => {
  link?.close();
  server?.closeAllConnections();
  await new Promise<void>((resolve) => (server === null ? resolve() : server.close(() => resolve())));
  server = null;
});

const linkOptions: Omit<LinkOptions, 'address'> = {
  auth: 'none',
  user: null,
  secret: null,
  caPath: null,
  rate: createRateLimit(null),
  idleMs: 10_000,
  onSent: () => undefined,
  onAnswer: () => undefined,
};

/** A link to a server that answers so. */
async function linked(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  options: Partial<LinkOptions> = {},
): Promise<Link> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  link = openLink({
    ...linkOptions,
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...options,
  });
  return link;
}

const failureOf = async (work: Promise<unknown>): Promise<SendFailure> => {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown instanceof SendFailure) return thrown;
  throw new Error(`No SendFailure: ${String(thrown)}`);
};

test.each([
  [401, 'locked'],
  [403, 'refused'],
  [400, 'refused'],
  [413, 'refused'],
  [429, 'busy'],
  [500, 'failed'],
  [501, 'refused'],
  [503, 'busy'],
  [302, 'refused'],
] as const)('a %i is %s', async (status, kind) => {
  const { text } = await linked((_request, response) => {
    response.writeHead(status, { 'retry-after': '7', location: '/login' });
    response.end(JSON.stringify({ error_code: 'SOME_CODE', message: 'in its words' }));
  });
  const failure = await failureOf(text({ method: 'GET', path: '/x' }));
  expect(failure).toMatchObject({ kind, status, remoteCode: 'SOME_CODE', retryAfterMs: 7000 });
  expect(failure.evidence).toContain('in its words');
});

test('a secret goes into the header, and comes back in no error', async () => {
  const seen: string[] = [];
  const { text } = await linked(
    (request, response) => {
      seen.push(request.headers.authorization ?? '');
      response.writeHead(400);
      response.end(`your password was hunter2 and your header ${request.headers.authorization}`);
    },
    { auth: 'token', secret: 'hunter2' },
  );
  const failure = await failureOf(text({ method: 'GET', path: '/x' }));
  expect(seen).toEqual(['Bearer hunter2']);
  expect(JSON.stringify(failure.toShape())).not.toContain('hunter2');
});

test('silence is a line that is cut, and nobody there is none at all', async () => {
  const { text } = await linked(() => undefined, { idleMs: 200 });
  expect((await failureOf(text({ method: 'POST', path: '/x', json: '{}' }))).kind).toBe('cut');
  server?.closeAllConnections();
  await new Promise<void>((resolve) => server?.close(() => resolve()));
  server = null;
  expect((await failureOf(text({ method: 'POST', path: '/x', json: '{}' }))).kind).toBe('unreachable');
});

test('an answer that comes while the body is still going out is heard', async () => {
  const { text } = await linked((request, response) => {
    response.writeHead(413, { connection: 'close' });
    response.end('too much', () => request.destroy());
  });
  async function* much() {
    for (let part = 0; part < 400; part++) yield new Uint8Array(65_536);
  }
  const failure = await failureOf(
    text({ method: 'PUT', path: '/x', body: { stream: much(), sizeBytes: 400 * 65_536 } }),
  );
  expect(['refused', 'cut']).toContain(failure.kind);
});

test('no more than the limit goes out', async () => {
  let received = 0;
  const { text } = await linked(
    (request, response) => {
      request.on('data', (part: Buffer) => (received += part.length)).once('end', () => response.end('{}'));
    },
    { rate: createRateLimit(100_000) },
  );
  async function* parts() {
    for (let part = 0; part < 10; part++) yield new Uint8Array(5000);
  }
  const startedAt = performance.now();
  await text({ method: 'PUT', path: '/x', body: { stream: parts(), sizeBytes: 50_000 } });
  expect(received).toBe(50_000);
  expect(performance.now() - startedAt).toBeGreaterThan(400);
});

test('a question that is cut off is asked again, at most three times; what changes something is not', async () => {
  const asked: string[] = [];
  const { text } = await linked((request, response) => {
    asked.push(request.method ?? '');
    if (asked.length % 3 !== 0) request.socket.destroy();
    else response.end('whole');
  });
  expect(await text({ method: 'GET', path: '/question' })).toBe('whole');
  expect((await failureOf(text({ method: 'POST', path: '/change', json: '{}' }))).kind).toBe('cut');
  expect(asked).toEqual(['GET', 'GET', 'GET', 'POST']);
});

test('what is signed goes without the secret, stays out of errors, and over TLS only where the target has it', async () => {
  const seen: (string | undefined)[] = [];
  const { putSigned, bytesSigned } = await linked(
    (request, response) => {
      seen.push(request.headers.authorization);
      // A store that knows no ranges.
      if (request.method === 'GET') response.end('all of it');
      else response.writeHead(403).end(`no: ${request.url}`);
    },
    { auth: 'token', secret: 'hunter2' },
  );
  const signature = 'c2lnbmVkIGZvciBhbiBob3Vy/+=';
  const place = {
    url: `http://127.0.0.1:${(server!.address() as AddressInfo).port}/x?part=1&signature=${encodeURIComponent(signature)}`,
    headers: {},
  };
  const failure = await failureOf(putSigned(place, new Uint8Array(3), () => undefined));
  expect(failure).toMatchObject({ kind: 'refused', status: 403 });
  expect(failure.evidence).toContain('part=1');
  for (const form of [signature, encodeURIComponent(signature)])
    expect(JSON.stringify(failure.toShape())).not.toContain(form);
  const read = async (from: number) => {
    for await (const _part of bytesSigned(place, from));
  };
  await read(0);
  expect((await failureOf(read(3))).kind).toBe('refused');
  expect(seen).toEqual([undefined, undefined, undefined]);
  link?.close();
  link = openLink({ ...linkOptions, address: 'https://team.example' });
  expect((await failureOf(link.putSigned(place, new Uint8Array(3), () => undefined))).kind).toBe('refused');
});
