import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * One hash over the names and contents of everything that goes into a part. Tests do not, and code assembled from a text
 * counts as that text.
 *
 * @param {string} root
 * @param {readonly string[]} sources folders and files, relative to root; one that does not exist counts as that
 * @returns {string} 64 hex digits
 */
export function sourceHash(root, sources) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesUnder(root, source)) {
      const content = readFileSync(join(root, file));
      hash.update(`${file}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} path with forward slashes, relative to root
 * @returns {string[]} sorted
 */
function filesUnder(root, path) {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [path];
  return readdirSync(absolute, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .filter((entry) => !/\.test\.tsx?$|\.wasm$/.test(entry.name))
    .flatMap((entry) =>
      entry.isDirectory() ? filesUnder(root, `${path}/${entry.name}`) : [`${path}/${entry.name}`],
    );
}
