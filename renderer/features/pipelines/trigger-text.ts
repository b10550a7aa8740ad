import { assertNever, type TriggerCondition, type TriggerSettings } from '../../../contract/index.ts';
import { formatDuration } from '../../ui/format-duration.ts';

/** What a trigger waits for, in words. */
export function conditionText(condition: TriggerCondition): string {
  switch (condition.kind) {
    case 'time':
      return `at ${condition.cron}`;
    case 'files':
      return `when ${condition.path} has changed`;
    case 'data':
      return `when ${condition.path} has a new version`;
    case 'pipeline':
      return condition.status === 'any'
        ? 'when another pipeline has ended'
        : `when another pipeline has ${condition.status}`;
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
