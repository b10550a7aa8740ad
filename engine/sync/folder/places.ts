import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { isMissing } from '../../is-missing.ts';
import { SendFailure } from '../link/send-failure.ts';
import { folderFailure } from './folder-failure.ts';
import { writeMade } from './write-file.ts';

/** By this file a folder is known as a target: an empty mount point, of a share that is not there, has none. */
export const markName = 'benchtop-target.json';
const mark = {
  format: 1,
  about:
    'Runs and models that Benchtop handed over. Each folder below runs/ and models/ explains itself and has a SHA256SUMS; `sha256sum -c` checks it.',
};

/** Makes a folder a target: marks it, so that it is known again. @throws {SendFailure} */
export async function markFolder(root: string): Promise<void> {
  try {
    await mkdir(root, { recursive: true });
    if (!(await isThere(join(root, markName))))
      await writeMade(join(root, markName), `${JSON.stringify(mark, null, 2)}\n`, async () => undefined);
  } catch (error) {
    throw folderFailure(error, root);
  }
}

/** @throws {SendFailure} `unreachable` where the folder is not the one that was marked; `unsupported` for a later format. */
export async function requireMark(root: string): Promise<void> {
  try {
    const { format } = z
      .object({ format: z.number() })
      .parse(JSON.parse(await readFile(join(root, markName), 'utf8')));
    if (format > mark.format)
      throw new SendFailure('refused', {
        code: 'unsupported',
        what: `A later Benchtop has written in ${root}.`,
        next: 'Bring this one up to date.',
      });
  } catch (error) {
    if (!isMissing(error)) throw folderFailure(error, root);
    throw new SendFailure('unreachable', {
      code: 'disconnected',
      what: `${root} is not there, or is not the folder that was named.`,
      evidence: `no ${markName} in it`,
      next: 'Mount the share. For a folder that is new, remove the target and add it again.',
    });
  }
}

export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** A name as a folder: as it is where every file system takes it. */
const folderName = (name: string): string =>
  /^[\w@()+=,-][\w .@()+=,-]*$/.test(name) && !/[ .]$/.test(name) ? name : encodeURIComponent(name);
function nameOfFolder(folder: string): string {
  try {
    return decodeURIComponent(folder);
  } catch {
    return folder; // not one of ours
  }
}

export const runsFolder = (root: string): string => join(root, 'runs');
const modelsFolder = (root: string): string => join(root, 'models');
const modelFolder = (root: string, name: string): string => join(modelsFolder(root), folderName(name));
export const versionFolder = (root: string, name: string, version: string): string =>
  join(modelFolder(root, name), version);
export const aliasPath = (root: string, name: string, alias: string): string =>
  join(modelFolder(root, name), 'aliases', encodeURIComponent(alias));

/** Where something is put together until it is whole. */
export const incomingFolder = (root: string, origin: string): string =>
  join(root, '.incoming', createHash('sha256').update(origin).digest('hex').slice(0, 32));

/** The numbers of a model's versions, the least first. */
export async function versionNumbers(root: string, name: string): Promise<number[]> {
  const names = await namesIn(modelFolder(root, name));
  return names.flatMap((each) => (/^[1-9]\d*$/.test(each) ? Number(each) : [])).toSorted((a, b) => a - b);
}

export const modelNames = async (root: string): Promise<string[]> =>
  (await namesIn(modelsFolder(root))).filter((name) => !name.startsWith('.')).map(nameOfFolder);

export const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
};

/** Aliases of a model, and the versions that they point to. */
export async function aliasesOf(root: string, name: string): Promise<Map<string, string>> {
  const aliases = new Map<string, string>();
  for (const file of await namesIn(join(modelFolder(root, name), 'aliases'))) {
    if (file.endsWith('.part')) continue;
    const version = await aliasAt(join(modelFolder(root, name), 'aliases', file));
    if (version !== null) aliases.set(decodeURIComponent(file), version);
  }
  return aliases;
}

/** What the file of an alias says; null where there is none. */
export async function aliasAt(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
