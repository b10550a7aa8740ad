import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createProxy } from 'node:http';
import { createServer, type Server } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openLink, type Link } from './http-link.ts';
import { createRateLimit } from './rate-limit.ts';
import { SendFailure } from './send-failure.ts';

// A company's own authority and a server with its certificate, made anew for each run of the test.
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl)
  console.log('No TLS server is tried: openssl, which makes its certificate, is not installed.');

let folder: string;
let server: Server;
let address: string;
const caPath = () => join(folder, 'ca.pem');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-tls-'));
  if (!hasOpenssl) return;
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=Company',
  );
  openssl('req', ...key, '-keyout', 'key.pem', '-out', 'server.csr', '-subj', '/CN=localhost');
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'server.csr', '-out', 'cert.pem', ...signed);
  server = createServer(
    { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) },
    (request, response) => response.end(request.headers.authorization ?? 'nobody'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `https://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  if (hasOpenssl) {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
  rmSync(folder, { recursive: true, force: true });
});

function openTo(trusts: string | null): Link {
  return openLink({
    address,
    auth: 'token',
    user: null,
    secret: 'hunter2',
    caPath: trusts,
    rate: createRateLimit(null),
    idleMs: 10_000,
    onSent: () => undefined,
    onAnswer: () => undefined,
  });
}

test.skipIf(!hasOpenssl)(
  'a company’s own authority is trusted where it is named, and nowhere else',
  async () => {
    const strange = openTo(null);
    const refused = await strange.text({ method: 'GET', path: '/' }).catch((error: unknown) => error);
    strange.close();
    expect(refused).toBeInstanceOf(SendFailure);
    expect(refused).toMatchObject({ kind: 'locked', code: 'not-allowed' });
    expect(String((refused as SendFailure).next)).toContain('--ca');

    const link = openTo(caPath());
    expect(await link.text({ method: 'GET', path: '/' })).toBe('Bearer hunter2');
    link.close();
    expect(() => openTo(join(folder, 'nothing.pem'))).toThrow('cannot be read');
  },
);

test.skipIf(!hasOpenssl)(
  'a proxy is asked for a tunnel and never sees the secret, unless NO_PROXY leaves it out',
  async () => {
    const asked: string[] = [];
    let passed = '';
    const proxy = createProxy((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(500).end();
    });
    proxy.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      const [, port] = (request.url ?? '').split(':');
      const onward = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        socket.on('data', (part: Buffer) => (passed += part.toString('latin1')));
        socket.pipe(onward).pipe(socket);
      });
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      const through = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      for (const name of ['HTTPS_PROXY', 'https_proxy']) vi.stubEnv(name, through);
      for (const name of ['NO_PROXY', 'no_proxy']) vi.stubEnv(name, '');
      const link = openTo(caPath());
      expect(await link.text({ method: 'GET', path: '/' })).toBe('Bearer hunter2');
      link.close();
      expect(asked).toEqual([`CONNECT ${address.slice('https://'.length)}`]);
      expect(passed.length).toBeGreaterThan(100);
      expect(passed).not.toContain('hunter2');

      for (const name of ['NO_PROXY', 'no_proxy']) vi.stubEnv(name, 'localhost');
      const direct = openTo(caPath());
      expect(await direct.text({ method: 'GET', path: '/' })).toBe('Bearer hunter2');
      direct.close();
      expect(asked.length).toBe(1);
    } finally {
      proxy.closeAllConnections();
      await new Promise<void>((resolve) => proxy.close(() => resolve()));
    }
  },
);
