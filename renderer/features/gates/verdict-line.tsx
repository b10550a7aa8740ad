import {
  IconAlertTriangle,
  IconEqual,
  IconArrowDown,
  IconArrowUp,
  IconArrowsUpDown,
  IconFlag,
  IconHelp,
  type Icon,
} from '@tabler/icons-react';
import type { VersionVerdict } from '../../../contract/index.ts';
import styles from './gates.module.css';

const looks: Record<VersionVerdict['kind'], { Icon: Icon; colour: string | undefined }> = {
  better: { Icon: IconArrowUp, colour: styles['passed'] },
  mixed: { Icon: IconArrowsUpDown, colour: styles['amber'] },
  alike: { Icon: IconEqual, colour: styles['muted'] },
  worse: { Icon: IconArrowDown, colour: styles['failed'] },
  first: { Icon: IconFlag, colour: styles['muted'] },
  'kept back': { Icon: IconAlertTriangle, colour: styles['failed'] },
  unknown: { Icon: IconHelp, colour: styles['muted'] },
};

/** What comes of all the evidence, in a sentence. */
export function VerdictLine({ verdict: { kind, sentence } }: { verdict: VersionVerdict }) {
  const { Icon, colour } = looks[kind];
  return (
    <p className={styles.verdict} role="status">
      <span className={colour}>
        <Icon size={18} stroke={1.5} role="img" aria-label={kind} />
      </span>
      {sentence}
    </p>
  );
}
