/** One record of a file that a program writes its measures to. */
export interface Row {
  readonly step: number;
  /** Milliseconds UTC as the file itself tells it; null when it does not. */
  readonly timeMs: number | null;
  readonly values: readonly (readonly [key: string, value: number])[];
}

/** What a reader of one format makes of the bytes that follow those it has seen. */
export interface Reading {
  /** Bytes that are dealt with; the rest is an unfinished record and comes again with what follows it. */
  readonly usedBytes: number;
  readonly rows: readonly Row[];
  /** What the reader must know to go on, as JSON. */
  readonly state: unknown;
}

/** A format of files that grow while a program measures. */
export interface FileFormat {
  /**
   * Reads whole records. `state` is null at the beginning of a file.
   * @returns null for a file that turns out to be something else; it is not looked at again.
   */
  read(bytes: Buffer, state: unknown): Reading | null;
  /** True for files that are written anew each time: they are read from their beginning, and known rows passed over. */
  readonly isWritten: 'by appending' | 'anew';
}
