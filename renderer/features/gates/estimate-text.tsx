import type { Estimate } from '../../../contract/index.ts';
import { formatNumber } from '../../ui/format-number.ts';
import styles from './gates.module.css';

/** A value with what it may be. */
export function EstimateText({ of, isGain = false }: { of: Estimate | null; isGain?: boolean }) {
  if (of === null) return '–';
  const told = (value: number) => `${isGain && value > 0 ? '+' : ''}${formatNumber(value)}`;
  return (
    <span title={`${of.value} (${of.low} to ${of.high})`}>
      {told(of.value)}
      <span className={styles.range}>
        {told(of.low)} to {told(of.high)}
      </span>
    </span>
  );
}

/** What an interval of a gain says. */
export function GainWord({ of }: { of: Estimate | null }) {
  if (of === null) return '–';
  if (of.low > 0) return <span className={styles.passed}>better</span>;
  if (of.high < 0) return <span className={styles.failed}>worse</span>;
  return <span className={styles.muted}>may be chance</span>;
}
