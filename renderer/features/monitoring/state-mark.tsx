import {
  IconAlertTriangle,
  IconCheck,
  IconCircleDotted,
  IconLoader,
  IconOctagonFilled,
  type Icon,
} from '@tabler/icons-react';
import type { Monitor } from '../../../contract/index.ts';
import { useNow } from '../../ui/use-now.ts';
import styles from './monitoring.module.css';

/** How a monitor stands: by shape first, then in words. */
export function StateMark({ monitor }: { monitor: Monitor }) {
  const { Icon, tone, words, title } = lookOf(monitor, useNow('minute'));
  return (
    <span className={styles.mark} data-tone={tone} title={title}>
      <Icon size={14} stroke={1.5} aria-hidden />
      {words}
    </span>
  );
}

function lookOf(
  { isRunning, problem, lastRun, openIncident, chunkCount }: Monitor,
  now: number,
): {
  Icon: Icon;
  tone: 'accent' | 'failed' | 'amber' | 'muted';
  words: string;
  title?: string;
} {
  const trouble = problem ?? lastRun?.problem ?? null;
  if (isRunning) return { Icon: IconLoader, tone: 'accent', words: 'running' };
  if (trouble !== null)
    return { Icon: IconOctagonFilled, tone: 'failed', words: 'cannot run', title: trouble };
  if (openIncident !== null)
    return openIncident.snoozedUntil !== null && openIncident.snoozedUntil > now
      ? { Icon: IconCircleDotted, tone: 'muted', words: 'incident, put off' }
      : { Icon: IconAlertTriangle, tone: 'amber', words: `incident, ${openIncident.severity}` };
  return chunkCount === 0
    ? { Icon: IconCircleDotted, tone: 'muted', words: 'not run yet' }
    : { Icon: IconCheck, tone: 'muted', words: 'quiet' };
}
