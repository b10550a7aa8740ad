import type { Estimate } from '../../../contract/index.ts';
import styles from './gates.module.css';

const width = 120;
const middle = width / 2;

/** An interval around zero, drawn to a scale of its table; the figures stand beside it. */
export function IntervalBar({ of: { value, low, high }, extent }: { of: Estimate; extent: number }) {
  const at = (each: number) => middle + (extent === 0 ? 0 : (each / extent) * (middle - 4));
  return (
    <svg className={styles.interval} width={width} height={14} viewBox={`0 0 ${width} 14`} aria-hidden>
      <line x1={middle} x2={middle} y1={0} y2={14} stroke="var(--edge)" />
      <line x1={at(low)} x2={at(high)} y1={7} y2={7} stroke="var(--text)" strokeWidth={1.5} />
      <circle cx={at(value)} cy={7} r={3} fill="var(--text)" />
    </svg>
  );
}

/** The farthest from zero that any of them reaches. */
export const extentOf = (intervals: readonly (Estimate | null)[]): number =>
  Math.max(
    0,
    ...intervals.flatMap((each) => (each === null ? [] : [Math.abs(each.low), Math.abs(each.high)])),
  );
