/**
 * e^x K(x), K being the modified Bessel function of the second kind and of order 1/4: the integral of e^(−x (cosh t − 1)) cosh(t/4) over
 * t > 0 (DLMF 10.32.9). The trapezoidal rule is good to the last digits on it, since the integrand dies away faster than any power.
 * @param x above 0
 */
export function scaledBesselKQuarter(x: number): number {
  const step = Math.min(0.1, 0.6 / Math.sqrt(x));
  let sum = 0.5;
  for (let t = step; ; t += step) {
    // cosh t − 1 without cancellation.
    const term = Math.exp(-2 * x * Math.sinh(t / 2) ** 2) * Math.cosh(t / 4);
    sum += term;
    if (term < sum * 1e-18) return sum * step;
  }
}
