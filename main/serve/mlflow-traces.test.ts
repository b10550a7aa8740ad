import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../engine/index.ts';
import { resourcesPath } from '../installation.ts';
import { serve, type Served } from './index.ts';
import { startMlflow, type Answer } from './testing/mlflow-peers.ts';
import { pythonEnvironment, quietMlflow } from '../../engine/fixture-python.ts';
import { elsewhere, ownTraceRequests } from './testing/own-trace-requests.ts';
import { randomFrom } from './testing/requests/random.ts';
import {
  otherRequest,
  searchRequest,
  traceCount,
  traceRequests,
  type TraceRequest,
} from './testing/trace-requests.ts';

const environment = pythonEnvironment();
if ('reason' in environment) console.log(`Traces are not compared with MLflow's: ${environment.reason}`);
const seed = Number(process.env.BENCHTOP_SEED ?? 20_261_121);
const count = Number(process.env.BENCHTOP_CASES ?? 250);

let folder: string;
let engine: Engine;
let served: Served;
let peer: Awaited<ReturnType<typeof startMlflow>> | null = null;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-traces-'));
  engine = await createEngine({ homePath: join(folder, 'home'), version: '0.0.0', resourcesPath });
  served = await serve({ engine, port: 0, windowPath: null, needsToken: true });
  if ('python' in environment) peer = await startMlflow(environment.python, folder);
}, 240_000);
afterAll(async () => {
  await peer?.stop();
  await served.close();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf('reason' in environment).concurrent('beside the real client and server', () => {
  test('programs with the real client and with the OpenTelemetry exporter run unchanged', async () => {
    const { code, output } = await python(join(import.meta.dirname, 'testing/traces-program.py'));
    expect(code, output).toBe(0);
    const parts = output.split('\n').flatMap((line) => /^ok (\w+)$/.exec(line)?.[1] ?? []);
    expect(parts).toEqual([
      'spans',
      'exceptions',
      'searching',
      'assessments',
      'tags_and_links',
      'opentelemetry_exporter',
    ]);
  }, 240_000);

  test('the same requests about traces get the same answers as from a real MLflow server', async () => {
    const random = randomFrom(seed);
    const requests = [
      ...Array.from({ length: traceCount }, (_, number) => traceRequests(random, number)).flat(),
      ...Array.from({ length: count }, () =>
        random.chance(0.6) ? searchRequest(random) : otherRequest(random),
      ),
      ...ownTraceRequests,
    ];
    const own: string[] = [];
    for (const server of [peer?.address ?? '', address()])
      own.push(await createExperiment(server, `elsewhere of ${seed}`));
    const differences: string[] = [];
    let found = 0;
    let refused = 0;
    for (const [index, request] of requests.entries()) {
      const { method, path, body } = request;
      const [their, our] = await Promise.all(
        [peer?.address ?? '', address()].map((server, side) =>
          askNaming(own[side] ?? '', server, request),
        ) as [Promise<Answer>, Promise<Answer>],
      );
      expect(
        our.status,
        `${index} ${path} ${JSON.stringify(body)}: ${JSON.stringify(our.json)}`,
      ).toBeLessThan(500);
      if (their.status >= 400) refused++;
      else if (JSON.stringify(our.json).includes('trace_location')) found++;
      // Where MLflow fails, or lets its database speak, Benchtop refuses in its own words.
      if (their.status >= 500 || JSON.stringify(their.json).includes('sqlite3')) {
        expect(our.status, `${path} ${JSON.stringify(body)}`).toBeGreaterThanOrEqual(400);
        continue;
      }
      const [theirs, ours] = [comparable(their, path), comparable(our, path)];
      if (theirs !== ours)
        differences.push(
          `${index} ${method} ${path} ${JSON.stringify(body)}\n  mlflow:   ${theirs.slice(0, 1500)}\n  benchtop: ${ours.slice(0, 1500)}`,
        );
    }
    console.log(
      `${requests.length} answers about traces compared with mlflow (${refused} refusals, ${found} with traces), ${differences.length} differ (seed ${seed})`,
    );
    expect(differences.slice(0, 12).join('\n')).toBe('');
    expect(found).toBeGreaterThan(count / 5);
    expect(refused).toBeGreaterThan(count / 20);
  }, 240_000);
});

/** Runs Python with the real client against this server; resolves to its exit code and what it printed. */
function python(program: string) {
  const address = `127.0.0.1:${served.port}`;
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn('python' in environment ? environment.python : '', [program], {
      cwd: folder,
      env: {
        ...process.env,
        ...quietMlflow,
        MLFLOW_TRACKING_URI: `http://run:${engine.home.token}@${address}`,
        OTLP_ADDRESS: `http://${address}`,
        OTLP_TOKEN: engine.home.token,
      },
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('close', (code) => resolve({ code, output }));
  });
}

const address = () => `http://127.0.0.1:${served.port}`;

async function createExperiment(server: string, name: string): Promise<string> {
  const { json } = await ask(server, 'POST', '/api/2.0/mlflow/experiments/create', { name });
  return (json as { experiment_id: string }).experiment_id;
}

/** Asks with the second experiment's id in place of its name, and gives the answer with the name in place of the id. */
async function askNaming(id: string, server: string, request: TraceRequest): Promise<Answer> {
  const named = <T>(value: T): T =>
    value === undefined ? value : (JSON.parse(JSON.stringify(value).replaceAll(elsewhere, id)) as T);
  const { status, json } = await ask(
    server,
    request.method,
    request.path,
    named(request.body),
    named(request.headers),
  );
  if (!JSON.stringify(request).includes('0000000000005')) return { status, json };
  const text = JSON.stringify(json)
    .replaceAll(`"${id}"`, `"${elsewhere}"`)
    .replaceAll(`:/${id}/`, `:/${elsewhere}/`);
  return { status, json: JSON.parse(text) as unknown };
}

/** Asks a server, with the token that only this one wants. */
async function ask(
  server: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(server + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(server === address() ? { authorization: `Bearer ${engine.home.token}` } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  try {
    return { status: response.status, json: JSON.parse(text) as unknown };
  } catch {
    return { status: response.status, json: text };
  }
}

/** An answer as text, without what a server draws or reads off its clock, lists in one order. */
function comparable({ status, json }: Answer, path: string): string {
  // OpenTelemetry's answer is empty, in protobuf or as `{}`.
  if (path === '/v1/traces' && status === 200) return 'ok';
  return JSON.stringify({ status, json: sorted(json, '') });
}

function sorted(value: unknown, key: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => sorted(item, ''));
    return ['tags', 'request_metadata', 'assessments'].includes(key)
      ? items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : items;
  }
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(
          ([name]) => !['assessment_id', 'create_time', 'last_update_time', 'next_page_token'].includes(name),
        )
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, item]) => [name, sorted(item, name)]),
    );
  return key === 'message' && typeof value === 'string'
    ? value.replaceAll(/\{[^}]*\}/g, '{…}').replace(/'?\.?$/, '')
    : value;
}

