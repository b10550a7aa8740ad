/** Restarts within this time count together, in milliseconds. */
const windowMs = 5 * 60 * 1000;
/** What runs again after this many ends in that time will not be saved by one more. */
const mostEnds = 4;
const firstDelayMs = 250;

export type AfterEnd = { readonly kind: 'restart'; readonly afterMs: number } | { readonly kind: 'give-up' };

/**
 * What to do when the engine's process has ended unasked: start it again, a little later each time, and stop trying after the
 * fourth end in five minutes.
 *
 * @param endsAt when it ended, this time included, milliseconds, oldest first
 */
export function afterUnexpectedEnd(endsAt: readonly number[], now: number): AfterEnd {
  const recent = endsAt.filter((at) => at > now - windowMs).length;
  if (recent >= mostEnds) return { kind: 'give-up' };
  return { kind: 'restart', afterMs: firstDelayMs * 4 ** Math.max(0, recent - 1) };
}
