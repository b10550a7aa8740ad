const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitsMs;

/** Milliseconds of `90s`, `10m`, `1h30m`, `2d`; a bare number is seconds. Null for anything else, and for nothing at all. */
export function parseDuration(text: string): number | null {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? `${text}s` : text;
  if (!/^(\d+(\.\d+)?(ms|[smhd]))+$/.test(seconds)) return null;
  let totalMs = 0;
  for (const [, amount, unit] of seconds.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)) {
    totalMs += Number(amount) * unitsMs[unit as Unit];
  }
  const roundedMs = Math.round(totalMs);
  return roundedMs > 0 && Number.isSafeInteger(roundedMs) ? roundedMs : null;
}
