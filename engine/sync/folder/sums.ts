import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../../is-missing.ts';
import type { SentFile } from './folder-errand.ts';

export const sumsName = 'SHA256SUMS';

/** One line of them. */
export type Sum = Pick<SentFile, 'path' | 'sha256'>;

/** As `sha256sum` writes them, and checks them with `-c`: its escapes for a newline and a backslash in a name, too. */
export const sumsText = (files: readonly Sum[]): string =>
  files
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, sha256 }) => {
      const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
      return `${escaped === path ? '' : '\\'}${sha256}  ${escaped}\n`;
    })
    .join('');

/** The sums of a folder by path; null where there are none. */
export async function sumsOf(folder: string): Promise<Map<string, string> | null> {
  try {
    return readSums(await readFile(join(folder, sumsName), 'utf8'));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export function readSums(text: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, escape, sha256, path] = /^(\\?)([0-9a-f]{64})[ ][ *](.+)$/s.exec(line) ?? [];
    if (sha256 === undefined || path === undefined) continue;
    sums.set(
      escape === ''
        ? path
        : path.replaceAll(/\\([nr\\])/g, (_, sign: string) => ({ n: '\n', r: '\r' })[sign] ?? '\\'),
      sha256,
    );
  }
  return sums;
}
