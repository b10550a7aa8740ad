import { assertNever, scheduleText, type ChunkRule, type Monitor } from '../../../contract/index.ts';

/** What a monitor holds against what, in words. */
export function monitorText({ source, reference }: Pick<Monitor, 'source' | 'reference'>): string {
  return `${source.path} ${chunkText(source.chunks)}, against ${referenceText(reference)}`;
}

function chunkText(rule: ChunkRule): string {
  switch (rule.by) {
    case 'file':
      return 'file by file';
    case 'log':
      return 'as a serving log, day by day';
    case 'time':
      return `by ${rule.every} of ${rule.column}`;
    case 'rows':
      return `by ${rule.count.toLocaleString('en-US')} rows`;
    default:
      return assertNever(rule);
  }
}

function referenceText(reference: Monitor['reference']): string {
  if (reference.kind === 'version') {
    const of = `version ${reference.version.slice(0, 12)}`;
    return reference.path === '' ? of : `${reference.path} of ${of}`;
  }
  const { path, from, before } = reference;
  return [path, from === null ? '' : `from ${from}`, before === null ? '' : `before ${before}`]
    .filter((part) => part !== '')
    .join(' ');
}

/** When a monitor is run by itself, in words. */
export function scheduleWords({ schedule, timeZone }: Pick<Monitor, 'schedule' | 'timeZone'>): string {
  switch (schedule?.kind) {
    case undefined:
      return 'by hand';
    case 'time':
      return scheduleText(schedule.cron, timeZone);
    case 'files':
      return `when ${schedule.path} has changed`;
    case 'data':
      return `when ${schedule.path} has a new version`;
    case 'pipeline':
      return 'when a pipeline has ended';
    case 'monitor':
      return 'when another monitor opens an incident';
    default:
      return assertNever(schedule);
  }
}

export const percentText = (share: number): string => {
  const percent = share * 100;
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
};
