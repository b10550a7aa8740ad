/** Tells of runs that go on whether another of their group does so beside them: what it leaves could be taken for theirs. */
export interface Company {
  /** To be called before the run's command begins to write, or the run is taken up. */
  join(group: string | null): Companion;
}

/** One run among those of its group. */
export interface Companion {
  /** True as long as no other of the group has gone on since it joined. */
  isAlone(): boolean;
  /** Nothing more is asked of it. */
  leave(): void;
}

export function createCompany(): Company {
  const groups = new Map<string, Set<{ isAlone: boolean }>>();
  return {
    join(group) {
      if (group === null) return { isAlone: () => true, leave: () => undefined };
      const others = groups.get(group) ?? new Set();
      groups.set(group, others);
      const own = { isAlone: others.size === 0 };
      for (const other of others) other.isAlone = false;
      others.add(own);
      return {
        isAlone: () => own.isAlone,
        leave() {
          others.delete(own);
          if (others.size === 0 && groups.get(group) === others) groups.delete(group);
        },
      };
    },
  };
}
