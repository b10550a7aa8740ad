const dayMinutes = 24 * 60;

/** When the quiet hours end that `at` lies in, ms UTC; null when it lies in none. From 22:00 to 07:00 goes over midnight. */
export function quietUntil(
  at: number,
  hours: { readonly from: string; readonly to: string },
  timeZone: string,
): number | null {
  const now = minutesOfDay(at, timeZone);
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)];
  const isQuiet = from <= to ? now >= from && now < to : now >= from || now < to;
  if (!isQuiet) return null;
  const left = (to - now + dayMinutes) % dayMinutes;
  return at - (at % 60_000) + left * 60_000;
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function minutesOfDay(at: number, timeZone: string): number {
  const text = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
  return minutesOf(text);
}
