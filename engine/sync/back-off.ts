/** No pause is longer, in ms. */
const longestMs = 300_000;

/**
 * How long to wait after so many failures in a row: twice as long each time, somewhere in the upper half of it, so that many
 * laptops do not come back at the same moment. What the target asks for is kept at the least.
 */
export function backOffMs(failures: number, baseMs: number, retryAfterMs: number | null): number {
  const most = Math.min(longestMs, baseMs * 2 ** Math.min(20, failures));
  return Math.round(Math.max(retryAfterMs ?? 0, most / 2 + (Math.random() * most) / 2));
}
