/** Samples in short, in their own unit. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws {RangeError} without samples: a figure that was not taken must not look like one. */
export function summarize(samples: readonly number[]): Summary {
  const sorted = samples.toSorted((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (min === undefined || max === undefined || lower === undefined || upper === undefined)
    throw new RangeError('There are no samples to sum up.');
  return { median: (lower + upper) / 2, min, max };
}

/** Ours over the other side's, round by round, so that a slow moment of the machine cancels out. */
export function ratios(ours: readonly number[], other: readonly number[]): number[] {
  return ours.flatMap((value, round) => {
    const against = other[round];
    return against === undefined || against === 0 ? [] : [value / against];
  });
}
