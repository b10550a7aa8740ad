import { setNewest } from '../set-newest.ts';
import type { WrittenBy } from '../written-paths.ts';
import { createDeclaredOutputs, type DeclaredOutputs } from './declared-outputs.ts';

/** Groups of which nobody goes on are remembered too, so many of them: the next of them may be about to begin. */
const restingAtMost = 8;

/** Tells of runs that go on what others of their group do beside them: what those leave could be taken for theirs. */
export interface Company {
  /**
   * To be called before the run's command begins to write, or the run is taken up.
   * @param outputs what it writes: absolute paths.
   */
  join(group: string | null, runId: string, outputs: Iterable<string>): Companion;
}

/** One run among those of its group. */
export interface Companion {
  /** True as long as no other of the group has gone on since it joined. */
  isAlone(): boolean;
  /** As `DeclaredOutputs`; all of the names, for a run without a group. */
  notOfOthers(folder: string, names: readonly string[]): readonly string[];
  /** Nothing more is asked of it. */
  leave(): void;
}

interface Group {
  readonly goingOn: Set<{ isAlone: boolean }>;
  readonly declared: DeclaredOutputs;
}

const nobody: Companion = {
  isAlone: () => true,
  notOfOthers: (_folder, names) => names,
  leave: () => undefined,
};

export function createCompany(writtenBy: WrittenBy): Company {
  const groups = new Map<string, Group>();
  const resting = new Map<string, Group>();

  function wake(name: string): Group {
    const group = groups.get(name) ??
      resting.get(name) ?? {
        goingOn: new Set(),
        declared: createDeclaredOutputs(() => writtenBy(name)),
      };
    resting.delete(name);
    groups.set(name, group);
    return group;
  }

  return {
    join(name, runId, outputs) {
      if (name === null) return nobody;
      const group = wake(name);
      const { goingOn, declared } = group;
      const own = { isAlone: goingOn.size === 0 };
      for (const other of goingOn) other.isAlone = false;
      goingOn.add(own);
      declared.declare(runId, outputs);
      return {
        isAlone: () => own.isAlone,
        notOfOthers: (folder, names) => declared.notOfOthers(runId, folder, names),
        leave() {
          goingOn.delete(own);
          if (goingOn.size > 0) return;
          groups.delete(name);
          setNewest(resting, restingAtMost, name, group);
        },
      };
    },
  };
}
