/** What every measure is given. */
export interface BenchContext {
  /** The folder of the checkout. */
  readonly root: string;
  /** A folder for files of this run; removed at its end. */
  readonly scratch: string;
  /** Null where there is none; measures of the window then say so instead of measuring. */
  readonly chromiumPath: string | null;
  /** A home whose store holds `recordedRunCount` runs, made once a bench and closed again. */
  homeWithRuns(): Promise<string>;
}

/** The same work done by each side, one entry a round; entries of one round were taken right after each other. */
export interface Samples {
  readonly ours: readonly number[];
  /** The least that any program doing this on this machine would need. */
  readonly floor?: readonly number[];
  readonly peer?: readonly number[];
}

/** One row of the table. */
export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'µs' | 'MB' | 'B' | '%' | '/s' | 'count';
  /** Exclusive bound for our median, in `unit`; null where design.md sets none. */
  readonly below: number | null;
  /** Inclusive bound for the median of ours ÷ floor, round by round; left out where design.md sets none. */
  readonly ratio?: { readonly atMost: number } | { readonly atLeast: number };
  readonly floorIs: string | null;
  readonly samples: Samples;
}

export interface Measurement {
  readonly figures: readonly Figure[];
  /** What a reader has to know beside the figures; also what was not measured, and why. */
  readonly notes: readonly string[];
}

export interface Measure {
  /** As given to `npm run bench -- NAME`. */
  readonly name: string;
  readonly question: string;
  readonly goal: string;
  /** Takes minutes, gigabytes or other programs: taken only where it is named, and in the document once it was. */
  readonly isLong?: true;
  run(context: BenchContext): Promise<Measurement>;
}
