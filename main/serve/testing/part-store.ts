import { createHash, randomBytes } from 'node:crypto';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a store does with one part in place of taking it. */
export type PartFault =
  /** The line breaks in the midst of it. */
  | 'cut'
  /** It says no: the time of the address is over. */
  | 'expired'
  /** A byte is another one when it comes. */
  | 'damaged';

export interface PartStore {
  readonly address: string;
  /** Parts that came, whole or not, in their order. */
  readonly taken: readonly { part: number; sizeBytes: number }[];
  /** What was asked beside the parts: `create`, `complete`, `abort`; `cut abort` where the line broke before it was done. */
  readonly asked: readonly string[];
  /** The bytes from which files were read, by signed addresses. */
  readonly givenFrom: readonly number[];
  /** Headers and queries of all requests at signed addresses. */
  readonly heard: readonly {
    readonly authorization: string | undefined;
    readonly signature: string | null;
  }[];
  /** Forgets what was taken, asked and heard. */
  forget(): void;
  /** Asked for each part that comes; null takes it. */
  setFaults(faultOf: (part: number) => PartFault | null): void;
  /** The next files that are read break off after so many bytes. */
  cutAnswers(...afterBytes: number[]): void;
  /** What happens to the next calls of a kind: the line breaks before (`cut`) or after (`drop`) the work is done. */
  breakNext(call: 'create' | 'complete' | 'abort', how: 'cut' | 'drop'): void;
  /** Whether it is a server from before parts: it says nothing of them, and hands on whoever asks. */
  setOld(isOld: boolean): void;
  /** Where the parts are said to go, in place of here. */
  setStore(address: string | null): void;
  close(): Promise<void>;
}

/**
 * For tests: stands before a server of MLflow's dialect, and takes files in parts for it, in the way of a server over an object store:
 * signed addresses, MD5 of each part, and a file only when all of them are put together.
 */
