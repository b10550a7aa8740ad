/** Points of one series that arrived after its columns were read. */
export type LiveTail = { steps: Float64Array; times: Float64Array; values: Float64Array };

/** A feed of new points past React's state: charts draw them on their canvas without a commit. */
export type LivePoints = {
  /** Adds points, ascending along the axis, as the engine's `tracking.growth` stream delivers them. */
  append(seriesId: string, points: LiveTail): void;
  /** What was appended to a series since it was last cleared; a view that stays true until the next append. */
  tail(seriesId: string): LiveTail | null;
  /** Forgets tails: after a `reset` of the stream, or once fresh columns hold them. All of them without an id. */
  clear(seriesId?: string): void;
  /** Told at most ten times a second that something was appended or cleared. Returns the way out. */
  subscribe(listener: () => void): () => void;
};

const intervalMs = 100;
/** A tail past this size is thinned to half, extremes kept: 64 Ki points are 1.5 MB. */
const tailLimit = 65_536;

type Buffer = { size: number; steps: Float64Array; times: Float64Array; values: Float64Array };

/** Creates a feed; one for a page is enough for all of its charts showing the same metric. */
export function createLivePoints(): LivePoints {
  const buffers = new Map<string, Buffer>();
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let announcedAt = Number.NEGATIVE_INFINITY;

  /** The first of what arrives is told at once; what follows it closely, together. */
  const announce = (): void => {
    timer ??= setTimeout(
      () => {
        timer = null;
        announcedAt = performance.now();
        for (const listener of listeners) listener();
      },
      Math.max(0, announcedAt + intervalMs - performance.now()),
    );
  };

  return {
    append(seriesId, points) {
      const from = firstNew(buffers.get(seriesId), points);
      const count = points.values.length - from;
      if (count <= 0) return;
      const buffer = withRoom(buffers.get(seriesId), count);
      buffer.steps.set(points.steps.subarray(from), buffer.size);
      buffer.times.set(points.times.subarray(from), buffer.size);
      buffer.values.set(points.values.subarray(from), buffer.size);
      buffer.size += count;
      buffers.set(seriesId, buffer.size > tailLimit ? thinned(buffer) : buffer);
      announce();
    },
    tail(seriesId) {
      const buffer = buffers.get(seriesId);
      if (!buffer) return null;
      return {
        steps: buffer.steps.subarray(0, buffer.size),
        times: buffer.times.subarray(0, buffer.size),
        values: buffer.values.subarray(0, buffer.size),
      };
    },
    clear(seriesId) {
      if (seriesId === undefined) buffers.clear();
      else buffers.delete(seriesId);
      announce();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Points at or before the last one held are left out: two streams may tell of the same. */
function firstNew(buffer: Buffer | undefined, points: LiveTail): number {
  if (buffer === undefined || buffer.size === 0) return 0;
  const lastStep = buffer.steps[buffer.size - 1] ?? 0;
  const lastTime = buffer.times[buffer.size - 1] ?? 0;
  let at = 0;
  while (at < points.steps.length) {
    const step = points.steps[at] ?? 0;
    if (step > lastStep || (step === lastStep && (points.times[at] ?? 0) > lastTime)) break;
    at++;
  }
  return at;
}

function withRoom(buffer: Buffer | undefined, more: number): Buffer {
  const size = buffer?.size ?? 0;
  if (buffer && size + more <= buffer.values.length) return buffer;
  const room = Math.max(256, 2 * (size + more));
  const grown: Buffer = {
    size,
    steps: new Float64Array(room),
    times: new Float64Array(room),
    values: new Float64Array(room),
  };
  if (buffer) copyInto(grown, buffer, 0, size, 0);
  return grown;
}

/** Keeps of every four points the least and the greatest (or what is not finite), in their order. */
function thinned(buffer: Buffer): Buffer {
  const kept: Buffer = withRoom(undefined, buffer.size);
  const keep = (at: number): void => {
    copyInto(kept, buffer, at, at + 1, kept.size);
    kept.size++;
  };
  for (let group = 0; group < buffer.size; group += 4) {
    let least = group;
    let greatest = group;
    for (let at = group; at < Math.min(group + 4, buffer.size); at++) {
      const value = buffer.values[at] ?? Number.NaN;
      if (!(value >= (buffer.values[least] ?? Number.NaN))) least = at;
      if (!(value <= (buffer.values[greatest] ?? Number.NaN))) greatest = at;
    }
    keep(Math.min(least, greatest));
    if (least !== greatest) keep(Math.max(least, greatest));
  }
  return kept;
}

function copyInto(target: Buffer, source: Buffer, from: number, to: number, at: number): void {
  target.steps.set(source.steps.subarray(from, to), at);
  target.times.set(source.times.subarray(from, to), at);
  target.values.set(source.values.subarray(from, to), at);
}
