import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineApi } from '../../contract/index.ts';
import { openEngine } from '../../engine/fixture-engine.ts';
import { createEngine, type Engine } from '../../engine/index.ts';
import { resourcesPath } from '../installation.ts';
import { serve, type Served } from './index.ts';
import { startArtifactServer } from './testing/artifact-server.ts';
import { pythonEnvironment, quietMlflow } from '../../engine/fixture-python.ts';

const environment = pythonEnvironment();

let folder: string;
let engine: Engine;
let served: Served;
let api: EngineApi;
let close: () => Promise<void>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-artifacts-'));
  ({ engine, api, close } = await openEngine(join(folder, 'home'), { artifactRoot: join(folder, 'root') }));
  served = await serve({ engine, port: 0, windowPath: null, needsToken: false });
});
afterAll(async () => {
  await served.close();
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const address = (path: string) =>
  `http://127.0.0.1:${served.port}/api/2.0/mlflow-artifacts/artifacts/${path}`;
const put = (path: string, body: string) => fetch(address(path), { method: 'PUT', body });
const temporaries = () => readdirSync(join(folder, 'home/objects')).filter((name) => name.endsWith('.tmp'));

test('200 MB go in and out in a memory that does not grow with them', { timeout: 120_000 }, async () => {
  if (process.platform !== 'linux') return;
  const server = await startArtifactServer();
  try {
    const warm = await server.upload(5_000_000);
    expect(warm.status).toBe(200);
    const sent = await server.upload(200_000_000);
    const received = await server.download();
    expect(received.sha256).toBe(sent.sha256);
    console.log(
      `200 MB: memory grew by ${Math.round(sent.grownBytes / 1e6)} MB while it came, ${Math.round(received.grownBytes / 1e6)} MB while it went`,
    );
    expect(sent.grownBytes).toBeLessThan(150_000_000);
    expect(received.grownBytes).toBeLessThan(150_000_000);
  } finally {
    await server.end();
  }
});

test('a range, a tail, a condition and HEAD are answered as HTTP has them', async () => {
  await put('ranges/a b.txt', '0123456789');
  const file = address('ranges/a%20b.txt');
  const whole = await fetch(file);
  const etag = whole.headers.get('etag') ?? '';
  expect([whole.status, await whole.text(), etag]).toEqual([
    200,
    '0123456789',
    expect.stringMatching(/^"[0-9a-f]{64}"$/),
  ]);
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    'content-length': '10',
    'content-disposition': 'attachment; filename="a b.txt"',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
  });
  const ask = async (headers: Record<string, string>, method = 'GET') => {
    const response = await fetch(file, { method, headers });
    return [response.status, await response.text(), response.headers.get('content-range')];
  };
  expect(await ask({ range: 'bytes=2-4' })).toEqual([206, '234', 'bytes 2-4/10']);
  expect(await ask({ range: 'bytes=7-' })).toEqual([206, '789', 'bytes 7-9/10']);
  expect(await ask({ range: 'bytes=-3' })).toEqual([206, '789', 'bytes 7-9/10']);
  expect(await ask({ range: 'bytes=0-99' })).toEqual([206, '0123456789', 'bytes 0-9/10']);
  expect(await ask({ range: 'bytes=10-' })).toEqual([416, '', 'bytes */10']);
  expect(await ask({ range: 'bytes=-0' })).toEqual([416, '', 'bytes */10']);
  // What makes no sense, and several ranges at once, are answered with the whole.
  expect(await ask({ range: 'bytes=5-2' })).toEqual([200, '0123456789', null]);
  expect(await ask({ range: 'bytes=0-1,4-5' })).toEqual([200, '0123456789', null]);
  expect(await ask({ range: 'bytes=2-4', 'if-range': etag })).toEqual([206, '234', 'bytes 2-4/10']);
  expect(await ask({ range: 'bytes=2-4', 'if-range': '"other"' })).toEqual([200, '0123456789', null]);
  expect(await ask({ 'if-none-match': `"other", ${etag}` })).toEqual([304, '', null]);
  expect(await ask({ 'if-none-match': '"other"' })).toEqual([200, '0123456789', null]);
  const head = await fetch(file, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), head.headers.get('etag')]).toEqual([
    200,
    '10',
    etag,
  ]);
});

