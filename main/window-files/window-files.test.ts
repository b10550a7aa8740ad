import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWindowFiles } from './window-files.ts';

let folder: string;
let root: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'benchtop-window-'));
  root = join(folder, 'window');
  await mkdir(join(root, 'assets'), { recursive: true });
  await writeFile(
    join(root, 'index.html'),
    '<meta name="nonce" content="__CSP_NONCE__"><link nonce="__CSP_NONCE__">',
  );
  await writeFile(join(root, 'assets', 'page-1a2b.js'), 'export {};');
  await writeFile(join(root, 'assets', 'page-1a2b.js.map'), '{}');
  await writeFile(join(root, 'icon.svg'), '<svg/>');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await symlink(join(folder, 'secret.txt'), join(root, 'link.txt'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const text = (body: Uint8Array | null) => new TextDecoder().decode(body ?? new Uint8Array());

test('a page gets index.html with the nonce of its own policy, another one each time', async () => {
  const respond = createWindowFiles(root);
  const nonces = new Set<string>();
  for (const path of [
    '/',
    '/index.html',
    '/projects/1/runs',
    '/runs/abc/artifacts/model.pkl',
    '/favicon.ico',
  ]) {
    const { status, headers, body } = await respond(path);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    const nonce = /content="([^"]+)"><link nonce="([^"]+)"/.exec(text(body));
    expect(nonce?.[1]).toBe(nonce?.[2]);
    expect(headers['content-security-policy']).toContain(`style-src-elem 'self' 'nonce-${nonce?.[1]}'`);
    nonces.add(nonce?.[1] ?? '');
  }
  expect(nonces.size).toBe(5);
});

test('an asset may be kept for ever, a plain file is asked for again, and an unchanged one costs no bytes', async () => {
  const respond = createWindowFiles(root);
  const asset = await respond('/assets/page-1a2b.js');
  expect(asset.headers['cache-control']).toContain('immutable');
  expect(asset.headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(text(asset.body)).toBe('export {};');

  const icon = await respond('/icon.svg');
  expect(icon.headers['cache-control']).toBe('no-cache');
  const again = await respond('/icon.svg', icon.headers['etag']);
  expect([again.status, again.body]).toEqual([304, null]);
  expect((await respond('/icon.svg', '"another"')).status).toBe(200);
});

test('every answer carries the security headers', async () => {
  const respond = createWindowFiles(root);
  for (const path of ['/', '/assets/page-1a2b.js', '/assets/none.js', '/%']) {
    const { headers } = await respond(path);
    expect(headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect(headers['permissions-policy']).toContain('camera=()');
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|https?:|\*/);
  }
});

test.each([
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/assets/../../secret.txt',
  '/assets/..%5c..%5csecret.txt',
  '/..\\secret.txt',
  '/link.txt',
  '/assets/page-1a2b.js.map',
  '/assets/page-1a2b.js%00.html',
  'secret.txt',
  '//secret.txt',
])('%s never leads out of the folder', async (path) => {
  const { status, body } = await createWindowFiles(root)(path);
  expect(text(body)).not.toContain('secret');
  if (status === 200) expect(text(body)).toContain('<meta name="nonce"');
});

test('broken escapes are a bad request, a missing asset is not found', async () => {
  const respond = createWindowFiles(root);
  expect((await respond('/%E0%A4%A')).status).toBe(400);
  expect((await respond('/assets/gone-9z.js')).status).toBe(404);
});

test('a window that is not built says so, and is found once it is', async () => {
  const later = join(folder, 'later');
  const respond = createWindowFiles(later);
  await expect(respond('/')).rejects.toMatchObject({
    code: 'file-unreadable',
    message: expect.stringContaining(later),
  });
  await mkdir(later);
  await expect(respond('/')).rejects.toMatchObject({ code: 'file-unreadable' });
  await writeFile(join(later, 'index.html'), 'built');
  expect(text((await respond('/')).body)).toBe('built');
});

test('a build that replaces the files does not change what an open page gets', async () => {
  const respond = createWindowFiles(root);
  await respond('/');
  await rm(join(root, 'assets', 'page-1a2b.js'));
  expect((await respond('/assets/page-1a2b.js')).status).toBe(200);
});
