import ignore, { type Ignore } from 'ignore';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { isMissing } from '../is-missing.ts';
import { isMachineMade } from './machine-made.ts';
import { pathBelow, type BytePath } from './shown-path.ts';

export interface Walk {
  readonly files: readonly BytePath[];
  /** Folders with a repository of their own; nothing below them was looked at. */
  readonly repositories: readonly BytePath[];
  /** Folders that programs made; nothing below them was looked at. */
  readonly machineMade: readonly BytePath[];
  /** False: there were more entries than the walk goes through. */
  readonly isWhole: boolean;
}

interface Rules {
  /** The folder that its patterns are relative to, with a slash at its end; empty for the root. */
  readonly base: BytePath;
  readonly patterns: Ignore;
}

/**
 * The files of a folder as git would list what is not ignored, by the .gitignore files in it (gitignore(5)). Links are files, never
 * followed; sockets and the like are passed over. Stops after `maxEntries`.
 */
export async function walkFolder(
  rootPath: string,
  {
    maxEntries,
    excludes = '',
    signal,
  }: {
    maxEntries: number;
    /** Patterns that hold everywhere, such as those of `info/exclude`. */
    excludes?: string;
    signal: AbortSignal;
  },
): Promise<Walk> {
  const files: BytePath[] = [];
  const repositories: BytePath[] = [];
  const machineMade: BytePath[] = [];
  let entryCount = 0;
  const folders: { path: BytePath; rules: readonly Rules[] }[] = [
    { path: '', rules: excludes === '' ? [] : [{ base: '', patterns: ignore().add(excludes) }] },
  ];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    signal.throwIfAborted();
    const base = folder.path === '' ? '' : `${folder.path}/`;
    const own = await patternsOf(rootPath, base);
    // The nearest rules have the last word.
    const rules = own === null ? folder.rules : [{ base, patterns: own }, ...folder.rules];
    for (const entry of await entriesOf(rootPath, folder.path)) {
      if (++entryCount > maxEntries) return { files, repositories, machineMade, isWhole: false };
      const name = entry.name.toString('latin1');
      const path = `${base}${name}`;
      const isFolder = entry.isDirectory();
      if (name === '.git' || (!isFolder && !entry.isFile() && !entry.isSymbolicLink())) continue;
      if (isIgnored(path, isFolder, rules)) continue;
      if (!isFolder) files.push(path);
      else if (isMachineMade(name)) machineMade.push(path);
      else if (await hasRepository(rootPath, path)) repositories.push(path);
      else folders.push({ path, rules });
    }
  }
  return { files, repositories, machineMade, isWhole: true };
}

function isIgnored(path: BytePath, isFolder: boolean, rules: readonly Rules[]): boolean {
  for (const { base, patterns } of rules) {
    const { ignored, unignored } = patterns.test(`${path.slice(base.length)}${isFolder ? '/' : ''}`);
    if (ignored || unignored) return ignored;
  }
  return false;
}

async function patternsOf(rootPath: string, base: BytePath): Promise<Ignore | null> {
  const text = await readFile(pathBelow(rootPath, `${base}.gitignore`), 'latin1').catch((error: unknown) => {
    if (isMissing(error) || isUnreadable(error)) return null;
    throw error;
  });
  return text === null ? null : ignore().add(text);
}

/** In order of their names; a folder that may not be read has none. */
async function entriesOf(rootPath: string, path: BytePath) {
  const entries = await readdir(pathBelow(rootPath, path), { withFileTypes: true, encoding: 'buffer' }).catch(
    (error: unknown) => {
      if (isMissing(error) || isUnreadable(error)) return [];
      throw error;
    },
  );
  return entries.toSorted((one, other) => Buffer.compare(one.name, other.name));
}

async function hasRepository(rootPath: string, path: BytePath): Promise<boolean> {
  const found = await lstat(pathBelow(rootPath, `${path}/.git`)).catch((error: unknown) => {
    if (isMissing(error) || isUnreadable(error)) return null;
    throw error;
  });
  return found !== null;
}

function isUnreadable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EISDIR');
}
