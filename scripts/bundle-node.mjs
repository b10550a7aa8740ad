import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';
import { answerSchemas } from './answer-schemas.mjs';
import { assembleWasm } from './assemble-wasm.mjs';
import { entries, entriesOf } from './build-parts.mjs';
import { fileReferences } from './file-references.mjs';
import { oneByteCode } from './one-byte-code.mjs';
import { plainBuiltins } from './plain-builtins.mjs';

/** Loaded from node_modules at run time: native code, Electron, and what ws uses only if somebody installed it. */
const external = ['@duckdb/node-api', 'better-sqlite3', 'electron', 'bufferutil', 'utf-8-validate'];

/** @type {import('rolldown').OutputOptions} */
const esModules = { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' };

/**
 * Bundles the programs that Node and Electron's main process run: ES modules, all flat in one folder.
 *
 * @param {string} root
 * @param {string} outDir
 */
export async function bundleApp(root, outDir) {
  await assembleWasm(root);
  await bundle(root, outDir, 'app', entries, esModules);
}

/**
 * Bundles other programs in the same way, e.g. one that a test starts a thousand times: with the threads that it starts, flat in a
 * folder under out/.
 *
 * @param {string} root
 * @param {string} folder its name
 * @param {readonly string[]} sources relative to root
 */
export async function bundlePrograms(root, folder, sources) {
  await assembleWasm(root);
  /** @type {Record<string, string>} */
  const programs = {};
  for (const source of sources) programs[source] = `${folder}/${basename(source, '.ts')}.mjs`;
  await bundle(root, join(root, 'out', folder), folder, programs, esModules);
}

/**
 * Bundles the preload script: a sandboxed one must be a single CommonJS file.
 *
 * @param {string} root
 * @param {string} outDir
 */
export async function bundlePreload(root, outDir) {
  await bundle(root, outDir, 'preload', entries, {
    format: 'cjs',
    entryFileNames: '[name].cjs',
    codeSplitting: false,
  });
}

/**
 * @param {string} root
 * @param {string} outDir
 * @param {string} part the folder's name under out/, at last
 * @param {Readonly<Record<string, string>>} among source → bundle under out/
 * @param {import('rolldown').OutputOptions} output
 */
async function bundle(root, outDir, part, among, output) {
  const input = entriesOf(part, among);
  const missing = Object.values(input).filter((source) => !existsSync(join(root, source)));
  if (missing.length > 0)
    throw new Error(
      `Cannot build ${part}: no file ${missing.join(', ')} (entries in scripts/build-parts.mjs)`,
    );
  const build = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    external,
    // Our modules do nothing by being imported, so that who takes one name of a room's index loads no more than that.
    treeshake: {
      moduleSideEffects: (id, isExternal) =>
        isExternal || /[\\/]node_modules[\\/]/.test(id) ? undefined : false,
    },
    plugins: [
      fileReferences(root, `out/${part}`, among),
      answerSchemas(),
      ...(output.format === 'es' ? [plainBuiltins(), oneByteCode()] : []),
    ],
    onLog(level, log, handle) {
      // A name that does not resolve would fail only when a user gets there.
      handle(log.code === 'UNRESOLVED_IMPORT' ? 'error' : level, log);
    },
  });
  try {
    await build.write({ ...output, dir: outDir });
  } finally {
    await build.close();
  }
}
