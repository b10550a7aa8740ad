import {
  Agent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import type { Agent as TlsAgent } from 'node:https';
import { readFileSync } from 'node:fs';
import { BenchtopError } from '../../../contract/index.ts';
import { answerFailure, brokenLine } from './answer-failure.ts';
import type { RateLimit } from './rate-limit.ts';
import { refusal, SendFailure } from './send-failure.ts';

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

/** An address that the target has signed, on any host. */
export interface SignedPlace {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** HTTP to one target: kept-alive connections, the proxy of the environment, its secret in the header and nowhere else. */
export interface Link {
  /** The answer's text. A question that is cut off is asked again. @throws {SendFailure} for anything but a yes. */
  text(request: LinkRequest): Promise<string>;
  /** The answer's bytes as they come. @throws {SendFailure} */
  bytes(path: string): AsyncGenerator<Buffer>;
  /**
   * The bytes of a signed address from one on, as they come. @throws {SendFailure} as `putSigned`, and where the store does not begin
   * in the midst.
   */
  bytesSigned(place: SignedPlace, from: number): AsyncGenerator<Buffer>;
  /**
   * Puts bytes where the target has signed that they may go, on any host; the target's own secret stays away from it. Returns the
   * answer's headers. @throws {SendFailure} for anything but a yes; what is signed is not in it.
   */
  putSigned(
    place: SignedPlace,
    bytes: Uint8Array,
    onSent: (bytes: number) => void,
  ): Promise<IncomingHttpHeaders>;
  close(): void;
}

/** A few lines to one target: its workers are few, and other people use it too. */
const maxSockets = 4;
/** A question whose answer was cut off changes nothing: it is asked again at once, so often in all. */
const questionTries = 3;
const sliceBytes = 65_536;
/** In the query of a signed address a shorter value is no secret. */
const secretCharacters = 16;
/** An answer is a page of something; more than this is none. */
const maxAnswerBytes = 256 * 1024 * 1024;

export function openLink(options: LinkOptions): Link {
  const agentOptions = { keepAlive: true, maxSockets, proxyEnv: process.env };
  const plain = new Agent(agentOptions);
  // Loaded where there is a target that needs it: most engines start without one.
  let tls: TlsAgent | undefined;
  const tlsAgent = (): TlsAgent =>
    (tls ??= new (https().Agent)({ ...agentOptions, ...trusted(options.caPath) }));
  if (options.address.startsWith('https:')) tlsAgent();
  const closing = new AbortController();
  const authorization = authorizationOf(options);
  const hide = (text: string): string =>
    options.secret === null ? text : text.replaceAll(options.secret, '•••');
  /** The target itself, which knows us. */
  const own = ({ path, json, body }: LinkRequest): Place => ({
    url: new URL(`${options.address}${path}`),
    headers: {
      ...(authorization === null ? {} : { authorization }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(body === undefined ? {} : { 'content-type': 'application/octet-stream' }),
    },
    name: options.address,
    hide,
  });

  function open({ method, json, body, onSent }: LinkRequest, place: Place): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sizeBytes = json === undefined ? body?.sizeBytes : Buffer.byteLength(json);
      const isTls = place.url.protocol === 'https:';
      const requestOptions: RequestOptions = {
        agent: isTls ? tlsAgent() : plain,
        method,
        signal: closing.signal,
        timeout: options.idleMs,
        headers: {
          ...place.headers,
          ...(sizeBytes === undefined ? {} : { 'content-length': sizeBytes }),
        },
      };
      const sent = (isTls ? https().request : httpRequest)(place.url, requestOptions);
      let isConnected = false;
      const failed = (error: unknown) => reject(brokenLine(error, place.name, isConnected, place.hide));
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

  /** The answer, where it is a yes. */
  async function answerOf(request: LinkRequest, place: Place): Promise<IncomingMessage> {
    const response = await open(request, place);
    const status = response.statusCode ?? 0;
    if (status >= 200 && status <= 299) return response;
    throw answerFailure(
      { status, headers: response.headers, text: place.hide(await firstText(response)) },
      `${request.method} ${place.name}${request.path.replace(/\?.*/s, '')}`,
    );
  }

  async function* read(request: LinkRequest, place = own(request), from = 0): AsyncGenerator<Buffer> {
    const response = await answerOf(request, place);
    // RFC 9110, 14.2: whoever does not know ranges sends all of it.
    if (from > 0 && response.statusCode !== 206) {
      response.destroy();
      throw refusal(`${place.name} gives no file from its middle on.`);
    }
    try {
      for await (const part of response) yield part as Buffer;
    } catch (error) {
      throw brokenLine(error, place.name, true, place.hide);
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
    bytesSigned({ url, headers }, from) {
      const range = from === 0 ? {} : { range: `bytes=${from}-` };
      const place = signedPlace(options.address, url, { ...headers, ...range });
      return read({ method: 'GET', path: place.url.pathname }, place, from);
    },
    async putSigned({ url, headers }, bytes, onSent) {
      const place = signedPlace(options.address, url, headers);
      const request: LinkRequest = {
        method: 'PUT',
        path: place.url.pathname,
        body: { stream: slices(bytes), sizeBytes: bytes.length },
        onSent,
      };
      const response = await answerOf(request, place);
      await firstText(response); // read to its end, so that the line can be used again
      options.onAnswer();
      return response.headers;
    },
    close() {
      closing.abort();
      plain.destroy();
      tls?.destroy();
    },
  };
}

/** Where a request goes, and what nobody else is to read of that. */
interface Place {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** For people. */
  readonly name: string;
  readonly hide: (text: string) => string;
}

/** @throws {SendFailure} `refused` for no address at all, and for one without TLS where the target has it. */
function signedPlace(target: string, signed: string, headers: Readonly<Record<string, string>>): Place {
  const url = URL.canParse(signed) ? new URL(signed) : null;
  const isFit = url?.protocol === 'https:' || (url?.protocol === 'http:' && !target.startsWith('https:'));
  if (url === null || !isFit)
    throw refusal(`The target signs an address that is not used: ${url?.protocol ?? 'it is none'}.`);
  const secrets = [...url.searchParams.values()].filter(({ length }) => length >= secretCharacters);
  return {
    url,
    headers,
    name: url.origin,
    hide: (text) =>
      secrets.reduce(
        (rest, secret) => rest.replaceAll(secret, '•••').replaceAll(encodeURIComponent(secret), '•••'),
        text,
      ),
  };
}

/** Little at a time, so that a limit spreads it and progress is told. */
async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sliceBytes) yield bytes.subarray(at, at + sliceBytes);
}

const https = () => process.getBuiltinModule('node:https');

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
