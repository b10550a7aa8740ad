/** Where params came from, for those that nobody named: params given outright win over the command line's. */
export function paramsTags(
  files: readonly string[],
  fromArguments: readonly string[],
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = fromArguments.filter((name) => !Object.hasOwn(given, name));
  return {
    ...(names.length === 0 ? {} : { 'benchtop.paramsFromArguments': names.join(', ').slice(0, 4000) }),
    ...(files.length === 0 ? {} : { 'benchtop.paramsFromFiles': files.join(', ').slice(0, 4000) }),
  };
}

/** Durations are counted from the boot, yet the times of the points are the clock's: who reads them has to know. */
export function clockTags(setByMs: number): Record<string, string> {
  if (setByMs === 0) return {};
  const direction = setByMs > 0 ? 'forward' : 'back';
  return { 'benchtop.clock': `set ${direction} by ${Math.round(Math.abs(setByMs) / 1000)} s while it ran` };
}

/** Names the variables that Benchtop added; written when a run is about to begin. */
export const environmentSetTag = 'benchtop.environmentSet';
