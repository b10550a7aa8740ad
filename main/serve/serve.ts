import type { getRequestListener } from '@hono/node-server';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebSocketServer } from 'ws';
import { BenchtopError, createWebSocketPort, maxFrameBytes } from '../../contract/index.ts';
import type { Engine } from '../../engine/index.ts';
import { createWindowFiles } from '../window-files/index.ts';
import { admit, type Knock, type Refusal } from './gate.ts';

/** Imported, it would bring undici along for the sake of its WebSocket, which takes longer than all else that is loaded here. */
const { createServer } = process.getBuiltinModule('node:http');

export interface ServeOptions {
  readonly engine: Engine;
  /** 0 takes the home's last one where it is free, else whichever the system chooses. */
  readonly port: number;
  /** The built window; null serves the engine alone. */
  readonly windowPath: string | null;
  /** False lets every program of this machine in; the address stays loopback all the same. */
  readonly needsToken: boolean;
}

export interface Served {
  readonly port: number;
  /** What a person opens: holds the token in its fragment, which no server and no log sees. */
  readonly url: string;
  /** Open windows and other callers. */
  connectionCount(): number;
  close(): Promise<void>;
}

/** Gives an engine an address on 127.0.0.1. Every request passes the gate once, before anything else. */
export async function serve({ engine, port, windowPath, needsToken }: ServeOptions): Promise<Served> {
  const token = needsToken ? engine.home.token : null;
  const windowFile = windowPath === null ? null : createWindowFiles(windowPath);
  const isEnginePath = (pathname: string) =>
    pathname === '/rpc' || engine.paths.some((own) => pathname === own || pathname.startsWith(`${own}/`));
  const isOpen = (pathname: string) => pathname === '/health' || !isEnginePath(pathname);
  let answering: Promise<ReturnType<typeof getRequestListener>> | undefined;
  /** Loaded for the first request that the engine answers, for the same reason. */
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    answering ??= import('@hono/node-server').then((server) =>
      server.getRequestListener((asked) => engine.fetch(asked)),
    );
    await (
      await answering
    )(request, response);
  };

  // No request comes before it listens.
  let bound = 0;
  const refusalOf = (request: IncomingMessage, isUpgrade: boolean): Refusal | null =>
    admit(knockOf(request, isUpgrade), { port: bound, token, isOpen });

  const server = createServer((request, response) => {
    const refusal = refusalOf(request, false);
    const pathname = pathnameOf(request);
    if (refusal !== null) refuse(response, refusal);
    else if (pathname === '/health') sendText(response, 'OK');
    else if (isEnginePath(pathname) && climbs(pathname)) refuseClimbing(response);
    else if (isEnginePath(pathname)) void answer(request, response);
    else if (windowFile !== null) {
      windowFile(pathname, request.headers['if-none-match'] ?? null).then(
        ({ status, headers, body }) =>
          response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body),
        (error: unknown) =>
          refuse(response, { status: 503, what: error instanceof Error ? error.message : String(error) }),
      );
    } else refuse(response, { status: 404, what: `There is nothing at ${pathname}.` });
  });
  // Slow uploads are fine; a connection that never says anything is not.
  server.requestTimeout = 0;
  server.headersTimeout = 30_000;

  let sockets: WebSocketServer | undefined;
  /** Loaded for the first that comes: whoever has started the engine speaks to it in another way. */
  const socketServer = async () => {
    const ws = await import('ws');
    return (sockets ??= new ws.WebSocketServer({
      noServer: true,
      maxPayload: maxFrameBytes,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has('benchtop') ? 'benchtop' : false),
    }));
  };
  server.on('upgrade', (request, socket, head) => {
    const refusal =
      pathnameOf(request) === '/rpc'
        ? refusalOf(request, true)
        : { status: 404, what: 'Only /rpc speaks WebSocket.' };
    if (refusal !== null) {
      socket.end(
        `HTTP/1.1 ${refusal.status} Refused\r\nconnection: close\r\ncontent-type: text/plain\r\n\r\n${refusal.what}\n`,
      );
      return;
    }
    const broken = () => socket.destroy();
    socket.once('error', broken);
    void socketServer().then((loaded) => {
      socket.off('error', broken);
      loaded.handleUpgrade(request, socket, head, (webSocket) =>
        engine.connect(createWebSocketPort(webSocket)),
      );
    });
  });

  await listenAt(server, port, engine.home.lastPort);
  bound = (server.address() as AddressInfo).port;
  engine.home.announce({ pid: process.pid, port: bound, token, startedAt: engine.info.startedAt });
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}/${token === null ? '' : `#token=${token}`}`,
    connectionCount: () => sockets?.clients.size ?? 0,
    async close() {
      for (const client of sockets?.clients ?? []) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Any port is as good as another, but the last one is where children of an engine before this one still look. */
async function listenAt(
  server: ReturnType<typeof createServer>,
  port: number,
  lastPort: number | null,
): Promise<void> {
  if (port !== 0 || lastPort === null) return listening(server, port);
  try {
    await listening(server, lastPort);
  } catch {
    await listening(server, 0); // somebody else has it now
  }
}

function listening(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new BenchtopError(
              {
                code: 'cannot-start',
                what: `Port ${port} is in use.`,
                next: 'Choose another with --port, or leave it out for a free one.',
              },
              { cause: error },
            )
          : error,
      );
    server.once('error', refused);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', refused);
      resolve();
    });
  });
}

function knockOf(request: IncomingMessage, isUpgrade: boolean): Knock {
  const { headers } = request;
  const fetchSite = headers['sec-fetch-site'];
  return {
    method: request.method ?? 'GET',
    pathname: pathnameOf(request),
    host: headers.host,
    origin: headers.origin,
    authorization: headers.authorization,
    subprotocols: (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim()),
    contentType: headers['content-type'],
    fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined,
    isUpgrade,
  };
}

/** The path as it was sent, without the query; never resolved, so `..` stays what it is. */
function pathnameOf(request: IncomingMessage): string {
  return (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
}

function refuse(response: ServerResponse, { status, what }: { status: number; what: string }): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' })
    .end(JSON.stringify({ code: 'not-allowed', what }));
}

/** Whether a path has a `..` in it, which a URL would resolve before anybody could refuse it. */
const climbs = (pathname: string): boolean => /(^|\/)(\.|%2e){2}(\/|$)/i.test(pathname);

/** In the shape of MLflow's errors: the paths that a client makes up are those of artifacts. */
function refuseClimbing(response: ServerResponse): void {
  response.writeHead(400, { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' }).end(
    JSON.stringify({
      error_code: 'INVALID_PARAMETER_VALUE',
      message: 'Invalid path',
      sqlstate: 'KAM00',
      error_class: 'INVALID_PARAMETER_VALUE',
    }),
  );
}

function sendText(response: ServerResponse, text: string): void {
  response
    .writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(text);
}
