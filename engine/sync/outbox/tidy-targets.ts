import { BenchtopError } from '../../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { Carrier } from '../carrier.ts';
import { allTargets, type Target } from '../targets.ts';
import { leftUploads } from './upload-rows.ts';

/** Ends at the targets what was begun there and is not sent any more. What cannot be reached now waits for the next time. */
export interface TidyTargets {
  /** Looks after all targets; resolves when that is done. */
  tidy(): Promise<void>;
  close(): Promise<void>;
}

export function createTidyTargets({
  store,
  open,
  onUnexpected,
}: {
  store: Store;
  open: (target: Target) => Promise<Carrier>;
  onUnexpected: (error: unknown, where: string) => void;
}): TidyTargets {
  const opened = new Set<Carrier>();
  let work: Promise<void> = Promise.resolve();
  let isClosed = false;

  async function tidyTarget(target: Target): Promise<void> {
    const carrier = await open(target);
    opened.add(carrier);
    try {
      if (!isClosed) await carrier.tidy?.();
    } finally {
      opened.delete(carrier);
      carrier.close();
    }
  }

  async function tidyAll(): Promise<void> {
    for (const target of store.now(allTargets)) {
      if (isClosed) return;
      if (target.isPaused || store.now((db) => leftUploads(db, target.id)).length === 0) continue;
      try {
        await tidyTarget(target);
      } catch (error) {
        // Out of reach, or locked: it is kept in mind.
        if (!(error instanceof BenchtopError)) onUnexpected(error, 'sync.tidy');
      }
    }
  }

  return {
    tidy: () => (work = work.then(tidyAll)),
    async close() {
      isClosed = true;
      for (const carrier of opened) carrier.close();
      await work;
    },
  };
}
