import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, relative, resolve, sep } from 'node:path';

/** Folders (and files) that keep their place in a package, so that a bundle may point at them. */
const kept = ['out/', 'resources/', 'package.json'];

/**
 * Keeps `new URL('./beside.ts', import.meta.url)` true in a bundle, where every module has moved to out/app/: an
 * entry becomes its bundle, a file that keeps its place gets the path from there, any other file is copied along.
 *
 * @param {string} root
 * @param {string} outFolder the folder of the bundle relative to root, e.g. 'out/app'
 * @param {Readonly<Record<string, string>>} entries source → bundle under out/
 * @returns {import('rolldown').Plugin}
 */
export function fileReferences(root, outFolder, entries) {
  return {
    name: 'file-references',
    transform: {
      filter: { id: { include: /\.[cm]?tsx?$/, exclude: /node_modules/ } },
      handler(code, id) {
        const misuse = /import\.meta\.(dirname|filename)/.exec(code);
        if (misuse !== null) {
          this.error(
            `${id}: ${misuse[0]} changes its meaning in a bundle; name the file as new URL('./…', import.meta.url)`,
          );
        }
        const replaced = code.replaceAll(
          /new URL\(\s*(['"])([^'"]+)\1\s*,\s*import\.meta\.url\s*,?\s*\)/g,
          (_whole, _quote, /** @type {string} */ reference) => {
            const target = resolve(dirname(id), reference);
            const place = placeOf(root, outFolder, entries, target, reference.endsWith('/'));
            if (place === null)
              this.error(`${id}: new URL('${reference}', import.meta.url) names no file of the product`);
            if (place.copy !== null) {
              this.emitFile({
                type: 'asset',
                fileName: basename(place.copy),
                source: readFileSync(place.copy),
              });
            }
            return `new URL('${place.reference}', import.meta.url)`;
          },
        );
        return replaced === code ? null : { code: replaced, map: null };
      },
    },
  };
}

/**
 * @param {string} root
 * @param {string} outFolder
 * @param {Readonly<Record<string, string>>} entries
 * @param {string} target absolute
 * @param {boolean} isFolder
 * @returns {{ reference: string, copy: string | null } | null}
 */
function placeOf(root, outFolder, entries, target, isFolder) {
  const path = relative(root, target).replaceAll(sep, '/') + (isFolder ? '/' : '');
  const bundle = entries[path];
  if (bundle !== undefined) return { reference: fromFolder(outFolder, `out/${bundle}`), copy: null };
  if (path === '/' || kept.some((prefix) => path.startsWith(prefix))) {
    return { reference: fromFolder(outFolder, path) + (isFolder ? '/' : ''), copy: null };
  }
  if (isFolder || !existsSync(target) || !statSync(target).isFile()) return null;
  return { reference: `./${basename(target)}`, copy: target };
}

/**
 * @param {string} folder
 * @param {string} path
 */
function fromFolder(folder, path) {
  const way = relative(`/${folder}`, `/${path}`).replaceAll(sep, '/');
  return way.startsWith('.') ? way : `./${way}`;
}
