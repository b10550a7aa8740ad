import { Progress } from '@mantine/core';
import styles from './progress-line.module.css';

/** A bar, and below it in words what goes on and how far it is, told as a status. @param share from 0 to 1 */
export function ProgressLine({ label, share, text }: { label: string; share: number; text: string }) {
  return (
    <div className={styles.line}>
      <Progress aria-label={label} value={100 * share} />
      <span role="status">{text}</span>
    </div>
  );
}
