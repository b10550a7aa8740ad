import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const require = createRequire(import.meta.url);
/** The program and the threads that it starts, each a file that is started on its own. */
const entries = [
  new URL('../crash-program.ts', import.meta.url),
  new URL('../objects-worker.ts', import.meta.url),
  new URL('../fixture-reader.ts', import.meta.url),
].map((url) => ({ name: basename(url.pathname, '.ts'), path: fileURLToPath(url) }));

/**
 * For tests: the program that is killed, as one file that starts in a fifth of the time that its sources take: it is started a
 * thousand times. Returns its path in the folder.
 */
export async function bundleKillProgram(folder: string): Promise<string> {
  const build = await rolldown({
    input: Object.fromEntries(entries.map(({ name, path }) => [name, path])),
    platform: 'node',
    plugins: [
      {
        name: 'what-stays-where-it-is',
        resolveId: (id) =>
          id === 'better-sqlite3'
            ? { id: pathToFileURL(require.resolve(id)).href, external: true }
            : undefined,
        transform: (code) =>
          code.replaceAll(/new URL\('(\.\/[^']+)', import\.meta\.url\)/g, (whole, reference: string) => {
            const entry = entries.find(({ name }) => name === basename(reference, '.ts'));
            if (entry !== undefined) return `new URL('./${entry.name}.mjs', import.meta.url)`;
            return reference.endsWith('.wasm')
              ? `new URL('${new URL(`../${reference}`, import.meta.url).href}')`
              : whole;
          }),
      },
    ],
  });
  try {
    await build.write({ dir: folder, format: 'es', entryFileNames: '[name].mjs' });
  } finally {
    await build.close();
  }
  return join(folder, 'crash-program.mjs');
}
