/**
 * Lets many in at once, or one alone. Whoever wants to be alone waits until nobody is in, and is passed by those that come
 * meanwhile: a file of gigabytes that comes slowly keeps the collector waiting, and nobody else.
 */
export interface SharedGate {
  share<T>(work: () => Promise<T>): Promise<T>;
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Whether somebody is in, or waits. */
  isBusy(): boolean;
}

export function createSharedGate(): SharedGate {
  let sharing = 0;
  let isTaken = false;
  let waitingToShare: (() => void)[] = [];
  const waitingAlone: (() => void)[] = [];

  /** Lets in whoever may go now. */
  function next(): void {
    if (isTaken) return;
    for (const enter of waitingToShare) enter();
    waitingToShare = [];
    if (sharing === 0) waitingAlone.shift()?.();
  }

  return {
    async share(work) {
      await new Promise<void>((resolve) => {
        waitingToShare.push(() => {
          sharing++;
          resolve();
        });
        next();
      });
      try {
        return await work();
      } finally {
        sharing--;
        next();
      }
    },
    async alone(work) {
      await new Promise<void>((resolve) => {
        waitingAlone.push(() => {
          isTaken = true;
          resolve();
        });
        next();
      });
      try {
        return await work();
      } finally {
        isTaken = false;
        next();
      }
    },
    isBusy: () => isTaken || sharing > 0 || waitingAlone.length > 0,
  };
}
