import { timingSafeEqual } from 'node:crypto';

/** The parts of a request that decide whether it may go on; the same for a plain request and for `upgrade`. */
export interface Knock {
  readonly method: string;
  readonly pathname: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
  /** Offered by a WebSocket, where a page cannot set headers: `token.<token>` among them. */
  readonly subprotocols: readonly string[];
  readonly contentType: string | undefined;
  readonly fetchSite: string | undefined;
  readonly isUpgrade: boolean;
}

export interface Refusal {
  readonly status: 401 | 403 | 405 | 415;
  readonly what: string;
}

/**
 * Decides about every request before anything else looks at it. Null lets it in.
 * - Host must name this very server, so that a foreign name that resolves to 127.0.0.1 is refused (DNS rebinding).
 * - Origin, where a browser sends one, must be this server's, so that no other page can speak to the engine.
 * - The token must be there: as Bearer, as the password of Basic, or as a subprotocol. Only the window's own files and
 *   `/health` go without, for GET and HEAD; they hold nothing of the user's.
 * - A body must be JSON, an octet stream or protobuf, which no form of another page can send. A PUT may have any type, since no
 *   form can send a PUT: MLflow's client names the type of each artifact it uploads.
 */
export function admit(
  knock: Knock,
  server: { port: number; token: string | null; isOpen: (pathname: string) => boolean },
): Refusal | null {
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${server.port}`);
  if (knock.host === undefined || !hosts.includes(knock.host.toLowerCase())) {
    return { status: 403, what: `The Host header must be one of ${hosts.join(', ')}.` };
  }
  if (knock.origin !== undefined && !hosts.some((host) => knock.origin === `http://${host}`)) {
    return { status: 403, what: 'Pages of another origin may not speak to the engine.' };
  }
  const isRead = knock.method === 'GET' || knock.method === 'HEAD';
  if (isRead && !knock.isUpgrade && server.isOpen(knock.pathname)) return null;
  if (knock.fetchSite !== undefined && !['same-origin', 'none'].includes(knock.fetchSite)) {
    return { status: 403, what: 'Pages of another site may not speak to the engine.' };
  }
  if (server.token !== null && !tokensOf(knock).some((token) => isSame(token, server.token ?? ''))) {
    return {
      status: 401,
      what: 'The token is missing or wrong. `benchtop open` prints the address that holds it.',
    };
  }
  if (!isRead && !['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(knock.method)) {
    return { status: 405, what: `The method ${knock.method} is not used here.` };
  }
  const type = knock.contentType?.split(';')[0]?.trim().toLowerCase();
  if (
    !isRead &&
    knock.method !== 'PUT' &&
    type !== undefined &&
    type !== 'application/json' &&
    type !== 'application/octet-stream' &&
    type !== 'application/x-protobuf'
  ) {
    return { status: 415, what: `A body must be application/json, not ${type}.` };
  }
  return null;
}

function tokensOf(knock: Knock): string[] {
  const [scheme = '', value = ''] = (knock.authorization ?? '').split(' ', 2);
  const offered = knock.subprotocols
    .filter((name) => name.startsWith('token.'))
    .map((name) => name.slice('token.'.length));
  if (/^bearer$/i.test(scheme)) offered.push(value);
  if (/^basic$/i.test(scheme))
    offered.push(Buffer.from(value, 'base64').toString('utf8').split(':').slice(1).join(':'));
  return offered;
}

/** Compares in a time that does not depend on where the two differ. */
function isSame(offered: string, expected: string): boolean {
  const [a, b] = [Buffer.from(offered), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
