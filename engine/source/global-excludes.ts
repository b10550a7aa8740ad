import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { isMissing } from '../is-missing.ts';

/**
 * What the user ignores everywhere (gitignore(5), `core.excludesFile`), for the ways that do without the user's git: the file that
 * their own configuration names, else `git/ignore` of the configuration folder. Files that the configuration includes are not followed.
 */
export async function globalExcludes(): Promise<string> {
  const own = process.env['XDG_CONFIG_HOME'] ?? '';
  const folder = join(isAbsolute(own) ? own : join(homedir(), '.config'), 'git');
  // The second is read after the first and has the last word.
  const named = [join(folder, 'config'), join(homedir(), '.gitconfig')].map(excludesFileOf);
  const path = (await Promise.all(named)).findLast((each) => each !== null) ?? join(folder, 'ignore');
  return textOf(path);
}

async function excludesFileOf(configPath: string): Promise<string | null> {
  let section = '';
  let found: string | null = null;
  for (const line of (await textOf(configPath)).split('\n')) {
    section =
      /^\s*\[\s*([\w.-]+)\s*\]/.exec(line)?.[1]?.toLowerCase() ?? (/^\s*\[/.test(line) ? '' : section);
    const [, value] = /^\s*excludesfile\s*=\s*"?([^"#;]*?)"?\s*(?:[#;].*)?$/i.exec(line) ?? [];
    if (section === 'core' && value !== undefined) found = value;
  }
  if (found === null || found === '') return null;
  return found.startsWith('~/') ? join(homedir(), found.slice(2)) : found;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    if (isMissing(error) || (error instanceof Error && 'code' in error && error.code === 'EACCES')) return '';
    throw error;
  }
}