test('an empty file, a name beyond ASCII and a name with quotes come back', async () => {
  expect((await put('odd/empty', '')).status).toBe(200);
  expect((await put(`odd/${encodeURIComponent('grün "x".txt')}`, 'x')).status).toBe(200);
  const empty = await fetch(address('odd/empty'));
  expect([empty.status, await empty.text()]).toEqual([200, '']);
  const named = await fetch(address(`odd/${encodeURIComponent('grün "x".txt')}`));
  expect(named.headers.get('content-disposition')).toBe(
    `attachment; filename="gr_n _x_.txt"; filename*=UTF-8''gr%C3%BCn%20%22x%22.txt`,
  );
  const listed = await fetch(`${address('').slice(0, -1)}?path=odd`);
  expect(await listed.json()).toEqual({
    files: [
      { path: 'empty', is_dir: false, file_size: 0 },
      { path: 'grün "x".txt', is_dir: false, file_size: 1 },
    ],
  });
});

test('a folder is no file, a file is no folder, and names that begin alike stay apart', async () => {
  await put('apart/a/x', '1');
  await put('apart/a0', '2');
  await put('apart/a.b', '3');
  expect((await put('apart/a', '4')).status).toBe(400);
  expect((await put('apart/a/x/y', '5')).status).toBe(400);
  expect((await fetch(address('apart/a'), { method: 'DELETE' })).status).toBe(200);
  const listed = await fetch(`${address('').slice(0, -1)}?path=apart`);
  expect(await listed.json()).toMatchObject({ files: [{ path: 'a.b' }, { path: 'a0' }] });
});

test('an upload that breaks off leaves no bytes behind', async () => {
  const half = Buffer.alloc(3_000_000, 'half');
  await new Promise<void>((resolve) => {
    const socket = connect(served.port, '127.0.0.1', () => {
      socket.write(
        `PUT /api/2.0/mlflow-artifacts/artifacts/half.bin HTTP/1.1\r\nHost: 127.0.0.1:${served.port}\r\nContent-Length: 9000000\r\n\r\n`,
      );
      socket.write(half, () => setTimeout(() => socket.destroy(), 100));
    });
    socket.once('close', () => resolve());
  });
  await expect.poll(temporaries, { timeout: 10_000 }).toEqual([]);
  expect((await fetch(address('half.bin'))).status).toBe(404);
});

