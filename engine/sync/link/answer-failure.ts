import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorCode } from '../../../contract/index.ts';
import { SendFailure, type FailureKind } from './send-failure.ts';

/** A pause longer than this is not waited for in one piece, in ms. */
const longestPauseMs = 3_600_000;

/** What an answer that is no yes means. */
export function answerFailure(
  { status, headers, text }: { status: number; headers: IncomingHttpHeaders; text: string },
  asked: string,
): SendFailure {
  const { remoteCode, message } = wordsOf(text);
  const evidence = `${asked}: ${status} ${[remoteCode, message].filter((word) => word !== '').join(': ')}`;
  const [kind, code, what, next] = meaningOf(status, message, headers.location);
  return new SendFailure(
    kind,
    { code, what, evidence, ...(next === undefined ? {} : { next }) },
    { status, remoteCode, retryAfterMs: pauseOf(headers['retry-after']) },
  );
}

function meaningOf(
  status: number,
  message: string,
  location: string | undefined,
): [kind: FailureKind, code: ErrorCode, what: string, next?: string] {
  if (status === 401)
    return [
      'locked',
      'not-allowed',
      'The target does not know who is asking.',
      'Give the secret again with `benchtop target change`; then `benchtop outbox --retry`.',
    ];
  if (status === 403) return ['refused', 'not-allowed', `The target does not allow it: ${message}`];
  if (status === 413) return ['refused', 'too-large', 'It is larger than the target takes at once.'];
  if (status === 429) return ['busy', 'too-many', 'The target asks for less at once.'];
  if (status === 501) return ['refused', 'unsupported', `The target cannot do that: ${message}`];
  if (status === 502 || status === 503 || status === 504)
    return ['busy', 'disconnected', 'The target is not ready.'];
  if (status >= 500) return ['failed', 'disconnected', 'The target broke down over it.'];
  if (status >= 300 && status < 400)
    return [
      'refused',
      'unsupported',
      `The target sends us elsewhere: ${location ?? 'it does not say where'}.`,
      'Give the address that it names.',
    ];
  return ['refused', 'invalid-input', message === '' ? `The target says no (${status}).` : message];
}

/** MLflow's `{error_code, message}`; of anything else the beginning. */
function wordsOf(text: string): { remoteCode: string; message: string } {
  try {
    const { error_code: remoteCode, message } = JSON.parse(text) as {
      error_code?: unknown;
      message?: unknown;
    };
    if (typeof remoteCode === 'string')
      return { remoteCode, message: (typeof message === 'string' ? message : '').slice(0, 1000) };
  } catch {
    // A page of a proxy, perhaps.
  }
  return {
    remoteCode: '',
    message: text
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim()
      .slice(0, 300),
  };
}

/** `Retry-After`: seconds, or a date (RFC 9110, 10.2.3). In ms from now. */
function pauseOf(header: string | undefined): number | null {
  if (header === undefined) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? null : Math.min(longestPauseMs, Math.max(0, ms));
}

/** A line that broke: before anything could be sent, or when nobody knows any more what has happened. */
export function brokenLine(
  error: unknown,
  address: string,
  isConnected: boolean,
  hide: (text: string) => string,
): SendFailure {
  const reasons = error instanceof AggregateError ? error.errors : [error];
  const evidence = hide(
    reasons.map((reason: unknown) => (reason instanceof Error ? reason.message : String(reason))).join('; '),
  );
  const codes = reasons.map((reason: unknown) =>
    reason instanceof Error && 'code' in reason ? String(reason.code) : '',
  );
  if (codes.some((code) => /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(code)))
    return new SendFailure(
      'locked',
      {
        code: 'not-allowed',
        what: `The certificate of ${address} is not trusted.`,
        evidence,
        next: 'Name the file with your company’s certificates: `benchtop target change --ca FILE`.',
      },
      { cause: error },
    );
  return isConnected
    ? new SendFailure(
        'cut',
        { code: 'disconnected', what: `The line to ${address} was cut.`, evidence },
        { cause: error },
      )
    : new SendFailure(
        'unreachable',
        { code: 'disconnected', what: `${address} cannot be reached.`, evidence },
        { cause: error },
      );
}
