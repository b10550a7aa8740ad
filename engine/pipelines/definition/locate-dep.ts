import type { DvcConfig } from './dvc-config.ts';
import { isRemote, projectPath } from './stage-paths.ts';

/** Where DVC can read from, but for this machine. */
const elsewhere = new Set('s3 gs azure oss gdrive hdfs webhdfs ssh http https webdav webdavs ds'.split(' '));

/** A dep as it is written: a path on this machine, an address that only the network knows, or a mistake. */
export type LocatedDep =
  | { readonly path: string }
  | { readonly address: string }
  | { readonly mistake: string; readonly fix: string };

/** `remote://store/x.csv` lies in the remote that `.dvc/config` names so: where that is a folder of this machine, it is a file here. */
export function locateDep(
  written: string,
  root: string,
  folder: string,
  remotes: DvcConfig['remotes'],
): LocatedDep {
  if (!isRemote(written)) return { path: projectPath(root, folder, written) };
  const at = written.indexOf('://');
  const [scheme, rest] = [written.slice(0, at).toLowerCase(), written.slice(at + 3)];
  if (scheme === 'file') return { path: projectPath(root, folder, rest) };
  if (scheme === 'remote') {
    const [name = '', ...below] = rest.split('/');
    const url = remotes.get(name);
    if (url === undefined)
      return {
        mistake: `${written} names the remote ${name}, which .dvc/config does not have.`,
        fix: `Add it with \`dvc remote add ${name} …\`, or correct the name.`,
      };
    return isRemote(url)
      ? { address: written }
      : { path: projectPath(root, '.dvc', [url, ...below].join('/')) };
  }
  if (elsewhere.has(scheme)) return { address: written };
  return {
    mistake: `Nothing can be read from ${scheme}:// (${written}).`,
    fix: `Write a path, or one of ${[...elsewhere].map((each) => `${each}://`).join(', ')}.`,
  };
}
