import { smirnovTail } from './smirnov-tail.ts';
import { stirlingError } from './stirling-error.ts';

/**
 * How likely the largest distance, to either side, between n draws and their distribution is at least x. Which formula is good
 * where is Simard and L'Ecuyer's (Computing the Two-Sided Kolmogorov-Smirnov Distribution, 2011), with SciPy's bounds.
 */
export function kolmogorovTail(n: number, x: number): number {
  if (!(n > 0)) return Number.NaN;
  if (x >= 1) return 0;
  const t = n * x;
  if (t <= 0.5) return 1;
  // Ruben and Gambino: near both ends the probability is a power.
  if (t <= 1)
    return 1 - Math.exp(Math.log(2 * Math.PI * n) / 2 + stirlingError(n) - n + n * Math.log(2 * t - 1));
  if (t >= n - 1) return 2 * (1 - x) ** n;
  const square = t * x;
  if (square >= 370 && n > 140) return 0;
  // Miller: far out both sides are never exceeded at once.
  if (x >= 0.5 || square >= (n <= 140 ? 4 : 2.2)) return Math.min(1, 2 * smirnovTail(n, x));
  // So near to one that it cannot be told from it.
  if (square < 0.04 && n > 140) return 1;
  const inside = n <= 140 || (n <= 100_000 && n * x ** 1.5 <= 1.4) ? durbin(n, x) : pelzGood(n, x);
  return Math.min(1, Math.max(0, 1 - inside));
}

/** 2^-128 and its inverse keep the powers of the matrix within the range of a double. */
const scale = 2 ** 128;

/** The probability of staying below x, exactly: an element of the n-th power of a matrix (Marsaglia, Tsang and Wang, 2003). */
function durbin(n: number, x: number): number {
  const t = n * x;
  const k = Math.ceil(t);
  const h = k - t;
  const m = 2 * k - 1;
  const inverseFactorial = new Float64Array(m + 1).fill(1);
  for (let j = 1; j <= m; j++) inverseFactorial[j] = at(inverseFactorial, j - 1) / j;
  const edge = Float64Array.from({ length: m }, (_, j) => (1 - h ** (j + 1)) * at(inverseFactorial, j + 1));
  edge[m - 1] = (1 - 2 * h ** m + Math.max(0, 2 * h - 1) ** m) * at(inverseFactorial, m);
  let base: Float64Array = new Float64Array(m * m);
  for (let row = 0; row < m; row++)
    for (let column = 0; column < m; column++) {
      const power = row - column + 1;
      base[row * m + column] =
        column === 0
          ? at(edge, row)
          : row === m - 1
            ? at(edge, m - 1 - column)
            : power < 0
              ? 0
              : at(inverseFactorial, power);
    }
  let result: Float64Array = Float64Array.from({ length: m * m }, (_, place) =>
    place % (m + 1) === 0 ? 1 : 0,
  );
  let resultScales = 0;
  let baseScales = 0;
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      result = product(result, base, m);
      resultScales += baseScales;
    }
    base = product(base, base, m);
    baseScales *= 2;
    const middle = (k - 1) * (m + 1);
    if (at(base, middle) > scale) {
      base = base.map((value) => value / scale);
      baseScales++;
    }
    if (at(result, middle) > scale) {
      result = result.map((value) => value / scale);
      resultScales++;
    }
  }
  let inside = at(result, (k - 1) * (m + 1));
  for (let draw = 1; draw <= n; draw++) {
    inside *= draw / n;
    if (inside < 1 / scale && resultScales > 0) {
      inside *= scale;
      resultScales--;
    }
  }
  return inside * scale ** resultScales;
}

function product(a: Float64Array, b: Float64Array, m: number): Float64Array {
  const result = new Float64Array(m * m);
  for (let row = 0; row < m; row++)
    for (let inner = 0; inner < m; inner++) {
      const factor = at(a, row * m + inner);
      if (factor === 0) continue;
      for (let column = 0; column < m; column++)
        result[row * m + column] = at(result, row * m + column) + factor * at(b, inner * m + column);
    }
  return result;
}

/** The limit of the probability of staying below x with its first three corrections (Pelz and Good, 1976). */
function pelzGood(n: number, x: number): number {
  const z = Math.sqrt(n) * x;
  const z2 = z * z;
  const pi2 = Math.PI ** 2;
  let k0 = 0;
  let k1 = 0;
  let k2 = 0;
  let k3 = 0;
  for (let k = Math.ceil((16 * z) / Math.PI); k > 0; k--) {
    const odd2 = pi2 * (k - 0.5) ** 2;
    const weight = Math.exp(-odd2 / (2 * z2));
    k0 += weight;
    k1 += weight * (odd2 - z2);
    k2 += weight * (6 * z2 ** 3 + 2 * z2 ** 2 + odd2 * (2 * z2 ** 2 - 5 * z2) + odd2 ** 2 * (1 - 2 * z2));
    k3 +=
      weight *
      (-30 * z2 ** 3 -
        90 * z2 ** 4 +
        odd2 * (135 * z2 ** 2 - 96 * z2 ** 3) +
        odd2 ** 2 * (212 * z2 ** 2 - 60 * z2) +
        odd2 ** 3 * (5 - 30 * z2));
  }
  k0 /= z;
  k1 /= 6 * z2 ** 2;
  k2 /= 72 * z * z2 ** 3;
  k3 /= 6480 * z2 ** 5;
  for (let k = Math.ceil((16 * z) / Math.PI); k > 0; k--) {
    const even2 = pi2 * k ** 2;
    const weight = even2 * Math.exp(-even2 / (2 * z2));
    k2 -= weight / (36 * z * z2);
    k3 += (weight * (3 * z2 - even2)) / (216 * z2 ** 3);
  }
  const root = Math.sqrt(n);
  return Math.sqrt(2 * Math.PI) * (k0 + k1 / root + k2 / n + k3 / (n * root));
}

const at = (values: Float64Array, place: number): number => values[place] ?? Number.NaN;
