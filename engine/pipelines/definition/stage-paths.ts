import { posix } from 'node:path';

/**
 * A path of a stage as seen from the project's folder: `./` and `..` taken away, no `/` at the end, `.` for the folder itself.
 * One that leads outside begins with `../`, or with `/` where it is absolute.
 */
export function projectPath(root: string, folder: string, path: string): string {
  if (posix.isAbsolute(path)) {
    const inside = posix.relative(root, path);
    return inside === '' ? '.' : inside.startsWith('../') || inside === '..' ? posix.normalize(path) : inside;
  }
  const normal = posix.normalize(posix.join(folder, path)).replace(/\/+$/, '');
  return normal === '' ? '.' : normal;
}

/** A path of the project as `dvc.lock` names it, unless the stage says otherwise (`lockNames`): from the working folder, or absolute. */
export const lockPath = (workingFolder: string, path: string): string =>
  posix.isAbsolute(path) ? path : posix.relative(workingFolder, path);

/**
 * How DVC names a dep or an output in `dvc.lock` (dvc/output.py, `def_path`): as it is written, `./data/` with all of its signs; but one
 * that is absolute and lies in the project as it is seen from the working folder.
 */
export function lockName(root: string, workingFolder: string, written: string): string {
  const isInside = posix.isAbsolute(written) && posix.normalize(written).startsWith(`${root}/`);
  return isInside ? posix.relative(workingFolder, posix.relative(root, written)) : written;
}

export const isOutside = (path: string): boolean =>
  path === '..' || path.startsWith('../') || posix.isAbsolute(path);

/** `s3://…`, `remote://…`, `ds://…`: nothing on this machine. */
export const isRemote = (path: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(path);
