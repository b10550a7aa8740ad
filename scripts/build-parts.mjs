/**
 * Every file that is started on its own, by its source, with the place of its bundle under out/. A file that
 * starts another one names it as `new URL('./reader.ts', import.meta.url)`; the build puts the bundle's name there.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const entries = {
  'main/cli/benchtop.ts': 'app/benchtop.mjs',
  'main/cli/held-engine.ts': 'app/held-engine.mjs',
  'engine/reader.ts': 'app/reader.mjs',
  'engine/objects/objects-worker.ts': 'app/objects-worker.mjs',
  'engine/sql/sql-worker.ts': 'app/sql-worker.mjs',
  'engine/runner/log-search/search-worker.ts': 'app/search-worker.mjs',
  'engine/data/tables/table-process.ts': 'app/table-process.mjs',
  'engine/gates/evaluation/evaluation-worker.ts': 'app/evaluation-worker.mjs',
  'main/electron/main.ts': 'app/main.mjs',
  'main/electron/engine-process.ts': 'app/engine-process.mjs',
  'preload/preload.ts': 'preload/preload.cjs',
};

/**
 * @typedef {object} Part one folder under out/, rebuilt as a whole
 * @property {'app' | 'preload' | 'window'} name
 * @property {readonly string[]} sources folders and files whose content decides about a rebuild
 */

const buildScripts = ['package-lock.json', 'scripts/build-parts.mjs'];

/** @type {readonly Part[]} */
export const parts = [
  {
    name: 'app',
    sources: [
      'contract',
      'engine',
      'main',
      'scripts/answer-schemas.mjs',
      'scripts/assemble-wasm.mjs',
      'scripts/one-byte-code.mjs',
      'scripts/plain-builtins.mjs',
      'scripts/bundle-node.mjs',
      'scripts/file-references.mjs',
      ...buildScripts,
    ],
  },
  {
    name: 'preload',
    sources: [
      'contract',
      'preload',
      'scripts/answer-schemas.mjs',
      'scripts/bundle-node.mjs',
      'scripts/file-references.mjs',
      ...buildScripts,
    ],
  },
  {
    name: 'window',
    sources: [
      'contract',
      'renderer',
      'scripts/bundle-window.mjs',
      'scripts/window-config.mjs',
      ...buildScripts,
    ],
  },
];

/**
 * The entries of a part: bundle name without extension → source.
 *
 * @param {string} part
 * @param {Readonly<Record<string, string>>} among
 * @returns {Record<string, string>}
 */
export function entriesOf(part, among) {
  const own = Object.entries(among).filter(([, bundle]) => bundle.startsWith(`${part}/`));
  return Object.fromEntries(
    own.map(([source, bundle]) => [bundle.slice(part.length + 1).replace(/\.[cm]js$/, ''), source]),
  );
}
