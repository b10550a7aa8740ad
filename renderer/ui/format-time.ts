const dayMs = 86_400_000;

/** "just now", "5 min ago", "3 h ago", "yesterday", "4 days ago"; the date once it is a week old. */
export function formatRelativeTime(at: number, now: number): string {
  const elapsedMs = now - at;
  if (elapsedMs < -60_000) return formatDate(at, now);
  if (elapsedMs < 45_000) return 'just now';
  const minutes = Math.round(elapsedMs / 60_000);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.round(elapsedMs / 3_600_000);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.round(elapsedMs / dayMs);
  if (days === 1) return 'yesterday';
  if (days < 7) return `${days} days ago`;
  return formatDate(at, now);
}

// Made once: a formatter takes longer to make than all that a screen of rows has to write.
const day = { day: 'numeric', month: 'short' } as const;
const dayOfThisYear = new Intl.DateTimeFormat('en-GB', day);
const dayOfYear = new Intl.DateTimeFormat('en-GB', { ...day, year: 'numeric' });
const exact = new Intl.DateTimeFormat('en-GB', {
  ...day,
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

function formatDate(at: number, now: number): string {
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? dayOfThisYear : dayOfYear).format(at);
}

/** The exact local time with its zone, for titles: "21 Nov 2026, 10:59:54 GMT+1". */
export const formatExactTime = (at: number): string => exact.format(at);

/** "10:01", local. */
export const formatClock = (at: number): string => clock.format(at);
