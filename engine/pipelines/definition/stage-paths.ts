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

export const isOutside = (path: string): boolean =>
  path === '..' || path.startsWith('../') || posix.isAbsolute(path);

/** `s3://…`, `remote://…`, `ds://…`: nothing on this machine. */
export const isRemote = (path: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(path);
