import { createHash } from 'node:crypto';

/**
 * What must be equal for an installation to count as done: the lockfile's bytes and this machine's kind.
 *
 * @param {Buffer | string} lockfile contents of package-lock.json
 * @param {{ platform: string, arch: string, nodePackage: string | null }} machine
 * @returns {string} 64 hex digits
 */
export function installStamp(lockfile, { platform, arch, nodePackage }) {
  return createHash('sha256')
    .update(lockfile)
    .update(`\n${platform}-${arch}\n${nodePackage ?? 'own node'}\n`)
    .digest('hex');
}

/**
 * Whether an installation made by hand (`npm ci`, `npm install`) already is what the lockfile asks for, judged by
 * the record that npm leaves in node_modules/.package-lock.json once it has finished.
 *
 * @param {string} lockfile contents of package-lock.json
 * @param {string} record contents of node_modules/.package-lock.json
 */
export function recordMatchesLock(lockfile, record) {
  const wanted = packagesOf(lockfile);
  const present = packagesOf(record);
  const missing = Object.entries(wanted).filter(([path, entry]) => {
    if (path === '') return false;
    const found = present[path];
    if (found === undefined) return !entry.optional && !entry.devOptional && !entry.peer;
    return found.version !== entry.version || found.integrity !== entry.integrity;
  });
  const extra = Object.keys(present).filter((path) => wanted[path] === undefined);
  return missing.length === 0 && extra.length === 0;
}

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} LockedPackage */

/**
 * @param {string} lockfile
 * @returns {Record<string, LockedPackage | undefined> & Record<string, LockedPackage>}
 */
function packagesOf(lockfile) {
  return JSON.parse(lockfile).packages ?? {};
}

/**
 * The next step after a failed `npm ci`.
 *
 * @param {string} output what npm printed
 */
export function installAdvice(output) {
  if (/ENOTFOUND|ETIMEDOUT|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ERR_SOCKET_TIMEOUT/.test(output)) {
    return 'The package registry could not be reached. Connect to the network (behind a proxy: `npm config set proxy URL`), then run the same command again; it is needed once.';
  }
  if (/ENOSPC/.test(output))
    return 'The disk is full. About 1 GB is needed; make room, then run the same command again.';
  if (/EACCES|EPERM/.test(output)) {
    return 'A file could not be written. Make the folder yours (or close programs that hold files in node_modules), then run the same command again.';
  }
  if (/EUSAGE|EINTEGRITY|ETARGET|E404/.test(output)) {
    return 'package-lock.json and the registry disagree. Get an unchanged copy with `git checkout package-lock.json package.json`, then run the same command again.';
  }
  return 'Run `npm ci` in that folder to see all of its output, then run the same command again.';
}
