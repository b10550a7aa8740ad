import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A failed fetch is not tried again for a day: a start without network must be instant. */
const retryAfterMs = 24 * 60 * 60 * 1000;
const fetchLimitMs = 60_000;

/** @typedef {{ version: string, folder: string }} ElectronPackage where the npm package lies */

/**
 * @param {string} root
 * @returns {ElectronPackage | null} null in an installed package, which does not bring Electron
 */
export function electronPackage(root) {
  try {
    const manifest = createRequire(join(root, 'package.json')).resolve('electron/package.json');
    return { version: JSON.parse(readFileSync(manifest, 'utf8')).version, folder: dirname(manifest) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

/**
 * Looks for the binary itself. Asking the `electron` package would start a download.
 *
 * @param {string} folder of the package
 * @param {string} platform
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | null}
 */
export function electronBinary(folder, platform, env) {
  const dist = env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist');
  const file =
    platform === 'darwin'
      ? 'Electron.app/Contents/MacOS/Electron'
      : platform === 'win32'
        ? 'electron.exe'
        : 'electron';
  return existsSync(join(dist, file)) ? join(dist, file) : null;
}

/**
 * Whether this session can show a window at all.
 *
 * @param {string} platform
 * @param {NodeJS.ProcessEnv} env
 */
export function hasDisplay(platform, env) {
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}

/** @typedef {{ version: string, failedAtMs: number, reason: string }} FailedFetch what is remembered of a failure */

/**
 * @param {FailedFetch} last
 * @param {string} version wanted now
 * @param {number} nowMs
 */
export function mayFetch(last, version, nowMs) {
  return (
    last === null ||
    last.version !== version ||
    nowMs - last.failedAtMs >= retryAfterMs ||
    nowMs < last.failedAtMs
  );
}

/**
 * Fetches the binary with the package's own script. Gives up after a minute and remembers that it failed.
 *
 * @param {string} root
 * @param {ElectronPackage} electron
 * @param {boolean} insist try even after a remembered failure
 * @returns {Promise<string | null>} why there is no binary, null when there is one
 */
export async function fetchElectron(root, electron, insist) {
  const memory = join(root, 'out', 'electron-fetch.json');
  const last = existsSync(memory) ? rememberedFailure(readFileSync(memory, 'utf8')) : null;
  if (last !== null && !insist && !mayFetch(last, electron.version, Date.now())) {
    return `${last.reason} (tried in the last 24 hours; \`npm start -- --fetch-electron\` tries again)`;
  }
  const reason = await runInstaller(join(electron.folder, 'install.js'));
  if (reason === null) return null;
  mkdirSync(dirname(memory), { recursive: true });
  writeFileSync(memory, JSON.stringify({ version: electron.version, failedAtMs: Date.now(), reason }));
  return reason;
}

/**
 * @param {string} text
 * @returns {FailedFetch}
 */
function rememberedFailure(text) {
  return JSON.parse(text);
}

/**
 * @param {string} script
 * @returns {Promise<string | null>}
 */
function runInstaller(script) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, fetchLimitMs);
    const stop = () => child.kill('SIGKILL');
    process.once('exit', stop);
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => {
      clearTimeout(timer);
      process.off('exit', stop);
      if (code === 0) resolve(null);
      else if (late) resolve(`its download took longer than ${fetchLimitMs / 1000} s`);
      else resolve(`its download failed: ${/\S.*/.exec(output)?.[0] ?? `exit code ${code}`}`);
    });
  });
}
