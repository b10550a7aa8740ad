/** What the runs of a group write together, such as the stages of an execution: absolute paths of files, and of folders with all in them. */
export interface WrittenPaths {
  readonly all: ReadonlySet<string>;
  /** Those that are kept as data, and so are no code. */
  readonly asData: ReadonlySet<string>;
}

/** Tells what a group writes as long as it goes on; null for one that does not, or that nobody knows of. */
export type WrittenBy = (group: string) => WrittenPaths | null;
