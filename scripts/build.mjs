import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { enterProductNode, projectRoot } from './bootstrap.mjs';
import { parts } from './build-parts.mjs';
import { withLockFile } from './lock-file.mjs';
import { endLike, runChild } from './run-child.mjs';
import { sourceHash } from './source-hash.mjs';

/** Lies in each built folder and holds the hash of the sources it was built from. */
const stampName = 'build.json';
const everyPart = parts.map(({ name }) => name);

/**
 * Builds what has changed since the last build. A part appears under out/ complete or not at all, and processes
 * that start at once wait for the one that builds.
 *
 * @param {string} root
 * @param {readonly import('./build-parts.mjs').Part['name'][]} [names] the parts that are needed, all by default
 * @returns {Promise<{ built: string[], elapsedMs: number }>} the names of the parts that were built
 */
export async function build(root, names = everyPart) {
  const startedAt = performance.now();
  if (outdatedParts(root, names).length === 0) return { built: [], elapsedMs: performance.now() - startedAt };
  return await withLockFile(join(root, 'out', 'build.lock'), async () => {
    removeLeftovers(root);
    const built = [];
    for (const { name, hash } of outdatedParts(root, names)) {
      const fresh = join(root, 'out', `.new-${name}`);
      mkdirSync(fresh, { recursive: true });
      await bundlePart(name, root, fresh);
      writeFileSync(join(fresh, stampName), `${JSON.stringify({ sources: hash })}\n`);
      replaceFolder(join(root, 'out', name), fresh, join(root, 'out', `.old-${name}`));
      built.push(name);
    }
    return { built, elapsedMs: performance.now() - startedAt };
  });
}

/**
 * Makes sure that out/ is up to date. The bundlers run in a process of their own: the program that goes on from
 * here must not carry their memory.
 *
 * @param {string} root
 */
export async function buildBeforeStart(root) {
  if (outdatedParts(root, everyPart).length === 0) return;
  const ending = await runChild(process.execPath, [fileURLToPath(import.meta.url)]);
  if (ending.code !== 0) endLike(ending);
}

/**
 * @param {string} root
 * @param {readonly import('./build-parts.mjs').Part['name'][]} names
 * @returns {{ name: import('./build-parts.mjs').Part['name'], hash: string }[]}
 */
function outdatedParts(root, names) {
  // An installed package carries out/ and no sources.
  if (!existsSync(join(root, 'contract'))) return [];
  return parts
    .filter(({ name }) => names.includes(name))
    .map(({ name, sources }) => ({ name, hash: sourceHash(root, sources) }))
    .filter(({ name, hash }) => builtFrom(join(root, 'out', name, stampName)) !== hash);
}

/**
 * @param {string} stampFile
 * @returns {string | null}
 */
function builtFrom(stampFile) {
  return existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')).sources : null;
}

/**
 * @param {import('./build-parts.mjs').Part['name']} name
 * @param {string} root
 * @param {string} outDir
 */
async function bundlePart(name, root, outDir) {
  // Loaded here: on an unchanged tree the bundlers cost more than everything else together.
  if (name === 'window') return await (await import('./bundle-window.mjs')).bundleWindow(root, outDir);
  const { bundleApp, bundlePreload } = await import('./bundle-node.mjs');
  return name === 'app' ? await bundleApp(root, outDir) : await bundlePreload(root, outDir);
}

/**
 * @param {string} target
 * @param {string} fresh
 * @param {string} aside
 */
function replaceFolder(target, fresh, aside) {
  if (existsSync(target)) renameSync(target, aside);
  renameSync(fresh, target);
  rmSync(aside, { recursive: true, force: true });
}

/** @param {string} root */
function removeLeftovers(root) {
  for (const name of readdirSync(join(root, 'out'))) {
    if (/^\.(new|old)-/.test(name)) rmSync(join(root, 'out', name), { recursive: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await enterProductNode(import.meta.url);
  const { built, elapsedMs } = await build(projectRoot);
  // On stderr: stdout belongs to the program that is started next.
  if (built.length > 0) {
    process.stderr.write(`benchtop: built ${built.join(', ')} in ${(elapsedMs / 1000).toFixed(1)} s\n`);
  }
}
