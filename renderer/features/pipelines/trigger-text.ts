import { assertNever, scheduleText, type TriggerSettings } from '../../../contract/index.ts';
import { formatDuration } from '../../ui/format-duration.ts';

/** What a trigger waits for, in words; a schedule as it is written beside them. */
export function conditionText({
  condition,
  timeZone,
}: Pick<TriggerSettings, 'condition' | 'timeZone'>): string {
  switch (condition.kind) {
    case 'time':
      return scheduleText(condition.cron, timeZone);
    case 'files':
      return `when ${condition.path} has changed`;
    case 'data':
      return `when ${condition.path} has a new version`;
    case 'pipeline':
      return condition.status === 'any'
        ? 'when another pipeline has ended'
        : `when another pipeline has ${condition.status}`;
    case 'monitor':
      return 'when a monitor opens an incident';
    default:
      return assertNever(condition);
  }
}

/** What holds a trigger back, in words; empty for one that starts whatever the hour. */
export function manners(settings: TriggerSettings): string {
  const { quietHours, isOnlyOnMains, coolDownMs, isForced, stages } = settings;
  return [
    stages.length === 0 ? null : stages.join(', '),
    isForced ? 'forced' : null,
    quietHours === null ? null : `not from ${quietHours.from} to ${quietHours.to}`,
    isOnlyOnMains ? 'on mains only' : null,
    coolDownMs === 0 ? null : `at most every ${formatDuration(coolDownMs)}`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}
