import { isAbsolute, relative, sep } from 'node:path';

/** Whether a path is a folder or lies below it, by the names alone. */
export function isWithin(folder: string, path: string): boolean {
  // Seen at once nearly always; only what goes up somewhere has to be taken apart.
  if (path.startsWith(folder) && path[folder.length] === sep && !path.includes('..')) return true;
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
