import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A living holder touches its lock every two seconds; one untouched for this long has lost its holder. */
const abandonedAfterMs = 30_000;

/**
 * Runs `work` while holding the lock file; a second process waits for the first. A lock whose holder died is
 * taken over.
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLockFile(path, work) {
  mkdirSync(dirname(path), { recursive: true });
  while (!take(path)) {
    if (isAbandoned(path)) rmSync(path, { force: true });
    else await sleep(50);
  }
  const heartbeat = setInterval(() => utimesSync(path, new Date(), new Date()), 2000);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    rmSync(path, { force: true });
  }
}

/** @param {string} path */
function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} path */
function isAbandoned(path) {
  try {
    const holder = Number(readFileSync(path, 'utf8'));
    if (Date.now() - statSync(path).mtimeMs > abandonedAfterMs) return true;
    // An empty file is a lock in the moment between its creation and the writing of its holder.
    if (holder > 0) process.kill(holder, 0);
    return false;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ESRCH') return true;
    if (code === 'ENOENT' || code === 'EPERM') return false;
    throw error;
  }
}

/** @param {unknown} error */
function errorCode(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
