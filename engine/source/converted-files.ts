import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../is-missing.ts';
import { runGit, type GitCall } from './git-program.ts';
import type { FileMode, Place, WorkingChange } from './repository.ts';

/** More files than these are not taken as they lie: each would be read and written for every run. */
export const maxConverted = 5000;
/** Attributes under which git changes line ends (gitattributes(5)). */
const changesLineEnds = /(^|\s)(text(=auto)?|eol=\w+|crlf)(\s|$)/m;

/**
 * Files that lie in the working tree with other line ends than git has them, and are no change in its eyes: `core.autocrlf`, `core.eol` or
 * an attribute makes them so. Null where they are too many. Every file is read for it, so only a repository that may have some is asked.
 */
export async function convertedFiles(
  place: Place,
  call: Omit<GitCall, 'input'>,
): Promise<WorkingChange[] | null> {
  if (!(await mayConvert(place, call))) return [];
  const { stdout } = await runGit(['ls-files', '--stage', '--eol', '-z'], call);
  const converted = stdout.toString('latin1').split('\0').flatMap(convertedFile);
  return converted.length > maxConverted ? null : converted;
}

/** `<mode> <id> <stage>\ti/<line ends> w/<line ends> attr/<attributes>\t<path>` (git-ls-files(1)). */
function convertedFile(line: string): WorkingChange[] {
  const [, mode, id, stored, lies, path = ''] =
    /^(\d+) ([0-9a-f]+) 0\ti\/(\S*) +w\/(\S*) +attr\/[^\t]*\t(.*)$/s.exec(line) ?? [];
  if (mode === undefined || id === undefined || stored === lies) return [];
  if (!textEnds.has(stored ?? '') || !textEnds.has(lies ?? '')) return [];
  const committed = { mode: mode as FileMode, id };
  return [{ path, committed, staged: null, mode: committed.mode, is: 'changed' }];
}

const textEnds = new Set(['lf', 'crlf', 'mixed']);

async function mayConvert({ rootPath, commonPath }: Place, call: Omit<GitCall, 'input'>): Promise<boolean> {
  const [config, listed] = await Promise.all([
    runGit(['config', '-z', '--get-regexp', String.raw`^core\.(autocrlf|eol|attributesfile)$`], call),
    runGit(['ls-files', '-z', '--', '.gitattributes', '*/.gitattributes'], call),
  ]);
  // One setting a piece: its name, a line feed, its value.
  if (
    /^core\.(autocrlf\n(true|yes|on|1|input)|eol\ncrlf|attributesfile\n)/im.test(
      config.stdout.toString('utf8').replaceAll('\0', '\n'),
    )
  )
    return true;
  const paths = listed.stdout.toString('utf8').split('\0').filter(Boolean);
  for (const path of [...paths.map((each) => join(rootPath, each)), join(commonPath, 'info', 'attributes')])
    if (changesLineEnds.test(await textOf(path))) return true;
  return false;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}
