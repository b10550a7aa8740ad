import type { ColumnProfile } from '../../../contract/index.ts';
import styles from './profile.module.css';

const width = 96;
const height = 18;

/** A column at a glance: how its numbers are spread, or how often its most frequent values come. Nothing where neither is known. */
export function ColumnPicture({ column }: { column: ColumnProfile }) {
  const counts = column.histogram?.counts ?? column.top.map(({ count }) => count);
  const most = Math.max(...counts, 0);
  if (most === 0) return null;
  const isNumbers = column.histogram !== null;
  const step = isNumbers ? width / counts.length : Math.min(12, width / counts.length);
  return (
    <svg
      className={styles.picture}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      data-kind={isNumbers ? 'numbers' : 'values'}
      role="img"
      aria-label={
        isNumbers
          ? `${column.name} in ${counts.length} parts from ${column.min ?? ''} to ${column.max ?? ''}`
          : `The ${counts.length} most frequent values of ${column.name}`
      }
    >
      {counts.map((count, at) => {
        // What is there at all is seen.
        const tall = count === 0 ? 0 : Math.max(1, (count / most) * height);
        return <rect key={at} x={at * step} y={height - tall} width={Math.max(1, step - 1)} height={tall} />;
      })}
    </svg>
  );
}
