import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What may happen to one request on its way. */
export type Fault =
  /** The line breaks after so many bytes of the request's body; the server never hears of it. */
  | { readonly kind: 'cut-request'; readonly afterBytes: number }
  /** The server does the work, and nobody hears its answer. */
  | { readonly kind: 'drop-answer' }
  /** The line breaks, and the server does the work all the same, but only then. */
  | { readonly kind: 'late'; readonly until: Promise<unknown> }
  /** The answer breaks off after so many bytes. */
  | { readonly kind: 'cut-answer'; readonly afterBytes: number }
  /** Nothing comes back, and the line stays as it is. */
  | { readonly kind: 'silence' }
  /** Something on the way answers in place of the server. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number };

export interface FaultProxy {
  readonly address: string;
  /** Asked for each request; null lets it through. */
  setFaults(faultOf: (method: string, path: string) => Fault | null): void;
  /** How often each fault was done, and the bytes of bodies that came from the client. */
  readonly done: ReadonlyMap<Fault['kind'], number>;
  bodyBytes(): number;
  /** The bytes of bodies that the server answered with. */
  answerBytes(): number;
  /** Cuts the line in the midst of everything that is on its way. */
  cutAll(): void;
  close(): Promise<void>;
}

/** For tests: stands between a client and an HTTP server, and breaks what it is told to. */
export async function startFaultProxy(target: () => string): Promise<FaultProxy> {
  let faultOf: (method: string, path: string) => Fault | null = () => null;
  const done = new Map<Fault['kind'], number>();
  let bodyBytes = 0;
  let answerBytes = 0;

  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/' } = incoming;
    const fault = faultOf(method, url);
    if (fault !== null) done.set(fault.kind, (done.get(fault.kind) ?? 0) + 1);
    incoming.on('data', (part: Buffer) => (bodyBytes += part.length));
    if (fault?.kind === 'status') {
      incoming.resume().once('end', () => {
        const pause = fault.retryAfterSeconds;
        outgoing.writeHead(fault.status, pause === undefined ? {} : { 'retry-after': String(pause) });
        outgoing.end('broken on the way');
      });
      return;
    }
    if (fault?.kind === 'silence') {
      incoming.resume();
      return;
    }
    if (fault?.kind === 'late') {
      void doLate(incoming, target, fault.until);
      return;
    }
    if (fault?.kind === 'cut-request') {
      cutAfter(incoming, outgoing, fault.afterBytes);
      return;
    }
    forward(incoming, outgoing, target(), fault, (bytes) => (answerBytes += bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setFaults(next) {
      faultOf = next;
    },
    done,
    bodyBytes: () => bodyBytes,
    answerBytes: () => answerBytes,
    cutAll: () => server.closeAllConnections(),
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Takes a request whole, cuts the line, and hands it on when it is time. */
async function doLate(
  incoming: IncomingMessage,
  target: () => string,
  until: Promise<unknown>,
): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const { method, url = '/', headers, socket } = incoming;
  socket.destroy();
  await until;
  const { host: _host, connection: _connection, ...own } = headers;
  const sent = request(`${target()}${url}`, { method, headers: own }, (answer) => answer.resume());
  sent.once('error', () => undefined); // the server is gone by now: it was never done
  sent.end(Buffer.concat(parts));
}

function cutAfter(incoming: IncomingMessage, outgoing: ServerResponse, afterBytes: number): void {
  let seen = 0;
  const cut = () => outgoing.socket?.destroy();
  incoming.on('data', (part: Buffer) => {
    seen += part.length;
    if (seen >= afterBytes) cut();
  });
  incoming.once('end', cut);
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  target: string,
  fault: Fault | null,
  onAnswered: (bytes: number) => void,
): void {
  const { host: _host, connection: _connection, ...headers } = incoming.headers;
  const sent = request(`${target}${incoming.url ?? '/'}`, { method: incoming.method, headers }, (answer) => {
    if (fault?.kind === 'drop-answer') {
      answer.resume().once('end', () => outgoing.socket?.destroy());
      return;
    }
    const { connection: _ours, ...own } = answer.headers;
    outgoing.writeHead(answer.statusCode ?? 502, own);
    let left = fault?.kind === 'cut-answer' ? fault.afterBytes : Number.POSITIVE_INFINITY;
    answer.on('data', (part: Buffer) => {
      onAnswered(part.length);
      // As a line does: what the client has not taken holds up the server, and does not pile up here, where a cut would lose it.
      if (!outgoing.write(part.subarray(0, Math.min(part.length, left)))) answer.pause();
      left -= part.length;
      if (left <= 0) outgoing.socket?.destroy();
    });
    outgoing.on('drain', () => answer.resume());
    answer.once('end', () => (fault?.kind === 'cut-answer' ? outgoing.socket?.destroy() : outgoing.end()));
    answer.once('error', () => outgoing.socket?.destroy());
  });
  // The server is away: so is the line.
  sent.once('error', () => outgoing.socket?.destroy());
  incoming.once('error', () => sent.destroy());
  outgoing.once('close', () => {
    if (!outgoing.writableEnded && fault?.kind !== 'drop-answer') sent.destroy();
  });
  incoming.pipe(sent);
}
