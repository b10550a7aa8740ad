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

function formatDate(at: number, now: number): string {
  const date = new Date(at);
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
}

/** The exact local time with its zone, for titles: "21 Nov 2026, 10:59:54 GMT+1". */
export function formatExactTime(at: number): string {
  return new Date(at).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
}

/** "10:01", local. */
export function formatClock(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
