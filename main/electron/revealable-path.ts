import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';

/**
 * Whether the file manager may be asked to show a path: one that is absolute and there. A network path of Windows is refused,
 * because only looking at it sends the person's name and password hash to whoever owns the address.
 */
export function isRevealable(path: unknown): path is string {
  if (typeof path !== 'string' || path.includes('\0')) return false;
  return isAbsolute(path) && !/^[\\/]{2}/.test(path) && existsSync(path);
}
