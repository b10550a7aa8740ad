/** What a run has while it goes on: one of the slots, and GPUs of its own. */
export interface Place {
  /** Indices as nvidia-smi counts them, ascending. */
  readonly gpus: readonly number[];
}

/** Runs that wait for a place, and those that have one. Order is all there is to priority: who stands first goes first. */
export interface RunQueue {
  /** Puts a run at the end. `begin` is called at once where there is room, else as soon as there is. */
  add(runId: string, gpus: number, begin: (place: Place) => void): void;
  /** Gives a run that goes on already its place, also beyond what there is room for. */
  hold(runId: string, place: Place): void;
  /** A run is over, or does not want to wait any more. Returns false for one that is not known. */
  leave(runId: string): boolean;
  /** Puts a waiting run before another, or to the end; false when one of them does not wait. */
  move(runId: string, before: string | null): boolean;
  waiting(): readonly string[];
  placeOf(runId: string): Place | null;
  /** While the queue is held nobody new begins. */
  readonly isHeld: boolean;
  setHeld(isHeld: boolean): void;
}

/**
 * @param slots runs at once.
 * @param gpuCount GPUs of this machine; asked anew each time, a laptop's may come and go.
 */
export function createRunQueue(slots: number, gpuCount: () => number): RunQueue {
  const places = new Map<string, Place>();
  let waiting: { runId: string; gpus: number; begin: (place: Place) => void }[] = [];
  let isHeld = false;

  function freeGpus(): number[] {
    const taken = new Set([...places.values()].flatMap((place) => place.gpus));
    return Array.from({ length: gpuCount() }, (_, index) => index).filter((index) => !taken.has(index));
  }

  function fill(): void {
    // GPUs that an earlier run waits for are not given away behind it: a run that wants two would wait for ever.
    let reserved = 0;
    for (const next of waiting) {
      if (isHeld || places.size >= slots) return;
      const free = freeGpus();
      const wanted = Math.min(next.gpus, gpuCount());
      if (wanted > 0 && free.length - reserved < wanted) {
        reserved += wanted;
        continue;
      }
      waiting = waiting.filter((entry) => entry !== next);
      const place = { gpus: free.slice(0, wanted) };
      places.set(next.runId, place);
      next.begin(place);
    }
  }

  return {
    add(runId, gpus, begin) {
      waiting.push({ runId, gpus, begin });
      fill();
    },
    hold(runId, place) {
      places.set(runId, place);
    },
    leave(runId) {
      const wasWaiting = waiting.some((entry) => entry.runId === runId);
      waiting = waiting.filter((entry) => entry.runId !== runId);
      const wasThere = places.delete(runId);
      fill();
      return wasWaiting || wasThere;
    },
    move(runId, before) {
      const moved = waiting.find((entry) => entry.runId === runId);
      const rest = waiting.filter((entry) => entry.runId !== runId);
      const place = before === null ? rest.length : rest.findIndex((entry) => entry.runId === before);
      if (moved === undefined || place < 0) return false;
      waiting = rest.toSpliced(place, 0, moved);
      fill();
      return true;
    },
    waiting: () => waiting.map((entry) => entry.runId),
    placeOf: (runId) => places.get(runId) ?? null,
    get isHeld() {
      return isHeld;
    },
    setHeld(next) {
      isHeld = next;
      fill();
    },
  };
}
