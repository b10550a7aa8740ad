import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync, type Dirent } from 'node:fs';
import { basename, dirname } from 'node:path';
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
  /**
   * A hash of all names with inode, size, times and mode: where it is the same again, so is the content. Null where that cannot be
   * told: something could not be looked at, or was written to so lately that it may be once more within a tick of the clock.
   */
  readonly signature: Buffer | null;
  /** The latest time at which a file in it was written to or put there, milliseconds UTC; 0 for nothing. */
  readonly newestMs: number;
}

export interface WalkBounds {
  readonly files: number;
  readonly bytes: number;
}

/** A file that was changed so short a time ago may change again unnoticed: file times come from a coarse clock. */
const racyMs = 2000;
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
    const newestMs = Math.max(top.mtimeMs, top.ctimeMs);
    return {
      kind: 'file',
      base: dirname(path),
      files,
      links,
      problems,
      isCut: false,
      signature: null,
      newestMs,
    };
  }
  let bytes = 0;
  let seen = 0;
  const hash = createHash('sha256');
  const startedAt = Date.now();
  let newestMs = 0;
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    let entries: Dirent[];
    // Put together by hand: `join` would cost as much as the call of the system.
    const here = folder === '' ? path : `${path}/${folder}`;
    let signed = '';
    try {
      entries = readdirSync(here, { withFileTypes: true });
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
        if (entry.isSymbolicLink()) {
          const target = readlinkSync(`${here}/${entry.name}`);
          links.push({ path: relative, target });
          signed += `${relative}\0${target}\0`;
        } else if (entry.isFile()) {
          const { mode, size, ino, mtimeMs, ctimeMs } = lstatSync(`${here}/${entry.name}`);
          files.push({ path: relative, isProgram: isProgram(mode), sizeBytes: size });
          signed += `${relative}\0${ino} ${size} ${mtimeMs} ${ctimeMs} ${mode}\0`;
          newestMs = Math.max(newestMs, mtimeMs, ctimeMs);
          bytes += size;
          if (bounds !== undefined && (files.length > bounds.files || bytes > bounds.bytes))
            return {
              kind: 'folder',
              base: path,
              files,
              links,
              problems,
              isCut: true,
              signature: null,
              newestMs,
            };
        } else problems.push(notAFile(relative, entry));
      } catch (error) {
        // A name that is no UTF-8 comes with U+FFFD in it, and nothing is found under that.
        problems.push(
          entry.name.includes('\uFFFD') && isMissing(error) ? badName(relative) : unreadable(relative, error),
        );
      }
    }
    hash.update(signed);
  }
  const isCertain = problems.length === 0 && newestMs < startedAt - racyMs;
  const signature = isCertain ? hash.digest() : null;
  return { kind: 'folder', base: path, files, links, problems, isCut: false, signature, newestMs };
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
