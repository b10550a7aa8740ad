import {
  IconAlertTriangle,
  IconCheck,
  IconHelp,
  IconMinus,
  IconOctagonFilled,
  type Icon,
} from '@tabler/icons-react';
import type { CheckState } from '../../../contract/index.ts';
import styles from './gates.module.css';

const looks: Record<CheckState, { Icon: Icon; colour: string | undefined }> = {
  passed: { Icon: IconCheck, colour: styles['passed'] },
  failed: { Icon: IconOctagonFilled, colour: styles['failed'] },
  warning: { Icon: IconAlertTriangle, colour: styles['amber'] },
  skipped: { Icon: IconMinus, colour: styles['muted'] },
  'could not judge': { Icon: IconHelp, colour: styles['amber'] },
};

/** How a check came out: by shape first, then by its word. */
export function CheckMark({ state }: { state: CheckState }) {
  const { Icon, colour = '' } = looks[state];
  return (
    <span className={`${styles.mark} ${colour}`}>
      <Icon size={14} stroke={1.5} aria-hidden />
      {state}
    </span>
  );
}
