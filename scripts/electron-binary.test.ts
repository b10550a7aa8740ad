import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { electronBinary, electronPackage, fetchElectron, hasDisplay, mayFetch } from './electron-binary.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-electron-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, text = ''): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  return join(folder, path);
}

test('finds the binary of each platform in dist, or where ELECTRON_OVERRIDE_DIST_PATH points', () => {
  expect(electronBinary(folder, 'linux', {})).toBeNull();
  const linux = put('dist/electron');
  const windows = put('dist/electron.exe');
  const mac = put('dist/Electron.app/Contents/MacOS/Electron');
  const other = put('other/electron');
  expect(electronBinary(folder, 'linux', {})).toBe(linux);
  expect(electronBinary(folder, 'win32', {})).toBe(windows);
  expect(electronBinary(folder, 'darwin', {})).toBe(mac);
  const override = { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'other') };
  expect(electronBinary(folder, 'linux', override)).toBe(other);
  expect(electronBinary(folder, 'win32', override)).toBeNull();
});

test('finds the package without loading it, and says so where it is not installed', () => {
  put('package.json', '{}');
  expect(electronPackage(folder)).toBeNull();
  put('node_modules/electron/package.json', '{"version": "45.0.0"}');
  expect(electronPackage(folder)).toMatchObject({ version: '45.0.0' });
});

test('a window needs a display on Linux', () => {
  expect(hasDisplay('linux', {})).toBe(false);
  expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false);
  expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
  expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
  expect(hasDisplay('darwin', {})).toBe(true);
  expect(hasDisplay('win32', {})).toBe(true);
});

test('a failed fetch rests for a day, unless another version is wanted or the clock went back', () => {
  const dayMs = 86_400_000;
  const last = { version: '45.0.0', failedAtMs: 5 * dayMs, reason: 'offline' };
  expect(mayFetch(last, '45.0.0', 5 * dayMs + 1)).toBe(false);
  expect(mayFetch(last, '45.0.0', 6 * dayMs)).toBe(true);
  expect(mayFetch(last, '45.1.0', 5 * dayMs + 1)).toBe(true);
  expect(mayFetch(last, '45.0.0', 4 * dayMs)).toBe(true);
});

test('a failure is remembered with its reason; insisting tries again', async () => {
  const script = put('electron/install.js', "console.error('HTTPError: 503\\n  at x'); process.exit(1);");
  const electron = { version: '45.0.0', folder: dirname(script) };
  expect(await fetchElectron(folder, electron, false)).toBe('its download failed: HTTPError: 503');
  put('electron/install.js', '');
  expect(await fetchElectron(folder, electron, false)).toMatch(
    /^its download failed: HTTPError: 503 \(tried in the last 24 hours/,
  );
  expect(await fetchElectron(folder, electron, true)).toBeNull();
});
