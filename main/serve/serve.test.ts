import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { contract, createConnection, openWebSocketPort } from '../../contract/index.ts';
import { createEngine, type Engine } from '../../engine/index.ts';
import { resourcesPath } from '../installation.ts';
import { serve, type Served } from './index.ts';

let folder: string;
let engine: Engine;
let served: Served;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-serve-'));
  engine = await createEngine({ homePath: folder, version: '0.0.0', resourcesPath });
  served = await serve({ engine, port: 0, windowPath: null, needsToken: true });
});
afterAll(async () => {
  await served.close();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** `fetch` does not let a caller choose Host; this does. */
function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: served.port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

const socketOpens = (protocols: string[], options: object = {}): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${served.port}/rpc`, protocols, options);
    socket.on('open', () => {
      socket.close();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

describe('every route', () => {
  test('of the engine refuses without the token, with a wrong one, for another host and another origin', async () => {
    const routes = await engine.routes();
    expect(routes.length).toBeGreaterThan(0);
    for (const { method, path } of routes) {
      const concrete = path.replaceAll(/:\w+/g, 'x');
      const methods = method === 'ALL' ? ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] : [method];
      for (const each of [...methods, 'HEAD']) {
        const bearer = { authorization: `Bearer ${engine.home.token}` };
        expect((await ask(concrete, {}, each)).status, `${each} ${path} without token`).toBe(401);
        expect(
          (await ask(concrete, { authorization: `Bearer ${'0'.repeat(64)}` }, each)).status,
          `${each} ${path} wrong token`,
        ).toBe(401);
        expect(
          (await ask(concrete, { ...bearer, host: 'evil.example' }, each)).status,
          `${each} ${path} other host`,
        ).toBe(403);
        expect(
          (await ask(concrete, { ...bearer, origin: 'http://evil.example' }, each)).status,
          `${each} ${path} other origin`,
        ).toBe(403);
        expect((await ask(concrete, bearer, each)).status, `${each} ${path} with token`).not.toBe(401);
      }
    }
  });

  test('of the socket refuses likewise', async () => {
    const right = ['benchtop', `token.${engine.home.token}`];
    expect(await socketOpens(right)).toBe(true);
    expect(await socketOpens(['benchtop'])).toBe(false);
    expect(await socketOpens(['benchtop', `token.${'0'.repeat(64)}`])).toBe(false);
    expect(await socketOpens(right, { origin: 'http://evil.example' })).toBe(false);
    expect(await socketOpens(right, { headers: { host: 'evil.example' } })).toBe(false);
  });

  test('that is spelt otherwise does not reach the engine past the gate', async () => {
    for (const path of ['/%6fbjects/x', '//objects/x', '/./objects/x', '/x/../objects/x', '/OBJECTS/x']) {
      const { status, body } = await ask(path);
      expect([401, 404], path).toContain(status);
      expect(body).not.toContain('stored file');
    }
  });
});

test('health needs no token and tells nothing', async () => {
  expect(await ask('/health')).toEqual({ status: 200, body: 'OK' });
});

test('speaks the contract over a real socket', async () => {
  const connection = createConnection(contract, () =>
    openWebSocketPort(
      new WebSocket(`ws://127.0.0.1:${served.port}/rpc`, ['benchtop', `token.${engine.home.token}`]),
    ),
  );
  expect(await connection.api.system.info({})).toMatchObject({ home: folder, pid: process.pid });
  await connection.api.preferences.write({
    scope: 'window',
    key: 'theme',
    value: { $column: ['f64', 1, 0] },
  });
  expect(await connection.api.preferences.read({ scope: 'window' })).toEqual({
    theme: { $column: ['f64', 1, 0] },
  });
  await expect(connection.api.tracking.run({ runId: 'nobody' })).rejects.toMatchObject({ code: 'not-found' });
  await expect(connection.api.projects.open({ path: '/does/not/exist' })).rejects.toMatchObject({
    code: 'file-unreadable',
  });
  connection.close();
});

test('the next engine of a home listens where the last one did, unless somebody else is there now', async () => {
  const home = mkdtempSync(join(tmpdir(), 'benchtop-port-'));
  const portOfOneLife = async () => {
    const own = await createEngine({ homePath: home, version: '0.0.0', resourcesPath });
    const there = await serve({ engine: own, port: 0, windowPath: null, needsToken: true });
    await there.close();
    await own.close();
    return there.port;
  };
  const port = await portOfOneLife();
  expect(await portOfOneLife()).toBe(port);
  const squatter = createServer().listen(port, '127.0.0.1');
  await once(squatter, 'listening');
  expect(await portOfOneLife()).not.toBe(port);
  squatter.close();
  rmSync(home, { recursive: true, force: true });
});

test('a port in use is said, with what to do', async () => {
  await expect(
    serve({ engine, port: served.port, windowPath: null, needsToken: true }),
  ).rejects.toMatchObject({ code: 'cannot-start' });
});
