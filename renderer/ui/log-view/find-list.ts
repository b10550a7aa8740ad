/** Byte offsets of lines in ascending order, growing at the end; read while it grows. */
export interface FindList {
  readonly length: number;
  at(index: number): number | undefined;
  /** Index of the first that is at or behind an offset; the length where there is none. */
  firstFrom(offset: number): number;
}

/** A list for millions of offsets, which never copies what it holds for each that is added. */
export function findList(): FindList & { add(offsets: Float64Array): void; dropFrom(offset: number): void } {
  let held = new Float64Array(1024);
  let length = 0;
  function firstFrom(offset: number): number {
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((held[middle] ?? Infinity) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  return {
    get length() {
      return length;
    },
    at: (index) => (index < length ? held[index] : undefined),
    firstFrom,
    add(offsets) {
      if (length + offsets.length > held.length) {
        const larger = new Float64Array(Math.max(held.length * 2, length + offsets.length));
        larger.set(held.subarray(0, length));
        held = larger;
      }
      held.set(offsets, length);
      length += offsets.length;
    },
    dropFrom(offset) {
      length = firstFrom(offset);
    },
  };
}
