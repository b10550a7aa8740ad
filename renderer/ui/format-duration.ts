/** A span of time with its two largest units: 38 m 54 s, 2 h 05 m, 3 d 4 h; below ten seconds with one decimal. */
export function formatDuration(elapsedMs: number): string {
  if (elapsedMs < 0) return '0 s';
  if (elapsedMs < 1000) return `${Math.round(elapsedMs)} ms`;
  if (elapsedMs < 9950) return `${(elapsedMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(elapsedMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${pad(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${pad(minutes % 60)} m`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const pad = (part: number) => String(part).padStart(2, '0');
