import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWindowFiles } from '../window-files/index.ts';
import { appResponse } from './app-response.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'benchtop-app-'));
  writeFileSync(join(root, 'index.html'), 'page __CSP_NONCE__');
  writeFileSync(join(root, 'icon.svg'), '<svg/>');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
const ask = (address: string, init?: RequestInit) =>
  appResponse(new Request(address, init), createWindowFiles(root));

test('the window’s pages and files come with the policy of the server', async () => {
  const page = await ask('app://benchtop/runs/1?x=1#y');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await page.text()).toMatch(/^page [\w+/]+={0,2}$/);
  const icon = await ask('app://benchtop/icon.svg');
  expect(icon.headers.get('content-type')).toBe('image/svg+xml');
  const etag = icon.headers.get('etag') ?? '';
  expect((await ask('app://benchtop/icon.svg', { headers: { 'if-none-match': etag } })).status).toBe(304);
});

test('a HEAD has no body, another method is not allowed, another host has nothing', async () => {
  expect(await (await ask('app://benchtop/', { method: 'HEAD' })).text()).toBe('');
  expect((await ask('app://benchtop/', { method: 'POST', body: 'x' })).status).toBe(405);
  expect((await ask('app://other/')).status).toBe(404);
});
