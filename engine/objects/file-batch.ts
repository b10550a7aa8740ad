import type { StoredObject } from './stored-object.ts';

/** Why one file of many was not taken: it is gone, may not be read, or was written to while it was read. */
export interface FileProblem {
  readonly problem: 'missing' | 'unreadable' | 'changed';
  /** One sentence with the path. */
  readonly what: string;
}

/** What came of one file of many. */
export type FileResult = StoredObject | FileProblem;

export interface BatchOptions {
  /** Ends the work early, with `cancelled`; what is stored by then stays. */
  readonly signal?: AbortSignal;
  /** Called now and then with what is done so far. */
  readonly onProgress?: (done: { files: number; bytes: number }) => void;
}

/** A stored object to be written as a file. The folders above it are there, the file itself is not. */
export interface FileToWrite {
  readonly objectId: string;
  readonly path: string;
  /** Permission bits; 0o644 when left out. */
  readonly mode?: number;
}
