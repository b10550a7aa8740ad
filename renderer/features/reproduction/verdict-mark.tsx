import type { Verdict } from '../../../contract/index.ts';
import styles from './verdict-mark.module.css';

const shapes: Record<Verdict, string> = {
  identical: '=',
  'within tolerance': '≈',
  differs: '≠',
  'could not run': '✕',
};

/** A verdict told by shape first, then by its words. */
export function VerdictMark({ verdict }: { verdict: Verdict }) {
  return (
    <span className={styles.mark} data-verdict={verdict}>
      <span aria-hidden>{shapes[verdict]}</span> {verdict}
    </span>
  );
}
