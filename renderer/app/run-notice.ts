import { runningMs, type Job, type Run } from '../../contract/index.ts';
import { formatDuration } from '../ui/format-duration.ts';
import { formatNumber } from '../ui/format-number.ts';

/** Which ends a person wants to hear of. */
export const noticeKinds = ['all', 'failed', 'none'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** What a notification says of a run that has ended; null when its end is none that is wanted. */
export function runNotice(run: Run, wanted: NoticeKind): { title: string; body: string } | null {
  const isGood = run.status === 'finished';
  if (wanted === 'none' || (wanted === 'failed' && isGood) || run.endedAt === null) return null;
  const lasted = runningMs(run, run.endedAt);
  const after = lasted === null ? '' : ` after ${formatDuration(lasted)}`;
  const metrics = Object.entries(run.metrics)
    .filter(([key]) => !key.startsWith('system/'))
    .toSorted(([, one], [, other]) => other.count - one.count)
    .slice(0, 2)
    .map(([key, { last }]) => `${key} ${formatNumber(last)}`);
  return {
    title: `${run.name} ${isGood ? 'finished' : run.status}${after}`,
    body: [...(isGood || run.ending === null ? [] : [run.ending]), ...metrics].join(' · '),
  };
}

/** Runs that went on before and do not any more. */
export function endedRuns(before: readonly Job[], now: readonly Job[]): string[] {
  const still = new Set(now.map((job) => job.runId));
  return before.filter((job) => job.status === 'running' && !still.has(job.runId)).map((job) => job.runId);
}
