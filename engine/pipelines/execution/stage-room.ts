import { createFirstHeap, type FirstHeap } from './first-heap.ts';

/** What a stage takes while it runs. */
export interface Claim {
  /** Of the execution's slots. */
  readonly slots: number;
  /** 0 where nobody knows. */
  readonly memoryBytes: number;
  readonly gpus: number;
  /** Names that only one stage at a time may hold. */
  readonly mutexes: readonly string[];
}

/** What there is for all stages of an execution together. */
export interface Capacity {
  readonly slots: number;
  readonly memoryBytes: number;
  readonly gpus: number;
}

/** The room that stages share: who waits for it, and who has a part of it. */
export interface StageRoom {
  /** Lets a stage wait for what it claims; a claim beyond the capacity stands for all of it. */
  wait(stage: number, claim: Claim): void;
  /** Gives a stage its part whether or not there is room: it goes on from an engine before. */
  hold(stage: number, claim: Claim): void;
  leave(stage: number): void;
  /** Takes those out of those that wait that begin now, and gives them their part. */
  admit(): number[];
}

/** Stages that claim nearly the same, so that of many only the first has to be looked at. */
interface Kin {
  readonly waiting: FirstHeap;
}

/**
 * Who stands first goes first. One that does not fit keeps what it claims free from all behind it, so that a large stage does
 * not wait for ever while small ones pass. Alone, every stage fits.
 *
 * Cost: O(log n) a stage, and O(kinds of claims) a call.
 *
 * @param isBefore the order in which stages stand.
 */
export function createStageRoom(
  capacity: Capacity,
  isBefore: (one: number, other: number) => boolean,
): StageRoom {
  const kinds = new Map<string, Kin>();
  const claims = new Map<number, Claim>();
  const running = new Set<number>();
  const free = { slots: capacity.slots, memoryBytes: capacity.memoryBytes, gpus: capacity.gpus };
  const taken = new Set<string>();

  const clamped = (claim: Claim): Claim => ({
    slots: Math.min(Math.max(1, Math.ceil(claim.slots)), capacity.slots),
    memoryBytes: Math.min(claim.memoryBytes, capacity.memoryBytes),
    gpus: Math.min(claim.gpus, capacity.gpus),
    mutexes: claim.mutexes,
  });

  function take(stage: number, sign: 1 | -1): void {
    const claim = claims.get(stage);
    if (claim === undefined) return;
    free.slots -= sign * claim.slots;
    free.memoryBytes -= sign * claim.memoryBytes;
    free.gpus -= sign * claim.gpus;
    for (const name of claim.mutexes) {
      if (sign === 1) taken.add(name);
      else taken.delete(name);
    }
    if (sign === 1) running.add(stage);
    else running.delete(stage);
  }

  function fits(claim: Claim, kept: { slots: number; memoryBytes: number; gpus: number }): boolean {
    return (
      claim.slots <= free.slots - kept.slots &&
      (claim.memoryBytes === 0 || claim.memoryBytes <= free.memoryBytes - kept.memoryBytes) &&
      (claim.gpus === 0 || claim.gpus <= free.gpus - kept.gpus)
    );
  }

  return {
    wait(stage, asked) {
      const claim = clamped(asked);
      claims.set(stage, claim);
      const key = kindOf(claim);
      let kin = kinds.get(key);
      if (kin === undefined) kinds.set(key, (kin = { waiting: createFirstHeap(isBefore) }));
      kin.waiting.add(stage);
    },
    hold(stage, asked) {
      claims.set(stage, clamped(asked));
      take(stage, 1);
    },
    leave(stage) {
      take(stage, -1);
      claims.delete(stage);
    },
    admit() {
      const admitted: number[] = [];
      const kept = { slots: 0, memoryBytes: 0, gpus: 0 };
      const keptMutexes = new Set<string>();
      const looked = new Set<Kin>();
      while (free.slots - kept.slots > 0) {
        let next: { stage: number; kin: Kin } | null = null;
        for (const kin of kinds.values()) {
          const stage = kin.waiting.first();
          if (stage === undefined || looked.has(kin)) continue;
          if (next === null || isBefore(stage, next.stage)) next = { stage, kin };
        }
        if (next === null) break;
        const claim = claims.get(next.stage) as Claim;
        const isHeld = claim.mutexes.some((name) => taken.has(name) || keptMutexes.has(name));
        if (!isHeld && fits(claim, kept)) {
          next.kin.waiting.takeFirst();
          take(next.stage, 1);
          admitted.push(next.stage);
          continue;
        }
        looked.add(next.kin);
        for (const name of claim.mutexes) keptMutexes.add(name);
        // What waits for a name only leaves the rest to others meanwhile.
        if (isHeld) continue;
        kept.slots += claim.slots;
        kept.memoryBytes += claim.memoryBytes;
        kept.gpus += claim.gpus;
      }
      for (const [key, kin] of kinds) if (kin.waiting.first() === undefined) kinds.delete(key);
      return admitted;
    },
  };
}

/** Memory counts in steps of an eighth: stages whose memory was measured all differ by a little. */
function kindOf({ slots, memoryBytes, gpus, mutexes }: Claim): string {
  const memory = memoryBytes === 0 ? 0 : Math.ceil(Math.log2(memoryBytes) * 8);
  return JSON.stringify([slots, memory, gpus, mutexes.toSorted()]);
}
