import type { Priority } from '../../contract/index.ts';

/** What a run has while it goes on: one of the slots, and GPUs of its own. */
export interface Place {
  /** Indices as nvidia-smi counts them, ascending. */
  readonly gpus: readonly number[];
}

/** What a run asks of the machine. */
export interface Wish {
  readonly gpus: number;
  /** What it is expected to take; 0 where nobody knows. */
  readonly memoryBytes: number;
  readonly priority: Priority;
  /** Begins although all slots are taken, as long as fewer than so many runs go on. */
  readonly slots?: number;
}

/**
 * Runs that wait for a place, and those that have one. Who stands first goes first: priority only says where a run comes in, and
 * the order can be changed afterwards.
 */
export interface RunQueue {
  /**
   * Puts a run behind those of its priority. `begin` is called at once where there is room, else as soon as there is.
   * A run whose memory does not fit waits until it does, or until nothing else runs.
   */
  add(runId: string, wish: Wish, begin: (place: Place) => void): void;
  /** Gives a run that goes on already its place, also beyond what there is room for. */
  hold(runId: string, place: Place): void;
  /** A run is over, or does not want to wait any more. Returns false for one that is not known. */
  leave(runId: string): boolean;
  /** Puts a waiting run before another, or to the end; false when one of them does not wait. */
  move(runId: string, before: string | null): boolean;
  waiting(): readonly string[];
  /** Why a waiting run has not begun; null for one that does not wait. */
  waitsFor(runId: string): 'the queue to go on' | 'a slot' | 'a GPU' | 'memory' | null;
  /** Looks again whether somebody can begin: memory comes and goes without a run that ends. */
  look(): void;
  placeOf(runId: string): Place | null;
  /** While the queue is held nobody new begins. */
  readonly isHeld: boolean;
  setHeld(isHeld: boolean): void;
}

/**
 * @param slots runs at once.
 * @param gpuCount GPUs of this machine; asked anew each time, a laptop's may come and go.
 * @param freeMemoryBytes what a new run can have, beyond what those that run are expected to take yet.
 */
export function createRunQueue(
  slots: number,
  gpuCount: () => number,
  freeMemoryBytes: () => number,
): RunQueue {
  const places = new Map<string, Place>();
  let waiting: { runId: string; wish: Wish; begin: (place: Place) => void }[] = [];
  const short = new Map<string, 'a GPU' | 'memory'>();
  let isHeld = false;

  function freeGpus(): number[] {
    const taken = new Set([...places.values()].flatMap((place) => place.gpus));
    return Array.from({ length: gpuCount() }, (_, index) => index).filter((index) => !taken.has(index));
  }

  function fill(): void {
    // GPUs that an earlier run waits for are not given away behind it: a run that wants two would wait for ever.
    let reserved = 0;
    // Nor is memory: a large run would wait for ever behind small ones.
    let reservedBytes = 0;
    short.clear();
    for (const next of waiting) {
      // Who stands first goes first, also where somebody behind may go beyond the slots.
      if (isHeld || places.size >= Math.max(slots, next.wish.slots ?? 0)) return;
      const free = freeGpus();
      const wanted = Math.min(next.wish.gpus, gpuCount());
      if (wanted > 0 && free.length - reserved < wanted) {
        reserved += wanted;
        short.set(next.runId, 'a GPU');
        continue;
      }
      const { memoryBytes } = next.wish;
      if (memoryBytes > 0 && places.size > 0 && freeMemoryBytes() - reservedBytes < memoryBytes) {
        reservedBytes += memoryBytes;
        short.set(next.runId, 'memory');
        continue;
      }
      waiting = waiting.filter((entry) => entry !== next);
      const place = { gpus: free.slice(0, wanted) };
      places.set(next.runId, place);
      next.begin(place);
    }
  }

  return {
    add(runId, wish, begin) {
      const behind = waiting.findLastIndex((entry) => rank[entry.wish.priority] <= rank[wish.priority]);
      waiting = waiting.toSpliced(behind + 1, 0, { runId, wish, begin });
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
    waitsFor(runId) {
      if (!waiting.some((entry) => entry.runId === runId)) return null;
      return isHeld ? 'the queue to go on' : (short.get(runId) ?? 'a slot');
    },
    look: fill,
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

const rank: Readonly<Record<Priority, number>> = { high: 0, normal: 1, low: 2 };
