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
   * Of the names in a folder those that no other run of the group writes, whenever that was: all of them, for a run without a group.
   *
   * Cost: where a folder's list is the one of the time before (folder-lists.ts), that of what is left of it.
   */
  notOfOthers(
    group: string | null,
    runId: string,
    folder: string,
    names: readonly string[],
  ): readonly string[];
}

/** What is written in one folder. */
interface DeclaredIn {
  /** By name; null for a run that is yet to come. Names only ever come to it. */
  readonly writers: Map<string, string | null>;
  readonly namesOf: Map<string, readonly string[]>;
  /** What nobody writes of a list of its names, as it was with so many writers. */
  undeclared: { readonly of: readonly string[]; readonly count: number; readonly names: string[] } | null;
}

type Declared = Map<string, DeclaredIn>;

export function createDeclaredOutputs(): DeclaredOutputs {
  const groups = new Map<string, Declared>();
  return {
    declare(group, runId, paths) {
      const declared: Declared = groups.get(group) ?? new Map<string, DeclaredIn>();
      for (const path of paths) {
        const within = declared.get(dirname(path)) ?? nothingIn();
        declared.set(dirname(path), within);
        const name = basename(path);
        // A run that goes on already knows its own.
        if (runId !== null || !within.writers.has(name)) within.writers.set(name, runId);
        if (runId !== null) within.namesOf.set(runId, [...(within.namesOf.get(runId) ?? []), name]);
      }
      groups.delete(group);
      groups.set(group, declared);
      const [oldest] = groups.keys();
      if (groups.size > groupsAtMost && oldest !== undefined) groups.delete(oldest);
    },
    notOfOthers(group, runId, folder, names) {
      const declared = group === null ? undefined : groups.get(group);
      if (declared === undefined) return names;
      const whole = writerOf(declared, folder);
      const isOthers = whole !== undefined && whole !== runId;
      const within = declared.get(folder);
      if (within === undefined) return isOthers ? [] : names;
      const own = (within.namesOf.get(runId) ?? []).filter(
        (name) => within.writers.get(name) === runId && names.includes(name),
      );
      return isOthers ? own : [...undeclaredIn(within, names), ...own];
    },
  };
}

const nothingIn = (): DeclaredIn => ({ writers: new Map(), namesOf: new Map(), undeclared: null });

function undeclaredIn(within: DeclaredIn, names: readonly string[]): readonly string[] {
  const { writers, undeclared } = within;
  if (undeclared?.of === names && undeclared.count === writers.size) return undeclared.names;
  const left = names.filter((name) => !writers.has(name));
  within.undeclared = { of: names, count: writers.size, names: left };
  return left;
}

/** Who writes a folder, or the nearest of those that it lies in; undefined where nobody does. */
function writerOf(declared: Declared, folder: string): string | null | undefined {
  const above = dirname(folder);
  if (above === folder) return undefined;
  const writers = declared.get(above)?.writers;
  return writers?.has(basename(folder)) === true ? writers.get(basename(folder)) : writerOf(declared, above);
}
