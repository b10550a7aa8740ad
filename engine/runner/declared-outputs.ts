import { basename, dirname } from 'node:path';
import type { WrittenBy } from '../written-paths.ts';

/** So many groups are remembered: those of which a run began or ended last. */
const groupsAtMost = 8;

/** Which run of a group, such as the stages of an execution, writes what, and no other of the group does. */
export interface DeclaredOutputs {
  /** @param paths absolute; a folder stands for all in it. */
  declare(group: string | null, runId: string, paths: Iterable<string>): void;
  /**
   * Of the names in a folder those that no other run of the group writes, also one that is yet to come: what it left the last time may
   * lie there. All of them, for a run without a group.
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
  readonly namesOf: Map<string, Set<string>>;
  /** What nobody writes of a list of its names, as it was with so many writers. */
  undeclared: { readonly of: readonly string[]; readonly count: number; readonly names: string[] } | null;
}

/** What a group writes, by folder. */
interface Declared {
  readonly folders: Map<string, DeclaredIn>;
  /** Whether all is in it that the group will write. */
  isWhole: boolean;
}

export function createDeclaredOutputs(writtenBy: WrittenBy): DeclaredOutputs {
  const groups = new Map<string, Declared>();

  /** A group that an engine before this one began is known of only when that goes on here. */
  function complete(group: string, declared: Declared): void {
    if (declared.isWhole) return;
    const written = writtenBy(group);
    if (written === null) return;
    declared.isWhole = true;
    for (const path of written.all) {
      const { writers } = placeOf(declared, path);
      // A run that goes on already knows its own.
      if (!writers.has(basename(path))) writers.set(basename(path), null);
    }
  }

  return {
    declare(group, runId, paths) {
      if (group === null) return;
      const declared: Declared = groups.get(group) ?? { folders: new Map(), isWhole: false };
      complete(group, declared);
      for (const path of paths) {
        const { writers, namesOf } = placeOf(declared, path);
        const own = namesOf.get(runId) ?? new Set();
        writers.set(basename(path), runId);
        namesOf.set(runId, own.add(basename(path)));
      }
      groups.delete(group);
      groups.set(group, declared);
      const [oldest] = groups.keys();
      if (groups.size > groupsAtMost && oldest !== undefined) groups.delete(oldest);
    },
    notOfOthers(group, runId, folder, names) {
      const declared = group === null ? undefined : groups.get(group)?.folders;
      if (declared === undefined) return names;
      const whole = writerOf(declared, folder);
      const isOthers = whole !== undefined && whole !== runId;
      const within = declared.get(folder);
      if (within === undefined) return isOthers ? [] : names;
      const own = [...(within.namesOf.get(runId) ?? [])].filter(
        (name) => within.writers.get(name) === runId && names.includes(name),
      );
      return isOthers ? own : [...undeclaredIn(within, names), ...own];
    },
  };
}

function placeOf({ folders }: Declared, path: string): DeclaredIn {
  const folder = dirname(path);
  const known = folders.get(folder) ?? { writers: new Map(), namesOf: new Map(), undeclared: null };
  folders.set(folder, known);
  return known;
}

function undeclaredIn(within: DeclaredIn, names: readonly string[]): readonly string[] {
  const { writers, undeclared } = within;
  if (undeclared?.of === names && undeclared.count === writers.size) return undeclared.names;
  const left = names.filter((name) => !writers.has(name));
  within.undeclared = { of: names, count: writers.size, names: left };
  return left;
}

/** Who writes a folder, or the nearest of those that it lies in; undefined where nobody does. */
function writerOf(declared: Declared['folders'], folder: string): string | null | undefined {
  const above = dirname(folder);
  if (above === folder) return undefined;
  const writers = declared.get(above)?.writers;
  return writers?.has(basename(folder)) === true ? writers.get(basename(folder)) : writerOf(declared, above);
}
