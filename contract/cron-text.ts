const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** A schedule in words, with its zone and as it is written: "every day at 03:00, Europe/Berlin (0 3 * * *)". */
export function scheduleText(pattern: string, timeZone: string): string {
  const words = cronText(pattern);
  return words === null ? `${pattern}, ${timeZone}` : `${words}, ${timeZone} (${pattern})`;
}

/**
 * A schedule of five fields (minute, hour, day, month, weekday) in words: "every day at 03:00", "Monday to Friday at 07:30 and 19:30".
 * Null for one that says more than that.
 */
function cronText(pattern: string): string | null {
  const [minute = '', hour = '', day = '', month = '', weekday = '', ...more] = pattern.trim().split(/\s+/);
  if (more.length > 0 || month !== '*') return null;
  const days = daysText(day, weekday);
  if (days === null) return null;
  const isEveryDay = day === '*' && weekday === '*';
  const often = hour === '*' ? minutesText(minute) : minute === '0' ? stepText(hour, 24, 'hour') : null;
  if (often !== null) return isEveryDay ? often : `${often}, ${days}`;
  const minutes = numbers(minute, 59);
  const hours = numbers(hour, 23);
  if (minutes === null || hours === null) return null;
  const times = hours.flatMap((h) => minutes.map((m) => `${twoDigits(h)}:${twoDigits(m)}`));
  return times.length > 6 ? null : `${days} at ${listText(times)}`;
}

function minutesText(minute: string): string | null {
  const at = numbers(minute, 59);
  if (at === null) return stepText(minute, 60, 'minute');
  return at.length > 6 ? null : `every hour at ${listText(at.map((each) => `:${twoDigits(each)}`))}`;
}

/** Of `*` and of steps that go into the whole, so that all are equally far apart. */
function stepText(field: string, whole: number, unit: string): string | null {
  if (field === '*') return `every ${unit}`;
  const step = /^\*\/([1-9]\d*)$/.exec(field)?.[1];
  if (step === undefined || whole % Number(step) !== 0) return null;
  return step === '1' ? `every ${unit}` : `every ${step} ${unit}s`;
}

/** Null where both are said: then either of them is enough. */
function daysText(day: string, weekday: string): string | null {
  if (weekday === '*') {
    if (day === '*') return 'every day';
    const days = numbers(day, 31);
    return days === null ? null : `on day ${listText(days.map(String))} of every month`;
  }
  if (day !== '*') return null;
  const range = /^([0-7])-([0-7])$/.exec(weekday);
  if (range !== null) {
    const [from, to] = [weekdays[Number(range[1])], weekdays[Number(range[2])]];
    return `${from} to ${to}`;
  }
  const named = numbers(weekday, 7);
  return named === null ? null : `every ${listText(named.map((each) => weekdays[each] ?? ''))}`;
}

/** `1,15`; null for anything but numbers up to the largest. */
function numbers(field: string, largest: number): number[] | null {
  const all = field.split(',').map((each) => (/^\d{1,2}$/.test(each) ? Number(each) : Infinity));
  return all.every((each) => each <= largest) ? all : null;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

const listText = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
