import { Button } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import { copyText } from '../ui/copy-text.ts';
import { formatClock } from '../ui/format-time.ts';
import styles from './engine-banner.module.css';
import { useEngineLink } from './engine.ts';

/** One line across the page while the engine is away. What was read before stays below it, dimmed. */
export function EngineBanner() {
  const lostAt = useEngineLink((link) => link.lostAt);
  if (lostAt === null) return null;
  const since = formatClock(lostAt);
  return (
    <div role="alert" className={styles.banner}>
      <IconCloudOff size={14} stroke={1.5} aria-hidden />
      <span className={styles.text}>
        The engine stopped at {since}. Showing what was read before, as of {since}. Trying to reach it again.
      </span>
      <Button
        size="compact-xs"
        variant="subtle"
        onClick={() =>
          void copyText(
            `Benchtop: the engine stopped at ${new Date(lostAt).toISOString()}, page ${location.pathname}`,
            'the diagnostics',
          )
        }
      >
        Copy diagnostics
      </Button>
    </div>
  );
}
