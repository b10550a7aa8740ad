/** A number as it stands in a filter, or null. Metrics may also be compared with nan and inf. */
export function numberOf(text: string): number | null {
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return Number(text);
  const word = /^([-+]?)(nan|inf|infinity)$/i.exec(text);
  if (word === null) return null;
  if (word[2]?.toLowerCase() === 'nan') return Number.NaN;
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `90s`, `5m`, `1h30m`, or a bare number of seconds, in seconds; null for anything else. */
export function secondsOf(text: string): number | null {
  const bare = numberOf(text);
  if (bare !== null) return Number.isFinite(bare) ? bare : null;
  const ms = durationMs(text);
  return ms === null ? null : ms / 1000;
}

/**
 * A moment in milliseconds UTC: `-7d` (ago), `2026-01-31`, `2026-01-31T12:00` (of this machine's clock unless it names a
 * zone), or the number itself; null for anything else.
 */
export function momentOf(text: string, nowMs: number): number | null {
  const number = numberOf(text);
  if (number !== null) return Number.isFinite(number) ? number : null;
  if (text.startsWith('-')) {
    const ago = durationMs(text.slice(1));
    return ago === null ? null : nowMs - ago;
  }
  if (!/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[-+]\d{2}:?\d{2})?)?$/.test(text)) return null;
  const at = new Date(text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T')).getTime();
  return Number.isNaN(at) ? null : at;
}

function durationMs(text: string): number | null {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return null;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0), 0);
}
