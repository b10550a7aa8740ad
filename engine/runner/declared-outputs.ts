import { basename, dirname } from 'node:path';
import type { WrittenPaths } from '../written-paths.ts';

/** Which run of a group, such as the stages of an execution, writes what, and no other of the group does. */
export interface DeclaredOutputs {
  /** @param paths absolute; a folder stands for all in it. */
  declare(runId: string, paths: Iterable<string>): void;
  /**
   * Of the names in a folder those that no other run of the group writes, also one that is yet to come: what it left the last time may
   * lie there.
   *
   * Cost: where a folder's list is the one of the time before (folder-lists.ts), that of what is left of it.
   */
  notOfOthers(runId: string, folder: string, names: readonly string[]): readonly string[];
}

/** What is written in one folder. */
interface DeclaredIn {
  /** By name; null for a run that is yet to come. Names only ever come to it. */
  readonly writers: Map<string, string | null>;
  readonly namesOf: Map<string, Set<string>>;
  /** What nobody writes of a list of its names, as it was with so many writers. */
  undeclared: { readonly of: readonly string[]; readonly count: number; readonly names: string[] } | null;
}

/** What the runs of one group declare. @param written what the group writes; null while nobody knows. */
export function createDeclaredOutputs(written: () => WrittenPaths | null): DeclaredOutputs {
  const folders = new Map<string, DeclaredIn>();
  let isWhole = false;

  /** A group that an engine before this one began is known of only when that goes on here. */
  function complete(): void {
    if (isWhole) return;
    const paths = written();
    if (paths === null) return;
    isWhole = true;
    for (const path of paths.all) {
      const { writers } = placeOf(folders, path);
      // A run that goes on already knows its own.
      if (!writers.has(basename(path))) writers.set(basename(path), null);
    }
  }

  return {
    declare(runId, paths) {
      for (const path of paths) {
        const { writers, namesOf } = placeOf(folders, path);
        const own = namesOf.get(runId) ?? new Set();
        writers.set(basename(path), runId);
        namesOf.set(runId, own.add(basename(path)));
      }
    },
    notOfOthers(runId, folder, names) {
      complete();
      const whole = writerOf(folders, folder);
      const isOthers = whole !== undefined && whole !== runId;
      const within = folders.get(folder);
      if (within === undefined) return isOthers ? [] : names;
      const own = [...(within.namesOf.get(runId) ?? [])].filter(
        (name) => within.writers.get(name) === runId && names.includes(name),
      );
      return isOthers ? own : [...undeclaredIn(within, names), ...own];
    },
  };
}

function placeOf(folders: Map<string, DeclaredIn>, path: string): DeclaredIn {
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
function writerOf(folders: ReadonlyMap<string, DeclaredIn>, folder: string): string | null | undefined {
  const above = dirname(folder);
  if (above === folder) return undefined;
  const writers = folders.get(above)?.writers;
  return writers?.has(basename(folder)) === true ? writers.get(basename(folder)) : writerOf(folders, above);
}
