/**
 * Lets many in at once, or one alone. Whoever wants to be alone waits until nobody is in, and is passed by those that come
 * meanwhile: a file of gigabytes that comes slowly keeps the collector waiting, and nobody else.
 */
export interface SharedGate {
  share<T>(work: () => Promise<T>): Promise<T>;
  /**
   * For somebody who is in for long and could stop here: lets in whoever waits to be alone, and resolves when that is over. Where nobody
   * waits, or others are in too, nothing happens.
   * @param leave done before: what may not be left as it is while somebody else is alone.
   */
  giveWay(leave: () => Promise<void>): Promise<void>;
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

  const enter = () =>
    new Promise<void>((resolve) => {
      waitingToShare.push(() => {
        sharing++;
        resolve();
      });
      next();
    });
  function exit(): void {
    sharing--;
    next();
  }

  return {
    async share(work) {
      await enter();
      try {
        return await work();
      } finally {
        exit();
      }
    },
    async giveWay(leave) {
      if (waitingAlone.length === 0 || sharing > 1) return;
      await leave();
      exit();
      await enter();
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
