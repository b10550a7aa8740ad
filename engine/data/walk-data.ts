import { hash } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync, type Dirent, type Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { BenchtopError, type DataProblem } from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';
import { identityOf, isSettled, type FileIdentity } from '../objects/index.ts';
import { pathError } from './real-path.ts';

export interface WalkedFile {
  /** Relative to the data set, with forward slashes. */
  readonly path: string;
  readonly isProgram: boolean;
}

export interface WalkedLink {
  readonly path: string;
  readonly target: string;
}

/** Neighbours of one folder: where their signature is the same again, so are they and their contents. */
export interface WalkedBlock {
  /** 16 bytes in Latin-1: a hash of the names with inodes, sizes, times and modes. */
  readonly signature: string;
  /** Its files and links lie before these places in their lists, from those of the block before on. */
  readonly filesTo: number;
  readonly linksTo: number;
  /** When something of it was written to or put there last, milliseconds UTC. */
  readonly newestMs: number;
}

/** What lies at a path: the files to be read, the links as they are, and what can be neither. */
export interface WalkedData {
  readonly kind: 'file' | 'folder';
  /** The folder that the paths are relative to: of a single file the one it lies in. */
  readonly base: string;
  readonly files: WalkedFile[];
  readonly links: WalkedLink[];
  /** Of a single file of which no change could go unnoticed since; null of any other. */
  readonly settled: FileIdentity | null;
  /** All of a folder; none of a single file. */
  readonly blocks: WalkedBlock[];
  readonly problems: DataProblem[];
  /** True where the bounds were reached: the rest was not looked at. */
  readonly isCut: boolean;
  /** The latest time at which a file in it was written to or put there, milliseconds UTC; 0 for nothing. */
  readonly newestMs: number;
}

export interface WalkBounds {
  readonly files: number;
  readonly bytes: number;
}

/** Lets others have their turn after so many entries. */
const entriesPerTurn = 2000;
/**
 * Entries after which a block ends at the next name that says so, so that a name more or less in a large folder moves no border but
 * the next one; and at which it ends in any case.
 */
const entriesOfBlock = 64;
const entriesAtMost = 512;

/**
 * Walks a file or folder with calls that wait, which for many small files cost a fifth of those that do not, and gives way
 * to others in between. Links are never followed, but for the path itself.
 * @throws {BenchtopError} `not-found`, `file-unreadable`, `invalid-input` for what is neither file nor folder, `cancelled`.
 */
export async function walkData(
  path: string,
  { signal, bounds }: { signal?: AbortSignal; bounds?: WalkBounds } = {},
): Promise<WalkedData> {
  const walkedAt = Date.now();
  const top = statusOf(path);
  const files: WalkedFile[] = [];
  const links: WalkedLink[] = [];
  const blocks: WalkedBlock[] = [];
  const problems: DataProblem[] = [];
  if (top.isFile()) {
    files.push({ path: basename(path), isProgram: isProgram(top.mode) });
    const newestMs = Math.max(top.mtimeMs, top.ctimeMs);
    const identity = identityOf(top);
    const settled = isSettled(identity, walkedAt) ? identity : null;
    return {
      kind: 'file',
      base: dirname(path),
      files,
      links,
      settled,
      blocks,
      problems,
      isCut: false,
      newestMs,
    };
  }
  let bytes = 0;
  let seen = 0;
  let newestMs = 0;
  const found = (isCut: boolean): WalkedData => ({
    kind: 'folder',
    base: path,
    files,
    links,
    settled: null,
    blocks,
    problems,
    isCut,
    newestMs,
  });
  const numbers = new Float64Array(numbersOfFile * entriesAtMost);
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    let entries: Dirent[];
    // Put together by hand: `join` would cost as much as the call of the system.
    const here = folder === '' ? path : `${path}/${folder}`;
    try {
      entries = readdirSync(here, { withFileTypes: true });
    } catch (error) {
      problems.push(unreadable(folder, error));
      continue;
    }
    let block = openBlock(folder, numbers);
    for (const entry of entries) {
      if (++seen % entriesPerTurn === 0) {
        await new Promise(setImmediate);
        if (signal?.aborted) throw cancelled();
      }
      const { name } = entry;
      const relative = folder === '' ? name : `${folder}/${name}`;
      if (entry.isDirectory()) {
        waiting.push(relative);
        continue;
      }
      try {
        if (entry.isFile()) {
          const status = lstatSync(`${here}/${name}`);
          files.push({ path: relative, isProgram: isProgram(status.mode) });
          block.addFile(name, status);
          bytes += status.size;
          if (bounds !== undefined && (files.length > bounds.files || bytes > bounds.bytes))
            return found(true);
        } else if (entry.isSymbolicLink()) {
          const target = readlinkSync(`${here}/${name}`);
          links.push({ path: relative, target });
          block.addLink(name, target);
        } else problems.push(notAFile(relative, entry));
      } catch (error) {
        // A name that is no UTF-8 comes with U+FFFD in it, and nothing is found under that.
        problems.push(
          name.includes('\uFFFD') && isMissing(error) ? badName(relative) : unreadable(relative, error),
        );
      }
      if (block.isFull(name)) {
        close(block);
        block = openBlock(folder, numbers);
      }
    }
    close(block);
  }
  return found(false);

  function close(block: OpenBlock): void {
    if (block.isEmpty()) return;
    const closed = { ...block.close(), filesTo: files.length, linksTo: links.length };
    blocks.push(closed);
    newestMs = Math.max(newestMs, closed.newestMs);
  }
}

interface OpenBlock {
  addFile(name: string, status: Stats): void;
  addLink(name: string, target: string): void;
  isEmpty(): boolean;
  isFull(lastName: string): boolean;
  close(): Pick<WalkedBlock, 'signature' | 'newestMs'>;
}

const numbersOfFile = 5;

/** @param numbers room for inode, size, mtime, ctime and mode of each file; of the one block that is open. */
function openBlock(folder: string, numbers: Float64Array<ArrayBuffer>): OpenBlock {
  let names = `${folder}\0`;
  let count = 0;
  let numberCount = 0;
  let newestMs = 0;
  return {
    addFile(name, { ino, size, mtimeMs, ctimeMs, mode }) {
      names += `${name}\0`;
      numbers[numberCount++] = ino;
      numbers[numberCount++] = size;
      numbers[numberCount++] = mtimeMs;
      numbers[numberCount++] = ctimeMs;
      numbers[numberCount++] = mode;
      count += 1;
      newestMs = Math.max(newestMs, mtimeMs, ctimeMs);
    },
    addLink(name, target) {
      names += `${name}\0\0${target}\0`;
      count += 1;
    },
    isEmpty: () => count === 0,
    isFull: (lastName) => count >= entriesAtMost || (count >= entriesOfBlock && endsBlock(lastName)),
    close() {
      const signed = Buffer.concat([Buffer.from(names), new Uint8Array(numbers.buffer, 0, 8 * numberCount)]);
      return { signature: hash('sha256', signed, 'buffer').toString('latin1', 0, 16), newestMs };
    },
  };
}

/** True for one of 32 names, whatever is beside it (FNV-1a, with its bits mixed once more: the lowest alone are too even). */
function endsBlock(name: string): boolean {
  let sum = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) sum = Math.imul(sum ^ name.charCodeAt(at), 0x01000193);
  return ((sum ^ (sum >>> 15)) & 31) === 0;
}

function statusOf(path: string) {
  try {
    const status = lstatSync(path);
    if (status.isFile() || status.isDirectory()) return status;
  } catch (error) {
    throw pathError(path, error);
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
