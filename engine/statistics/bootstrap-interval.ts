import { normalCdf, normalQuantile } from './distributions/normal-distribution.ts';
import { seededRandom } from './seeded-random.ts';

interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How often rows are drawn anew, and how sure an interval is to be. */
export interface BootstrapSettings {
  readonly seed: number;
  readonly resamples: number;
  /** Such as 0.95. */
  readonly confidence: number;
  readonly method: 'bca' | 'percentile';
}

/** A statistic of rows that can be taken over rows drawn anew. */
export interface Resampled {
  readonly rowCount: number;
  over(weights: Uint32Array | null): number;
  leavingOut(): Float64Array;
}

interface BootstrapResult extends Interval {
  readonly value: number;
  /** `percentile` also where BCa was asked for and has no answer, because the value does not vary. */
  readonly method: BootstrapSettings['method'];
  /** Resamples over which the statistic has a value. */
  readonly resamples: number;
}

/** More rows drawn in all than this take longer than a person waits; resamples are fewer then, and at least the least. */
const drawsAtMost = 300_000_000;
const fewestResamples = 200;

/** Resamples that are drawn for so many rows, when `asked` are wanted. */
function resamplesFor(rowCount: number, asked: number): number {
  return Math.min(asked, Math.max(fewestResamples, Math.floor(drawsAtMost / Math.max(1, rowCount))));
}

/**
 * A statistic with its bootstrap interval: rows are drawn with replacement, as many as there are (Efron and Tibshirani, An Introduction
 * to the Bootstrap, 1993). The same seed draws the same rows.
 */
export function bootstrapInterval(
  { rowCount, over, leavingOut }: Resampled,
  { seed, resamples, confidence, method }: BootstrapSettings,
): BootstrapResult {
  const random = seededRandom(seed);
  const weights = new Uint32Array(rowCount);
  const values: number[] = [];
  for (let round = resamplesFor(rowCount, resamples); round > 0; round--) {
    weights.fill(0);
    for (let draw = 0; draw < rowCount; draw++) {
      const row = random.index(rowCount);
      weights[row] = (weights[row] ?? 0) + 1;
    }
    const value = over(weights);
    // A resample without any row of a class has no AUC.
    if (!Number.isNaN(value)) values.push(value);
  }
  const value = over(null);
  const distribution = Float64Array.from(values).sort();
  const corrected =
    method === 'bca' ? correctedInterval(distribution, value, leavingOut(), confidence) : null;
  return {
    value,
    ...(corrected ?? percentileInterval(distribution, confidence)),
    method: corrected === null ? 'percentile' : 'bca',
    resamples: distribution.length,
  };
}

/** The middle of the distribution, as it is. @param distribution in ascending order */
export function percentileInterval(distribution: Float64Array, confidence: number): Interval {
  const tail = (1 - confidence) / 2;
  return { low: quantile(distribution, tail), high: quantile(distribution, 1 - tail) };
}

/**
 * Bias-corrected and accelerated (Efron, Better Bootstrap Confidence Intervals, 1987): shifts the percentiles by how far the
 * distribution's middle lies from the value, and by how its width changes with it, which the jackknife tells. Null where nothing
 * varies.
 * @param distribution in ascending order
 */
export function correctedInterval(
  distribution: Float64Array,
  value: number,
  leavingOut: Float64Array,
  confidence: number,
): Interval | null {
  let below = 0;
  for (const each of distribution) below += each < value ? 1 : each === value ? 0.5 : 0;
  const bias = normalQuantile(below / distribution.length);
  const acceleration = accelerationOf(leavingOut);
  if (!Number.isFinite(bias) || !Number.isFinite(acceleration)) return null;
  const shifted = (share: number) => {
    const z = bias + normalQuantile(share);
    return normalCdf(bias + z / (1 - acceleration * z));
  };
  const tail = (1 - confidence) / 2;
  return { low: quantile(distribution, shifted(tail)), high: quantile(distribution, shifted(1 - tail)) };
}

function accelerationOf(leavingOut: Float64Array): number {
  let sum = 0;
  for (const each of leavingOut) sum += each;
  const mean = sum / leavingOut.length;
  let squares = 0;
  let cubes = 0;
  for (const each of leavingOut) {
    const off = mean - each;
    squares += off ** 2;
    cubes += off ** 3;
  }
  return cubes / (6 * squares ** 1.5);
}

/** By a line between the two nearest values, as NumPy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(sorted.length - 1, below + 1)] ?? Number.NaN;
  return low + (high - low) * (place - below);
}
