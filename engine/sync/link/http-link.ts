import type { IncomingMessage, RequestOptions } from 'node:http';
import { readFileSync } from 'node:fs';
import { BenchtopError } from '../../../contract/index.ts';
import { answerFailure, brokenLine } from './answer-failure.ts';
import type { RateLimit } from './rate-limit.ts';
import { SendFailure } from './send-failure.ts';

export interface LinkOptions {
  /** Without a slash at its end. */
  readonly address: string;
  readonly auth: 'none' | 'token' | 'basic';
  readonly user: string | null;
  readonly secret: string | null;
  readonly caPath: string | null;
  readonly rate: RateLimit;
  /** No sign of life for so long, in ms, is a line that is cut. */
  readonly idleMs: number;
  /** Hears of every byte of a body that goes out. */
  readonly onSent: (bytes: number) => void;
  /** Hears of every yes that came back whole. */
  readonly onAnswer: () => void;
}

export interface LinkRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the address on, with its query. */
  readonly path: string;
  readonly json?: string | undefined;
  readonly body?: { readonly stream: AsyncIterable<Uint8Array>; readonly sizeBytes: number } | undefined;
  /** Hears of this request's own bytes. */
  readonly onSent?: ((bytes: number) => void) | undefined;
}

/** HTTP to one target: kept-alive connections, the proxy of the environment, its secret in the header and nowhere else. */
export interface Link {
  /** The answer's text. A question that is cut off is asked again. @throws {SendFailure} for anything but a yes. */
  text(request: LinkRequest): Promise<string>;
  /** The answer's bytes as they come. @throws {SendFailure} */
  bytes(path: string): AsyncGenerator<Buffer>;
  close(): void;
}

/** A few lines to one target: its workers are few, and other people use it too. */
const maxSockets = 4;
/** A question whose answer was cut off changes nothing: it is asked again at once, so often in all. */
const questionTries = 3;
/** An answer is a page of something; more than this is none. */
const maxAnswerBytes = 256 * 1024 * 1024;

export function openLink(options: LinkOptions): Link {
  const base = new URL(options.address);
  const isTls = base.protocol === 'https:';
  const agentOptions = { keepAlive: true, maxSockets, proxyEnv: process.env };
  // Loaded where there is a target: most engines start without one.
  const http = process.getBuiltinModule('node:http');
  const https = isTls ? process.getBuiltinModule('node:https') : null;
  const agent =
    https === null
      ? new http.Agent(agentOptions)
      : new https.Agent({ ...agentOptions, ...trusted(options.caPath) });
  const closing = new AbortController();
  const authorization = authorizationOf(options);
  const hide = (text: string): string =>
    options.secret === null ? text : text.replaceAll(options.secret, '•••');

  function open({ method, path, json, body, onSent }: LinkRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sizeBytes = json === undefined ? body?.sizeBytes : Buffer.byteLength(json);
      const requestOptions: RequestOptions = {
        agent,
        method,
        signal: closing.signal,
        timeout: options.idleMs,
        headers: {
          ...(authorization === null ? {} : { authorization }),
          ...(sizeBytes === undefined ? {} : { 'content-length': sizeBytes }),
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...(body === undefined ? {} : { 'content-type': 'application/octet-stream' }),
        },
      };
      const url = new URL(`${options.address}${path}`);
      const sent = (https ?? http).request(url, requestOptions);
      let isConnected = false;
      const failed = (error: unknown) => reject(brokenLine(error, options.address, isConnected, hide));
      sent.once('socket', (socket) => {
        if (!socket.connecting) isConnected = true;
        else socket.once(isTls ? 'secureConnect' : 'connect', () => (isConnected = true));
      });
      sent.once('timeout', () => sent.destroy(new Error(`no sign of life for ${options.idleMs / 1000} s`)));
      sent.once('error', failed);
      sent.once('response', resolve);
      const gone = (bytes: number) => {
        options.onSent(bytes);
        onSent?.(bytes);
      };
      const write = async () => {
        if (json !== undefined) {
          await options.rate.take(Buffer.byteLength(json), closing.signal);
          sent.write(json);
          gone(Buffer.byteLength(json));
        }
        for await (const part of body?.stream ?? []) {
          if (sent.destroyed) return;
          await options.rate.take(part.length, closing.signal);
          if (!sent.write(part)) await drained(sent);
          gone(part.length);
        }
        sent.end();
      };
      write().catch((error: unknown) => {
        sent.destroy();
        // What is wrong with our own copy is told as it is.
        if (error instanceof BenchtopError) reject(error);
        else failed(error);
      });
    });
  }

  async function* read(request: LinkRequest): AsyncGenerator<Buffer> {
    const response = await open(request);
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299)
      throw answerFailure(
        { status, headers: response.headers, text: hide(await firstText(response)) },
        `${request.method} ${options.address}${request.path.replace(/\?.*/s, '')}`,
      );
    try {
      for await (const part of response) yield part as Buffer;
    } catch (error) {
      throw brokenLine(error, options.address, true, hide);
    }
  }

  async function wholeText(request: LinkRequest): Promise<string> {
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of read(request)) {
      parts.push(part);
      size += part.length;
      if (size > maxAnswerBytes)
        throw new BenchtopError({
          code: 'too-large',
          what: `The answer of ${options.address} never ends.`,
        });
    }
    options.onAnswer();
    return Buffer.concat(parts).toString('utf8');
  }

  return {
    async text(request) {
      for (let tries = 1; ; tries++) {
        try {
          return await wholeText(request);
        } catch (error) {
          const isCut = error instanceof SendFailure && error.kind === 'cut';
          if (!isCut || request.method !== 'GET' || tries === questionTries || closing.signal.aborted)
            throw error;
        }
      }
    },
    bytes: (path) => read({ method: 'GET', path }),
    close() {
      closing.abort();
      agent.destroy();
    },
  };
}

function trusted(caPath: string | null): { ca?: string[] } {
  if (caPath === null) return {};
  const { rootCertificates } = process.getBuiltinModule('node:tls');
  try {
    return { ca: [...rootCertificates, readFileSync(caPath, 'utf8')] };
  } catch (error) {
    throw new BenchtopError(
      {
        code: 'file-unreadable',
        what: `The certificates in ${caPath} cannot be read.`,
        evidence: error instanceof Error ? error.message : String(error),
        next: 'Name a PEM file with `benchtop target change --ca`.',
      },
      { cause: error },
    );
  }
}

function authorizationOf({ auth, user, secret }: LinkOptions): string | null {
  if (auth === 'none') return null;
  if (auth === 'token') return `Bearer ${secret ?? ''}`;
  return `Basic ${Buffer.from(`${user ?? ''}:${secret ?? ''}`).toString('base64')}`;
}

/** Resolves when more can be written, or when nothing can any more. */
const drained = (stream: NodeJS.EventEmitter): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      for (const event of ['drain', 'close', 'error']) stream.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) stream.on(event, done);
  });

/** As much of an answer as a person would read. */
async function firstText(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of response) {
      parts.push(part as Buffer);
      size += (part as Buffer).length;
      if (size > 64 * 1024) break;
    }
  } catch {
    // The status says enough when the words are cut off.
  }
  return Buffer.concat(parts).toString('utf8');
}
