import type { ReactNode } from 'react';
import type { DriftColumn } from '../../contract/index.ts';
import styles from './drift-pictures.module.css';
import { formatNumber } from './format-number.ts';
import { numbers, TableHead } from './table-head.tsx';
import tables from './table.module.css';

const width = 300;
const height = 96;
const barsAtMost = 12;

interface Part {
  readonly label: string;
  /** Shares of the rows of each side. */
  readonly reference: number;
  readonly current: number;
}

/** How both sides of a comparison are distributed: over each other, added up, and as a table. Nothing where they were not compared. */
export function DriftPictures({ column }: { column: DriftColumn }) {
  const { bins, histogram } = column;
  if (bins === null) return null;
  if (histogram === null) return <Shares parts={partsOf(bins.reference, bins.current, bins.labels)} />;
  const { edges } = histogram;
  const parts = partsOf(
    histogram.reference,
    histogram.current,
    histogram.reference.map((_, at) => `to ${formatNumber(edges[at + 1] ?? Number.NaN)}`),
  );
  const ends = [formatNumber(edges[0] ?? 0), formatNumber(edges.at(-1) ?? 0)] as const;
  return (
    <>
      <Key />
      <Picture label="How the values are distributed" ends={ends}>
        <Overlay parts={parts} />
      </Picture>
      <Picture label="The share of rows up to a value" ends={ends}>
        <Cumulated parts={parts} />
      </Picture>
      <PartTable parts={parts} />
    </>
  );
}

function partsOf(
  reference: readonly number[],
  current: readonly number[],
  labels: readonly string[],
): Part[] {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0) || 1;
  const [n, m] = [sum(reference), sum(current)];
  return reference.map((count, at) => ({
    label: labels[at] ?? 'more',
    reference: count / n,
    current: (current[at] ?? 0) / m,
  }));
}

const Key = () => (
  <p className={styles.key}>
    <span className={styles.reference}>reference</span>
    <span className={styles.current}>current</span>
  </p>
);

function Picture({
  label,
  ends,
  children,
}: {
  label: string;
  ends: readonly [string, string];
  children: ReactNode;
}) {
  return (
    <figure className={styles.figure}>
      <figcaption>{label}</figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${label}; the table below has its numbers`}
      >
        <line x1={0} y1={height - 0.5} x2={width} y2={height - 0.5} className={styles.base} />
        {children}
      </svg>
      <div className={styles.ends} aria-hidden>
        <span>{ends[0]}</span>
        <span>{ends[1]}</span>
      </div>
    </figure>
  );
}

/** The reference as an area, the current side as a line over it. */
function Overlay({ parts }: { parts: readonly Part[] }) {
  const most = Math.max(...parts.map(({ reference, current }) => Math.max(reference, current)), 1e-9);
  const outline = (side: 'reference' | 'current') =>
    parts
      .map((part, at) => {
        const y = (height - 1 - (part[side] / most) * (height - 6)).toFixed(1);
        return `${((at / parts.length) * width).toFixed(1)},${y} ${(((at + 1) / parts.length) * width).toFixed(1)},${y}`;
      })
      .join(' ');
  return (
    <>
      <polygon
        points={`0,${height - 1} ${outline('reference')} ${width},${height - 1}`}
        className={styles.area}
      />
      <polyline points={outline('current')} className={styles.line} />
    </>
  );
}

/** Both running sums, and where they are farthest apart. */
function Cumulated({ parts }: { parts: readonly Part[] }) {
  const sums = { reference: [0], current: [0] };
  for (const part of parts)
    for (const side of ['reference', 'current'] as const)
      sums[side].push((sums[side].at(-1) ?? 0) + part[side]);
  const y = (share: number) => (height - 1 - share * (height - 6)).toFixed(1);
  const x = (at: number) => ((at / parts.length) * width).toFixed(1);
  const points = (side: 'reference' | 'current') =>
    sums[side].map((share, at) => `${x(at)},${y(share)}`).join(' ');
  const gap = (at: number) => Math.abs((sums.reference[at] ?? 0) - (sums.current[at] ?? 0));
  const widest = sums.reference.reduce((best, _, at) => (gap(at) > gap(best) ? at : best), 0);
  return (
    <>
      <line
        x1={x(widest)}
        x2={x(widest)}
        y1={y(sums.reference[widest] ?? 0)}
        y2={y(sums.current[widest] ?? 0)}
        className={styles.gap}
      />
      <polyline points={points('reference')} className={styles.referenceLine} />
      <polyline points={points('current')} className={styles.line} />
    </>
  );
}

/** Categories, each with a bar for either side. */
function Shares({ parts }: { parts: readonly Part[] }) {
  const shown = parts
    .toSorted((a, b) => Math.max(b.reference, b.current) - Math.max(a.reference, a.current))
    .slice(0, barsAtMost);
  const most = Math.max(...shown.map(({ reference, current }) => Math.max(reference, current)), 1e-9);
  return (
    <>
      <Key />
      <table className={`${tables.table} ${styles.bars}`}>
        <thead className="sr-only">
          <tr>
            <th scope="col">Value</th>
            <th scope="col">Reference and current share</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ label, reference, current }) => (
            <tr key={label}>
              <th scope="row" title={label}>
                {label}
              </th>
              <td>
                <span className={styles.barOfReference} style={{ width: `${(reference / most) * 100}px` }} />
                {percent(reference)}
                <br />
                <span className={styles.barOfCurrent} style={{ width: `${(current / most) * 100}px` }} />
                {percent(current)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < parts.length ? (
        <p className={tables.quiet}>
          The {shown.length} most frequent of {parts.length}
        </p>
      ) : null}
    </>
  );
}

function PartTable({ parts }: { parts: readonly Part[] }) {
  return (
    <details className={styles.details}>
      <summary>As a table</summary>
      <table className={tables.table}>
        <TableHead columns={['Values', ...numbers('Reference', 'Current')]} />
        <tbody>
          {parts.map(({ label, reference, current }, at) => (
            <tr key={at}>
              <th scope="row">{label}</th>
              <td className={tables.number}>{percent(reference)}</td>
              <td className={tables.number}>{percent(current)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
