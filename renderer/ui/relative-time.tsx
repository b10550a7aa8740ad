import { formatExactTime, formatRelativeTime } from './format-time.ts';
import { useNow } from './use-now.ts';

/** A moment told relative to now, with the exact time in its tooltip. */
export function RelativeTime({ at }: { at: number }) {
  const now = useNow('minute');
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExactTime(at)}>
      {formatRelativeTime(at, now)}
    </time>
  );
}
