import { spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Begins to make the Python environments that the tests want, one after the other, and waits for none: a test that wants one waits for its
 * lock, and says so when it could not be made. Most of the time goes into the network and the disk, while the checks need the processor.
 *
 * @param {string} root
 * @param {readonly string[]} names
 */
export function beginEnvironments(root, [name, ...others]) {
  if (name === undefined) return;
  const child = spawn(process.execPath, [join(root, 'scripts', 'python-environment.mjs'), name], {
    cwd: root,
    stdio: 'ignore',
  });
  child.once('close', () => beginEnvironments(root, others)).once('error', () => undefined);
}
