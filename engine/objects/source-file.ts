import { constants } from 'node:fs';
import { identityOf, isSameFile, type FileIdentity } from './file-identity.ts';
import type { FileOperations } from './file-operations.ts';

/** What is wrong with a file that was to be read; anything else that fails is the engine's own trouble. */
export class FileTrouble extends Error {
  readonly problem: 'missing' | 'unreadable' | 'changed';
  /** The system's code, or why in words. */
  readonly code: string;

  constructor(problem: FileTrouble['problem'], code: string, options?: { cause?: unknown }) {
    super(code, options);
    this.name = 'FileTrouble';
    this.problem = problem;
    this.code = code;
  }
}

/** A file that is read from its beginning to its end. */
export interface SourceFile {
  /** Before anything was read. */
  readonly identity: FileIdentity;
  /** Fills `bytes` from where the last read ended; fewer only at the end of the file. */
  read(bytes: Uint8Array): number;
  /** @throws {FileTrouble} `changed` unless the file is as it was when it was opened, and so long. */
  end(): void;
  close(): void;
}

/** @throws {FileTrouble}, here and from its functions. */
export function openSource(operations: FileOperations, path: string): SourceFile {
  const file = ofFile(() => operations.open(path, constants.O_RDONLY));
  let at = 0;
  try {
    const identity = identityOf(ofFile(() => operations.stat(file)));
    return {
      identity,
      read: (bytes) =>
        ofFile(() => {
          let count = 0;
          while (count < bytes.length) {
            const more = operations.read(file, bytes.subarray(count), bytes.length - count, null);
            if (more === 0) break;
            count += more;
          }
          at += count;
          return count;
        }),
      end() {
        const after = identityOf(ofFile(() => operations.stat(file)));
        if (!isSameFile(identity, after) || at !== after.sizeBytes)
          throw new FileTrouble('changed', 'written to while it was read');
      },
      close: () => operations.close(file),
    };
  } catch (error) {
    operations.close(file);
    throw error;
  }
}

/** The identity of a regular file. @throws {FileTrouble} */
export function identityAt(operations: FileOperations, path: string): FileIdentity {
  const stats = ofFile(() => operations.stat(path));
  if (!stats.isFile()) throw new FileTrouble('unreadable', 'no regular file');
  return identityOf(stats);
}

const ownTrouble = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

function ofFile<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === '' || ownTrouble.has(code)) throw error;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new FileTrouble(isMissing ? 'missing' : 'unreadable', code, { cause: error });
  }
}
