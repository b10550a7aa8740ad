import type { Job } from '../../contract/index.ts';
import { formatDuration } from './format-duration.ts';
import { formatClock, formatExactTime } from './format-time.ts';

/** When a job ends, as it tells itself or as earlier runs of its script took; `none` where nobody knows. */
export function EtaText({
  job,
  none = '',
}: {
  job: Pick<Job, 'etaAt' | 'isEtaLearnt' | 'needs'>;
  none?: string;
}) {
  const { etaAt, isEtaLearnt, needs } = job;
  if (etaAt === null) return <span>{none}</span>;
  const exact = formatExactTime(etaAt);
  if (!isEtaLearnt || needs.durationMs === null) return <span title={exact}>{formatClock(etaAt)}</span>;
  const runs = needs.runCount === 1 ? 'the last run' : `the last ${needs.runCount} runs`;
  const title = `${exact}, as ${runs} of ${needs.program} took ${formatDuration(needs.durationMs)}`;
  return <span title={title}>~ {formatClock(etaAt)}</span>;
}