export async function startPartStore(server: () => string): Promise<PartStore> {
  const taken: PartStore['taken'][number][] = [];
  const heard: PartStore['heard'][number][] = [];
  const asked: string[] = [];
  const givenFrom: number[] = [];
  let answerCuts: number[] = [];
  const uploads = new Map<string, { path: string; parts: Map<number, Buffer> }>();
  const broken = new Map<string, 'cut' | 'drop'>();
  let faultOf: (part: number) => PartFault | null = () => null;
  let elsewhere: string | null = null;
  let isOld = false;

  const front = createServer((incoming, outgoing) => {
    void answer(incoming, outgoing).catch(() => outgoing.socket?.destroy());
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', address);
    if (url.pathname === '/store' && incoming.method === 'GET') return giveFile(url, incoming, outgoing);
    if (url.pathname === '/store') return takePart(url, incoming, outgoing);
    const json = (body: object) =>
      outgoing.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    if (url.pathname.endsWith('/server-info')) {
      if (isOld) outgoing.writeHead(404).end();
      else json({ multipart_uploads_enabled: true, multipart_downloads_enabled: true });
      return;
    }
    const [, signed] = /\/mlflow-artifacts\/presigned\/(.*)$/.exec(url.pathname) ?? [];
    if (signed !== undefined) {
      const signature = randomBytes(16).toString('hex');
      json({
        url: `${elsewhere ?? address}/store?path=${encodeURIComponent(signed)}&signature=${signature}`,
        headers: {},
      });
      return;
    }
    const [, call, folder] = /\/mpu\/(create|complete|abort)\/(.*)$/.exec(url.pathname) ?? [];
    if (call === undefined || folder === undefined || isOld) return pass(incoming, outgoing);
    const how = broken.get(call);
    broken.delete(call);
    asked.push(how === 'cut' ? `cut ${call}` : call);
    if (how === 'cut') throw new Error('The line breaks.');
    const given = JSON.parse((await bodyOf(incoming)).toString()) as Asked;
    const done = await carryOut(call, `${folder}/${encodeURIComponent(given.path)}`, given);
    if (how === 'drop') throw new Error('The line breaks.');
    if (done === null) outgoing.writeHead(500).end('NoSuchUpload');
    else json(done);
  }

  async function carryOut(call: string, path: string, given: Asked): Promise<object | null> {
    if (call === 'create') {
      const id = randomBytes(16).toString('hex');
      uploads.set(id, { path, parts: new Map() });
      const credentials = Array.from({ length: given.num_parts }, (_, index) => ({
        url: `${elsewhere ?? address}/store?upload=${id}&part=${index + 1}&signature=${randomBytes(16).toString('hex')}`,
        part_number: index + 1,
        headers: {},
      }));
      return { upload_id: id, credentials };
    }
    const upload = uploads.get(given.upload_id);
    if (upload === undefined) return null;
    uploads.delete(given.upload_id);
    if (call === 'abort') return {};
    const parts = given.parts.map(({ part_number: number, etag }) => {
      const bytes = upload.parts.get(number);
      if (bytes === undefined || etagOf(bytes) !== etag) throw new Error(`Part ${number} is another one.`);
      return bytes;
    });
    const put = await fetch(`${server()}/api/2.0/mlflow-artifacts/artifacts/${upload.path}`, {
      method: 'PUT',
      body: Buffer.concat(parts),
    });
    return put.ok ? {} : null;
  }

  async function takePart(url: URL, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const [id, part] = [url.searchParams.get('upload') ?? '', Number(url.searchParams.get('part'))];
    heard.push({
      authorization: incoming.headers.authorization,
      signature: url.searchParams.get('signature'),
    });
    const upload = uploads.get(id);
    const fault = upload === undefined ? 'expired' : faultOf(part);
    if (fault === 'cut') {
      let sizeBytes = 0;
      incoming.on('data', (bytes: Buffer) => {
        sizeBytes += bytes.length;
        if (sizeBytes < 1_000_000 || incoming.destroyed) return;
        taken.push({ part, sizeBytes });
        incoming.destroy();
      });
      return;
    }
    const bytes = await bodyOf(incoming);
    taken.push({ part, sizeBytes: bytes.length });
    if (fault === 'damaged') bytes[7] = (bytes[7] ?? 0) ^ 1;
    const md5 = createHash('md5').update(bytes).digest('base64');
    if (fault === 'expired' || upload === undefined)
      outgoing
        .writeHead(403)
        .end(`<Code>AccessDenied</Code><Message>Request has expired</Message> ${url.search}`);
    else if (incoming.headers['content-md5'] !== md5) outgoing.writeHead(400).end('<Code>BadDigest</Code>');
    else {
      upload.parts.set(part, bytes);
      outgoing.writeHead(200, { etag: etagOf(bytes) }).end();
    }
  }

  /** A file, or the rest of it (RFC 9110, 14). */
  async function giveFile(url: URL, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    heard.push({
      authorization: incoming.headers.authorization,
      signature: url.searchParams.get('signature'),
    });
    const path = url.searchParams.get('path') ?? '';
    const file = Buffer.from(
      await (await fetch(`${server()}/api/2.0/mlflow-artifacts/artifacts/${path}`)).arrayBuffer(),
    );
    const from = Number(/^bytes=(\d+)-$/.exec(incoming.headers.range ?? '')?.[1] ?? 0);
    const cutAfter = answerCuts.shift() ?? Number.POSITIVE_INFINITY;
    const rest = file.subarray(from, from + cutAfter);
    givenFrom.push(from);
    outgoing.writeHead(from > 0 ? 206 : 200, { 'content-length': file.length - from });
    outgoing.write(rest, () => (rest.length < file.length - from ? outgoing.destroy() : outgoing.end()));
  }

  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { host: _host, ...headers } = incoming.headers;
    const sent = request(
      `${server()}${incoming.url ?? '/'}`,
      { method: incoming.method, headers },
      (found) => {
        outgoing.writeHead(found.statusCode ?? 502, found.headers);
        found.pipe(outgoing);
      },
    );
    sent.once('error', () => outgoing.socket?.destroy());
    incoming.pipe(sent);
  }

  return {
    address,
    taken,
    asked,
    givenFrom,
    heard,
    forget() {
      for (const list of [taken, asked, givenFrom, heard]) list.length = 0;
    },
    cutAnswers(...afterBytes) {
      answerCuts = afterBytes;
    },
    setFaults(next) {
      faultOf = next;
    },
    breakNext: (call, how) => void broken.set(call, how),
    setOld(next) {
      isOld = next;
    },
    setStore(next) {
      elsewhere = next;
    },
    async close() {
      front.closeAllConnections();
      await new Promise<void>((resolve) => front.close(() => resolve()));
    },
  };
}

interface Asked {
  readonly path: string;
  readonly num_parts: number;
  readonly upload_id: string;
  readonly parts: readonly { part_number: number; etag: string }[];
}

const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
