import { matchesGlob, posix } from 'node:path';
import type { ProjectFiles } from './project-files.ts';

export const isGlob = (path: string): boolean => /[*?[{]/.test(path);

/** A walk for one pattern ends here. */
const entriesAtMost = 20_000;
const neverIn = new Set(['node_modules', '__pycache__']);

/**
 * What a pattern stands for (`*`, `?`, `[ab]`, `{a,b}`, and `**` for any folders): the files and folders there are, and the
 * outputs that stages will write. Where a stage writes the folder that the pattern looks into, it is that folder, since nobody
 * knows yet what will be in it. Hidden files only match a pattern that names the dot. Null where it looks through too much to be met each time.
 */
export function meetGlob(files: ProjectFiles, pattern: string, outputs: readonly string[]): string[] | null {
  const parts = pattern.split('/');
  const fixed = parts.slice(0, Math.max(0, parts.findIndex(isGlob)));
  const base = fixed.length === 0 ? '.' : fixed.join('/');
  const maker = outputs.find((output) => base === output || base.startsWith(`${output}/`));
  if (maker !== undefined) return [base];
  const found = new Set(outputs.filter((output) => matchesGlob(output, pattern)));
  let seen = 0;
  const walk = (folder: string, left: readonly string[]): void => {
    const [part, ...rest] = left;
    if (part === undefined || seen > entriesAtMost) return;
    if (part === '**') walk(folder, rest);
    for (const entry of files.entries(folder)) {
      seen += 1;
      const path = posix.join(folder, entry.name);
      const isHidden = entry.name.startsWith('.') || neverIn.has(entry.name);
      if (part === '**') {
        if (entry.isDirectory() && !isHidden) walk(path, left);
        if (rest.length === 0 && !entry.isDirectory() && !isHidden) found.add(path);
      } else if (matchesGlob(entry.name, part) && (!isHidden || part.startsWith('.'))) {
        if (rest.length === 0) found.add(path);
        else if (entry.isDirectory()) walk(path, rest);
      }
    }
  };
  walk(base, parts.slice(fixed.length));
  return seen > entriesAtMost ? null : [...found].sort();
}
