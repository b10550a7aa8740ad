import { Readable } from 'node:stream';
import type { Objects } from './objects.ts';

/**
 * A stored file as an HTTP answer: whole, or one range of it (RFC 9110, 14), or 304 for a client that has it. It is never a
 * page of this origin: whatever the bytes are, a browser saves them, and runs nothing in them.
 * @param name what a browser calls the file it saves; null lets it choose.
 * @param headers beside those that every file has.
 * @throws {BenchtopError} `not-found`.
 */
export async function objectResponse(
  objects: Objects,
  request: Request,
  { objectId, name }: { objectId: string; name: string | null },
  more: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const sizeBytes = objects.sizeBytes(objectId);
  const etag = `"${objectId}"`;
  const headers = {
    'content-type': 'application/octet-stream',
    'content-disposition': name === null ? 'attachment' : attachment(name),
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'accept-ranges': 'bytes',
    etag,
    ...more,
  };
  const known = request.headers.get('if-none-match');
  if (
    known !== null &&
    known.split(',').some((own) => own.trim() === '*' || own.trim().replace(/^W\//, '') === etag)
  )
    return new Response(null, { status: 304, headers });
  const condition = request.headers.get('if-range');
  const range =
    condition === null || condition === etag ? rangeOf(request.headers.get('range'), sizeBytes) : null;
  if (range === 'unsatisfiable')
    return new Response(null, {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${sizeBytes}` },
    });
  const length = range === null ? sizeBytes : range.end - range.start + 1;
  const answered = {
    status: range === null ? 200 : 206,
    headers: {
      ...headers,
      'content-length': String(length),
      ...(range === null ? {} : { 'content-range': `bytes ${range.start}-${range.end}/${sizeBytes}` }),
    },
  };
  // Nothing is opened that nobody will read.
  if (request.method === 'HEAD' || length === 0) return new Response(null, answered);
  const { body } = await objects.stream(objectId, range ?? undefined);
  return new Response(Readable.toWeb(body) as ReadableStream<Uint8Array>, answered);
}

/** One range of bytes, both ends included; null for the whole file, also when several are asked for or it makes no sense. */
function rangeOf(
  header: string | null,
  sizeBytes: number,
): { start: number; end: number } | null | 'unsatisfiable' {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if ((from === '' && to === '') || (from !== '' && to !== '' && Number(from) > Number(to))) return null;
  const start = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  return start > end ? 'unsatisfiable' : { start, end };
}

/** RFC 6266, with RFC 5987's form for names beyond ASCII. */
function attachment(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\]/g, '_');
  return plain === name
    ? `attachment; filename="${name}"`
    : `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", '%27')}`;
}
