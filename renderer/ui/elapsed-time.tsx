import { runningMs, type RunGap } from '../../contract/index.ts';
import { formatDuration } from './format-duration.ts';
import { useNow } from './use-now.ts';

interface Elapsed {
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** When it stood still, which does not count. */
  readonly gaps: readonly RunGap[];
}

const noGaps: readonly RunGap[] = [];

/** How long something took, or takes so far, renewed every second while it goes on. */
export function ElapsedTime({ startedAt, endedAt, gaps = noGaps }: Omit<Elapsed, 'gaps'> & Partial<Elapsed>) {
  if (startedAt === null) return <span>–</span>;
  if (endedAt === null) return <Ticking startedAt={startedAt} endedAt={null} gaps={gaps} />;
  const elapsedMs = runningMs({ startedAt, endedAt, gaps }, endedAt) ?? 0;
  const isBroken = elapsedMs < endedAt - startedAt;
  const title = `${elapsedMs} ms${isBroken ? `, of ${endedAt - startedAt} ms from start to end` : ''}`;
  return <span title={title}>{formatDuration(elapsedMs)}</span>;
}

function Ticking(elapsed: Elapsed) {
  const now = useNow('second');
  const elapsedMs = Math.floor((runningMs(elapsed, now) ?? 0) / 1000) * 1000;
  return (
    <span>{elapsedMs < 1000 ? '0 s' : formatDuration(Math.max(elapsedMs, 1000)).replace('.0 s', ' s')}</span>
  );
}
