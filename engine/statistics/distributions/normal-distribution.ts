/** The share of the standard normal distribution below z. */
export function normalCdf(z: number): number {
  return z < 0 ? normalTail(-z) : 1 - normalTail(z);
}

/** The value below which a share of the standard normal distribution lies; infinite for 0 and 1. */
export function normalQuantile(share: number): number {
  if (!(share > 0)) return share === 0 ? -Infinity : Number.NaN;
  if (!(share < 1)) return share === 1 ? Infinity : Number.NaN;
  if (share > 0.5) return -normalQuantile(1 - share);
  // A first guess good to 4.5e-4 (Abramowitz and Stegun, 26.2.23), brought to the last digits by Halley's rule.
  const t = Math.sqrt(-2 * Math.log(share));
  let z =
    ((0.010328 * t + 0.802853) * t + 2.515517) / (((0.001308 * t + 0.189269) * t + 1.432788) * t + 1) - t;
  for (let round = 0; round < 3; round++) {
    const off = (normalCdf(z) - share) * Math.sqrt(2 * Math.PI) * Math.exp((z * z) / 2);
    z -= off / (1 + (z * off) / 2);
  }
  return z;
}

/** The share above z >= 0, with all its digits: a power series near zero, a continued fraction further out (Abramowitz and Stegun, 26.2.11 and 26.2.14). */
export function normalTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (density === 0) return 0;
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let n = 3; Math.abs(term) > 1e-17 * sum; n += 2) {
      term *= (z * z) / n;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = z;
  for (let n = 200; n >= 1; n--) fraction = z + n / fraction;
  return density / fraction;
}
