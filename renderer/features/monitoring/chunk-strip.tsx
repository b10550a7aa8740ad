import type { Monitor } from '../../../contract/index.ts';
import styles from './monitoring.module.css';

const step = 6;
const height = 16;

/** The latest chunks of a monitor as a strip: as tall as the share of columns that alarm, and whole for one that could not be read. */
export function ChunkStrip({ chunks }: { chunks: Monitor['recent'] }) {
  if (chunks.length === 0) return '–';
  const alarmed = chunks.filter(({ verdict }) => verdict === 'alarm' || verdict === 'failed');
  return (
    <svg
      className={styles.strip}
      width={chunks.length * step}
      height={height}
      role="img"
      aria-label={`${alarmed.length} of the latest ${chunks.length} chunks alarm${
        alarmed.length === 0 ? '' : `: ${alarmed.map(({ label }) => label).join(', ')}`
      }`}
    >
      {chunks.map(({ label, verdict, alarmCount, columnCount }, at) => {
        const isAlarm = verdict === 'alarm' || verdict === 'failed';
        const share = verdict === 'failed' || columnCount === 0 ? 1 : alarmCount / columnCount;
        const tall = isAlarm ? Math.max(4, share * height) : 2;
        return (
          <rect
            key={label}
            x={at * step}
            y={height - tall}
            width={step - 2}
            height={tall}
            className={isAlarm ? styles.barAlarm : styles.bar}
          >
            <title>{`${label}: ${isAlarm ? `${alarmCount} of ${columnCount} columns alarm` : verdict.replaceAll('-', ' ')}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
