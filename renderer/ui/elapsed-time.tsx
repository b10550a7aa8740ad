import { formatDuration } from './format-duration.ts';
import { useNow } from './use-now.ts';

/** How long something took, or takes so far, renewed every second while it goes on. */
export function ElapsedTime({ startedAt, endedAt }: { startedAt: number | null; endedAt: number | null }) {
  if (startedAt === null) return <span>–</span>;
  if (endedAt !== null)
    return <span title={`${endedAt - startedAt} ms`}>{formatDuration(endedAt - startedAt)}</span>;
  return <Ticking startedAt={startedAt} />;
}

function Ticking({ startedAt }: { startedAt: number }) {
  const now = useNow('second');
  const elapsedMs = Math.max(0, Math.floor((now - startedAt) / 1000) * 1000);
  return (
    <span>{elapsedMs < 1000 ? '0 s' : formatDuration(Math.max(elapsedMs, 1000)).replace('.0 s', ' s')}</span>
  );
}
