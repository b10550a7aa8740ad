import { basename, dirname } from 'node:path';

/** So many groups are remembered: those that began last. */
const groupsAtMost = 8;

/** What the runs of a group, such as the stages of an execution, have said that they write, and no other of the group does. */
export interface DeclaredOutputs {
  /**
   * @param runId null: of runs that are yet to come. What they left the last time may lie there.
   * @param paths absolute; a folder stands for all in it.
   */
  declare(group: string, runId: string | null, paths: Iterable<string>): void;
  /**
   * Tells of the entries of a folder, by their names, whether another run of the group has made them, whenever that was; never of a run
   * without a group.
   */
  ofAnother(group: string | null, runId: string, folder: string): (name: string) => boolean;
}

/** Who writes what, by folder and name: all entries of a folder are asked about at once. */
type Writers = Map<string, Map<string, string | null>>;

export function createDeclaredOutputs(): DeclaredOutputs {
  const groups = new Map<string, Writers>();
  return {
    declare(group, runId, paths) {
      const writers: Writers = groups.get(group) ?? new Map<string, Map<string, string | null>>();
      for (const path of paths) {
        const named = writers.get(dirname(path)) ?? new Map<string, string | null>();
        // A run that goes on already knows its own.
        if (runId !== null || !named.has(basename(path))) named.set(basename(path), runId);
        writers.set(dirname(path), named);
      }
      groups.delete(group);
      groups.set(group, writers);
      const [oldest] = groups.keys();
      if (groups.size > groupsAtMost && oldest !== undefined) groups.delete(oldest);
    },
    ofAnother(group, runId, folder) {
      const writers = group === null ? undefined : groups.get(group);
      const named = writers?.get(folder);
      const whole = writers === undefined ? undefined : writerOf(writers, folder);
      return (name) => {
        const writer = named?.has(name) === true ? named.get(name) : whole;
        return writer !== undefined && writer !== runId;
      };
    },
  };
}

/** Who writes a folder, or the nearest of those that it lies in. */
function writerOf(writers: Writers, folder: string): string | null | undefined {
  const above = dirname(folder);
  if (above === folder) return undefined;
  const named = writers.get(above);
  return named?.has(basename(folder)) === true ? named.get(basename(folder)) : writerOf(writers, above);
}
