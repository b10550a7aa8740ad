import { lstatSync, readdirSync, readlinkSync, type Dirent } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { BenchtopError, type DataProblem } from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';

export interface WalkedFile {
  /** Relative to the data set, with forward slashes. */
  readonly path: string;
  readonly isProgram: boolean;
  readonly sizeBytes: number;
}

/** What lies at a path: the files to be read, the links as they are, and what can be neither. */
export interface WalkedData {
  readonly kind: 'file' | 'folder';
  /** The folder that the paths are relative to: of a single file the one it lies in. */
  readonly base: string;
  readonly files: WalkedFile[];
  readonly links: { readonly path: string; readonly target: string }[];
  readonly problems: DataProblem[];
  /** True where the bounds were reached: the rest was not looked at. */
  readonly isCut: boolean;
}

export interface WalkBounds {
  readonly files: number;
  readonly bytes: number;
}

/** Lets others have their turn after so many entries. */
const entriesPerTurn = 2000;

/**
 * Walks a file or folder with calls that wait, which for many small files cost a fifth of those that do not, and gives way
 * to others in between. Links are never followed, but for the path itself.
 * @throws {BenchtopError} `not-found`, `file-unreadable`, `invalid-input` for what is neither file nor folder, `cancelled`.
 */
export async function walkData(
  path: string,
  { signal, bounds }: { signal?: AbortSignal; bounds?: WalkBounds } = {},
): Promise<WalkedData> {
  const top = statusOf(path);
  const files: WalkedFile[] = [];
  const links: { path: string; target: string }[] = [];
  const problems: DataProblem[] = [];
  if (top.isFile()) {
    files.push({ path: basename(path), isProgram: isProgram(top.mode), sizeBytes: top.size });
    return { kind: 'file', base: dirname(path), files, links, problems, isCut: false };
  }
  let bytes = 0;
  let seen = 0;
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    let entries: Dirent[];
    try {
      entries = readdirSync(join(path, folder), { withFileTypes: true });
    } catch (error) {
      problems.push(unreadable(folder, error));
      continue;
    }
    for (const entry of entries) {
      if (++seen % entriesPerTurn === 0) {
        await new Promise(setImmediate);
        if (signal?.aborted) throw cancelled();
      }
      const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        waiting.push(relative);
        continue;
      }
      try {
        if (entry.isSymbolicLink())
          links.push({ path: relative, target: readlinkSync(join(path, relative)) });
        else if (entry.isFile()) {
          const status = lstatSync(join(path, relative));
          files.push({ path: relative, isProgram: isProgram(status.mode), sizeBytes: status.size });
          bytes += status.size;
          if (bounds !== undefined && (files.length > bounds.files || bytes > bounds.bytes))
            return { kind: 'folder', base: path, files, links, problems, isCut: true };
        } else problems.push(notAFile(relative, entry));
      } catch (error) {
        // A name that is no UTF-8 comes with U+FFFD in it, and nothing is found under that.
        problems.push(
          entry.name.includes('\uFFFD') && isMissing(error) ? badName(relative) : unreadable(relative, error),
        );
      }
    }
  }
  return { kind: 'folder', base: path, files, links, problems, isCut: false };
}

function statusOf(path: string) {
  try {
    const status = lstatSync(path);
    if (status.isFile() || status.isDirectory()) return status;
  } catch (error) {
    if (isMissing(error))
      throw new BenchtopError({ code: 'not-found', what: `There is nothing at ${path}.` }, { cause: error });
    throw new BenchtopError(
      {
        code: 'file-unreadable',
        what: `${path} cannot be read.`,
        evidence: error instanceof Error ? error.message : String(error),
      },
      { cause: error },
    );
  }
  throw new BenchtopError({ code: 'invalid-input', what: `${path} is neither a file nor a folder.` });
}

export const cancelled = () => new BenchtopError({ code: 'cancelled', what: 'This was cancelled.' });

const isProgram = (mode: number) => (mode & 0o100) !== 0;

const unreadable = (path: string, error: unknown): DataProblem => ({
  path,
  kind: isMissing(error) ? 'missing' : 'unreadable',
  what: error instanceof Error ? error.message : String(error),
});

const badName = (path: string): DataProblem => ({
  path,
  kind: 'bad-name',
  what: 'Its name is no UTF-8, and cannot be kept.',
});

function notAFile(path: string, entry: Dirent): DataProblem {
  const kind = entry.isFIFO()
    ? 'a pipe'
    : entry.isSocket()
      ? 'a socket'
      : entry.isCharacterDevice() || entry.isBlockDevice()
        ? 'a device'
        : 'no file';
  return { path, kind: 'not-a-file', what: `This is ${kind}.` };
}
