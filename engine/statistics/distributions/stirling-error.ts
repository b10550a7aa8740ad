const halfLogTwoPi = Math.log(2 * Math.PI) / 2;

/** ln(a!) less Stirling's main part, for a = 0, 1/2, 1, … 15, where its series is not good enough. */
const small = [0, 1 / 2].flatMap((start) => {
  const errors: number[] = [];
  // (1/2)! is half the root of pi.
  let logFactorial = start === 0 ? 0 : Math.log(Math.PI) / 2 - Math.LN2;
  for (let a = start; a <= 15; a++) {
    if (a > start) logFactorial += Math.log(a);
    errors.push(a === 0 ? 0 : logFactorial - (a + 0.5) * Math.log(a) + a - halfLogTwoPi);
  }
  return [errors];
});

/**
 * By how much ln(a!) exceeds (a + 1/2) ln a − a + ln(2π)/2; the part of a probability that does not cancel (Loader, Fast and Accurate
 * Computation of Binomial Probabilities, 2000).
 * @param a a multiple of 1/2, above 0
 */
export function stirlingError(a: number): number {
  const whole = Math.floor(a);
  const known = a <= 15 ? small[a === whole ? 0 : 1]?.[whole] : undefined;
  if (known !== undefined) return known;
  const square = a * a;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / a;
}
