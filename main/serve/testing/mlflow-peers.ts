import { mkdirSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { startMlflowServer, type FileStore } from '../../../engine/fixture-mlflow-server.ts';
import { createEngine } from '../../../engine/index.ts';
import { resourcesPath } from '../../installation.ts';
import { serve } from '../index.ts';

export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/** What a request is sent with beside its JSON: a text goes out as it is. */
export interface Sending {
  readonly contentType?: string | null;
}

/** One of the two servers that are compared: takes a request, gives what came back. */
export type Ask = (method: string, path: string, body?: unknown, sending?: Sending) => Promise<Answer>;

export interface Peer {
  readonly ask: Ask;
  readonly address: string;
  stop(): Promise<void>;
}

/** A real `mlflow server` over SQLite in a folder, one worker; resolves when it is healthy. */
export async function startMlflow(python: string, folder: string, files?: FileStore): Promise<Peer> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const server = await startMlflowServer(python, folder, port, 1, files);
  const { ask, close } = askServer(port);
  return {
    ask,
    address: server.uri,
    async stop() {
      close();
      await server.stop();
    },
  };
}

/** Benchtop as `benchtop serve --auth none` runs it. Its clock never shows a time twice, so that orders by time are certain. */
export async function startBenchtop(homePath: string): Promise<Peer> {
  let time = Date.now();
  const engine = await createEngine({ homePath, version: '0.0.0', resourcesPath, now: () => ++time });
  const served = await serve({ engine, port: 0, windowPath: null, needsToken: false });
  const { ask, close } = askServer(served.port);
  return {
    ask,
    address: `http://127.0.0.1:${served.port}`,
    async stop() {
      close();
      await served.close();
      await engine.close();
    },
  };
}

/** Sends paths as they are written, which `fetch` would resolve. */
function askServer(port: number): { ask: Ask; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const ask: Ask = (method, path, body, { contentType }: Sending = {}) =>
    new Promise((resolve, reject) => {
      const isText = typeof body === 'string';
      const text = body === undefined ? undefined : isText ? body : JSON.stringify(body);
      const type = contentType === undefined ? (isText ? 'text/plain' : 'application/json') : contentType;
      const sent = request({
        host: '127.0.0.1',
        port,
        method,
        path,
        agent,
        headers: {
          ...(text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }),
          ...(text === undefined || type === null ? {} : { 'content-type': type }),
        },
      });
      sent.once('response', (response) => void answered(response).then(resolve, reject));
      sent.once('error', (error: NodeJS.ErrnoException) => {
        // A connection that was kept open for reuse may just have been closed by the server: nothing was sent yet.
        if (error.code === 'ECONNRESET' && sent.reusedSocket)
          ask(method, path, body, contentType === undefined ? {} : { contentType }).then(resolve, reject);
        else reject(error);
      });
      sent.end(text);
    });
  return { ask, close: () => agent.destroy() };
}

async function answered(response: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString('utf8');
  return { status: response.statusCode ?? 0, json: parsed(text) ?? parsed(withoutBareWords(text)) ?? text };
}

/** Python writes NaN and Infinity as bare words, which is no JSON. */
const withoutBareWords = (text: string): string => text.replaceAll(/:\s*(NaN|-?Infinity)\b/g, ':"$1"');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // no JSON
  }
}

/** A port that nobody listens on just now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
