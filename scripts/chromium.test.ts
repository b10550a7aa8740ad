import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findChromium, onPath } from './chromium.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-chromium-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test('CHROMIUM_PATH decides, and one that leads nowhere is named', async () => {
  const browser = join(folder, 'my-chromium');
  vi.stubEnv('CHROMIUM_PATH', browser);
  expect(await findChromium()).toEqual({
    missing: `CHROMIUM_PATH is ${browser}, and there is no such file.`,
  });
  writeFileSync(browser, '');
  expect(await findChromium()).toEqual({ path: browser });
});

test('programs on PATH are taken in order of preference', () => {
  const env = { PATH: ['', join(folder, 'none'), folder].join(delimiter) };
  expect(onPath(['chromium', 'google-chrome'], env)).toBeNull();
  writeFileSync(join(folder, 'google-chrome'), '');
  expect(onPath(['chromium', 'google-chrome'], env)).toBe(join(folder, 'google-chrome'));
  writeFileSync(join(folder, 'chromium'), '');
  expect(onPath(['chromium', 'google-chrome'], env)).toBe(join(folder, 'chromium'));
});
