/** Lets many in at once, or one alone. Whoever waits to be alone is not passed by those that come later. */
export interface SharedGate {
  share<T>(work: () => Promise<T>): Promise<T>;
  alone<T>(work: () => Promise<T>): Promise<T>;
}

export function createSharedGate(): SharedGate {
  let sharing: Set<Promise<unknown>> = new Set();
  /** Resolves when the last one that wanted to be alone is done. */
  let last: Promise<unknown> = Promise.resolve();
  const settled = (work: Promise<unknown>) => work.catch(() => undefined);
  return {
    share(work) {
      const done = last.then(work);
      const own = sharing;
      own.add(done);
      void settled(done).finally(() => own.delete(done));
      return done;
    },
    alone(work) {
      const before = [...sharing].map(settled);
      sharing = new Set();
      const done = Promise.all([last, ...before]).then(work);
      last = settled(done);
      return done;
    },
  };
}
