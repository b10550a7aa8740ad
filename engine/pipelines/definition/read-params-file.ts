import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TomlError } from 'smol-toml';
import { BenchtopError } from '../../../contract/index.ts';
import { isMissing } from '../../is-missing.ts';
import { setNewest } from '../../set-newest.ts';
import { paramsOf } from './params-file.ts';
import { plainNumbers } from './plain-numbers.ts';
import { settledAfterMs } from './project-files.ts';
import { YamlMistake, type YamlValue } from './read-yaml.ts';

export interface ParamsFile {
  /** As DVC writes it into its lock: a whole number is a bigint, and `1` is not `1.0`. */
  readonly exact: YamlValue;
  readonly plain: unknown;
}

const kept = new Map<string, { stamp: string; content: Promise<ParamsFile | undefined> }>();
const filesKept = 64;

/**
 * The values in a file of params as they are now, read again only when it was written to; undefined where there is no file.
 * @throws {BenchtopError} `file-unreadable` where its text makes no sense.
 */
export function readParamsFile(projectPath: string, file: string): Promise<ParamsFile | undefined> {
  const path = join(projectPath, file);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return Promise.resolve(undefined);
  const stamp = `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
  const before = kept.get(path);
  if (before?.stamp === stamp) return before.content;
  const content = readNow(path, file);
  kept.delete(path);
  if (Date.now() - stats.ctimeMs < settledAfterMs) return content;
  setNewest(kept, filesKept, path, { stamp, content });
  return content;
}

async function readNow(path: string, file: string): Promise<ParamsFile | undefined> {
  try {
    const exact = paramsOf(file, await readFile(path, 'utf8'));
    return { exact, plain: plainNumbers(exact) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (!(error instanceof YamlMistake || error instanceof TomlError)) throw error;
    throw new BenchtopError({
      code: 'file-unreadable',
      what: `${file} cannot be read: ${error.message.split('\n', 1)[0] ?? ''}`,
      evidence: `line ${error.line}, column ${error.column}`,
      next: 'Correct it at this place.',
    });
  }
}