const otlp = (body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}) =>
  engine.fetch(
    new Request('http://engine/v1/traces', {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', 'x-mlflow-experiment-id': '0', ...headers },
      body,
    }),
  );
const json = { 'content-type': 'application/json' };
const span = (fields: object) =>
  JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'ab'.repeat(16), ...fields }] }] }] });

const traceNumbers = async () => {
  const { json: found } = await ask(
    address(),

    'GET',
    '/api/2.0/mlflow/traces?experiment_ids=0&max_results=500',
  );
  return (found as { traces?: unknown[] }).traces?.length ?? 0;
};

test.each<[string, string | Buffer<ArrayBuffer>, Record<string, string>]>([
  ['bytes that are no protobuf', Buffer.from('ffffffff', 'hex'), {}],
  ['a message that breaks off', Buffer.from('0a05', 'hex'), {}],
  ['a body that says it is packed', Buffer.from('0a00', 'hex'), { 'content-encoding': 'gzip' }],
  ['an unknown packing', Buffer.from('0a00', 'hex'), { 'content-encoding': 'zstd' }],
  ['a packed body of a gigabyte', gzipSync(Buffer.alloc(1 << 27)), { 'content-encoding': 'gzip' }],
  ['JSON that is none', '{"resourceSpans":', json],
  ['a list for a message', '[]', json],
  ['a span without an id', span({ name: 'x' }), json],
  ['an id that is no hex', span({ spanId: 'zz' }), json],
  ['an id that is too long', span({ spanId: 'ab'.repeat(9) }), json],
  ['a time before 1970', span({ spanId: 'aa', startTimeUnixNano: '-1' }), json],
  ['a time beyond 2^63', span({ spanId: 'aa', startTimeUnixNano: '9223372036854775808' }), json],
  ['another media type', 'x', { 'content-type': 'text/plain' }],
  ['no experiment', '{}', { ...json, 'x-mlflow-experiment-id': '' }],
  ['an experiment that is not there', span({ spanId: 'aa' }), { ...json, 'x-mlflow-experiment-id': '77' }],
])('%s is refused as OTLP with a 4xx, and nothing is kept', async (_name, body, headers) => {
  const before = await traceNumbers();
  const response = await otlp(body, headers);
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.status).toBeLessThan(500);
  expect(await response.json()).toMatchObject({
    error_code: expect.any(String),
    message: expect.any(String),
  });
  expect(await traceNumbers()).toBe(before);
});

test('spans that come twice are kept once', async () => {
  const body = span({ spanId: 'cd'.repeat(8), name: 'once', startTimeUnixNano: '1', endTimeUnixNano: '2' });
  expect([(await otlp(body, json)).status, (await otlp(body, json)).status]).toEqual([200, 200]);
  const { json: answer } = await ask(
    address(),

    'GET',
    `/api/3.0/mlflow/traces/get?trace_id=tr-${'ab'.repeat(16)}&allow_partial=true`,
  );
  expect((answer as { trace: { spans: unknown[] } }).trace.spans).toHaveLength(1);
});
