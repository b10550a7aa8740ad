import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Snapshot } from '../../contract/index.ts';
import { isWithin } from '../is-within.ts';
import type { Git, Place } from './repository.ts';

/** Where the code of a run lies, and which repository takes its snapshot. */
export interface ChosenPlace {
  readonly rootPath: string;
  readonly repository: Snapshot['repository'];
  /** The git folder that the commit goes into. */
  readonly repositoryPath: string;
  /** The user's working tree, also where its repository cannot be written; null for a folder without git. */
  readonly place: Place | null;
  /** False in a home folder and above: only what git knows is looked at there. */
  readonly withUntracked: boolean;
  /** What the reader should know, in words. */
  readonly note: string | null;
}

/**
 * The user's repository around the working folder; or one of Benchtop's own for the project's folder, where there is none, where it
 * ignores that folder, or where git refuses it.
 */
export async function choosePlace(
  git: Git,
  { workingFolder, projectPath, homePath }: { workingFolder: string; projectPath: string; homePath: string },
): Promise<ChosenPlace> {
  let note: string | null = null;
  const place = await git.placeOf(workingFolder).catch((error: unknown) => {
    note = `The repository could not be read (${error instanceof Error ? error.message : String(error)}).`;
    return null;
  });
  // The sample lies in Benchtop's own home; a repository around that is not the sample's.
  if (
    place === null ||
    place.isIgnored ||
    (isWithin(place.rootPath, homePath) && isWithin(homePath, workingFolder))
  )
    return {
      rootPath: projectPath,
      repository: 'private',
      repositoryPath: privatePath(homePath, projectPath),
      place: null,
      withUntracked: true,
      note,
    };
  const isOwn = await isWritable(place.commonPath);
  const withUntracked = !isWithin(place.rootPath, homedir());
  return {
    rootPath: place.rootPath,
    repository: isOwn ? 'own' : 'private',
    repositoryPath: isOwn ? place.commonPath : privatePath(homePath, place.commonPath),
    place,
    withUntracked,
    note: withUntracked ? null : 'New files were not looked for: the repository is that of a home folder.',
  };
}

/** True for a folder that holds the user's whole home, or the whole disk: no project. */
export const isTooBroad = (path: string): boolean => isWithin(path, homedir()) || path === dirname(path);

const privatePath = (homePath: string, of: string) =>
  join(homePath, 'source', `${createHash('sha256').update(of).digest('hex').slice(0, 16)}.git`);

async function isWritable(gitPath: string): Promise<boolean> {
  try {
    for (const name of ['objects', 'refs']) await access(join(gitPath, name), constants.W_OK);
    return true;
  } catch {
    return false; // whatever the reason: the repository below the home takes it
  }
}