test('what a killed engine left of an upload is gone with the next one', async () => {
  const home = join(folder, 'killed');
  await (await createEngine({ homePath: home, version: '0.0.0', resourcesPath })).close();
  writeFileSync(join(home, 'objects/1234.tmp'), 'half');
  await (await createEngine({ homePath: home, version: '0.0.0', resourcesPath })).close();
  expect(readdirSync(join(home, 'objects')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('a download that nobody finishes and a HEAD keep no file open', async () => {
  if (process.platform !== 'linux') return;
  await put('open.bin', 'x'.repeat(4_000_000));
  const openFiles = () => readdirSync('/proc/self/fd').length;
  const before = openFiles();
  for (let index = 0; index < 30; index++) {
    await fetch(address('open.bin'), { method: 'HEAD' });
    await new Promise<void>((resolve) => {
      const asked = request(address('open.bin'), (response) => {
        response.once('data', () => asked.destroy());
        response.once('close', () => resolve());
        response.once('error', () => undefined);
      });
      asked.once('error', () => undefined).end();
    });
  }
  await expect.poll(openFiles, { timeout: 10_000 }).toBeLessThan(before + 15);
});

const client = `
import os, sys, tempfile, mlflow
from mlflow.tracking import MlflowClient
folder = sys.argv[1]
own = mlflow.create_experiment("own place", artifact_location="file://" + os.path.join(folder, "own"))
rooted = mlflow.create_experiment("below the root")
proxied = mlflow.create_experiment("through the server", artifact_location="mlflow-artifacts:/proxied")
for experiment in (own, rooted, proxied):
    with mlflow.start_run(experiment_id=experiment) as run:
        mlflow.log_text("hello", "notes/hello.txt")
        mlflow.log_text("x" * 200000, "big.txt")
        print(experiment, run.info.run_id, run.info.artifact_uri)
    assert mlflow.artifacts.load_text(run.info.artifact_uri + "/notes/hello.txt") == "hello"
    assert len(mlflow.artifacts.load_text(run.info.artifact_uri + "/big.txt")) == 200000
    names = [f.path for f in MlflowClient().list_artifacts(run.info.run_id)]
    assert names == ["big.txt", "notes"], names
`;

test.skipIf('reason' in environment)(
  'locations of the client’s own are read for the window, and nothing outside them; large files go up in one piece',
  { timeout: 120_000 },
  async () => {
    const output = await python(['-c', client, folder], {
      MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: 'true',
      MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE: '100000',
    });
    const lines = [...output.matchAll(/^(\d+) ([0-9a-f]{32}) (\S+)$/gm)];
    expect(lines, output).toHaveLength(3);
    const { tracking } = api;
    for (const [, experiment, runId = '', uri = ''] of lines) {
      const listed = await tracking.artifacts({ runId });
      expect(listed).toMatchObject([
        { path: 'notes', isFolder: true },
        { path: 'big.txt', isFolder: false, sizeBytes: 200_000 },
      ]);
      const list = await fetch(
        `http://127.0.0.1:${served.port}/api/2.0/mlflow/artifacts/list?run_id=${runId}&path=notes`,
      );
      expect(await list.json(), experiment).toEqual({
        root_uri: uri,
        files: [{ path: 'notes/hello.txt', is_dir: false, file_size: 5 }],
      });
    }
    const [, , runId = '', uri = ''] = lines[0] ?? [];
    expect(lines[1]?.[3]).toBe(
      `${join(folder, 'root')}/${lines[1]?.[1] ?? ''}/${lines[1]?.[2] ?? ''}/artifacts`,
    );
    expect(
      new TextDecoder().decode((await tracking.artifactBytes({ runId, path: 'notes/hello.txt' })).bytes),
    ).toBe('hello');

    // Links, inside and outside, are neither shown nor followed.
    const root = new URL(uri).pathname;
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside/secret'), 'secret');
    symlinkSync(join(folder, 'outside'), join(root, 'linked'));
    symlinkSync(join(folder, 'outside/secret'), join(root, 'secret'));
    expect((await tracking.artifacts({ runId })).map(({ path }) => path)).toEqual(['notes', 'big.txt']);
    expect(await tracking.artifacts({ runId, folder: 'linked' })).toEqual([]);
    for (const path of ['secret', 'linked/secret', '../../../outside/secret', '/etc/passwd', 'notes', 'a\0b'])
      await expect(tracking.artifactBytes({ runId, path }), path).rejects.toThrow(/has no file|is no path/);
    for (const path of ['..', '../..', '/etc'])
      await expect(tracking.artifacts({ runId, folder: path }), path).rejects.toThrow('is no path');
  },
);

function python(args: readonly string[], env: Record<string, string>) {
  return new Promise<string>((resolve) => {
    const child = spawn('python' in environment ? environment.python : '', args, {
      cwd: folder,
      env: {
        ...process.env,
        ...quietMlflow,
        MLFLOW_TRACKING_URI: `http://127.0.0.1:${served.port}`,
        ...env,
      },
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('close', () => resolve(output));
  });
}
