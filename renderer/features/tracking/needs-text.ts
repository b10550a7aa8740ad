import type { LearntNeeds } from '../../../contract/index.ts';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatDuration } from '../../ui/format-duration.ts';

/** What earlier runs of a script say of the next: "The last 3 runs of train.py took about 4 m 10 s and up to 1.2 GB of memory; 5 GB are free." */
export function needsText(needs: LearntNeeds & { freeBytes: number }): string {
  const { program, runCount, durationMs, memoryBytes, freeBytes } = needs;
  const took = [
    ...(durationMs === null ? [] : [`about ${formatDuration(durationMs)}`]),
    ...(memoryBytes === null ? [] : [`up to ${formatBytes(memoryBytes)} of memory`]),
  ];
  const free = `${formatBytes(freeBytes)} of memory are free`;
  if (took.length === 0) return `${free}.`;
  const runs = runCount === 1 ? `The last run of ${program}` : `The last ${runCount} runs of ${program}`;
  return `${runs} took ${took.join(' and ')}; ${free}.`;
}
