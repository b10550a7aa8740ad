import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * False where neither a folder nor one above it holds a `.git`: there git need not be asked, which costs a process. Which repository it
 * is, and whether it can be read, is for git to say.
 */
export function isBelowRepository(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true;
    if (dirname(at) === at) return false;
  }
}
