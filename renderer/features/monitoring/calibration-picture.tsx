import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { calibrationText, type JudgedChunk, type Reliability } from '../../../contract/index.ts';
import { numbers, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import styles from './calibration-picture.module.css';
import { percentText } from './monitor-texts.ts';

const size = 200;
const at = (share: number): number => share * size;

/** Whether the probabilities keep what they promise: what was told beside what came true, of the reference and of a chunk with labels. */
export function CalibrationPicture({
  chunks,
  telling,
}: {
  chunks: readonly JudgedChunk[];
  /** What the panel speaks of; it is shown first where it has labels. */
  telling: JudgedChunk | undefined;
}) {
  const labelled = chunks.filter(({ performance }) => (performance?.calibration.current.rowCount ?? 0) > 0);
  const [chosen, setChosen] = useState<string | null>(null);
  const chunk =
    labelled.find(({ label }) => label === chosen) ??
    labelled.find(({ id }) => id === telling?.id) ??
    labelled.at(-1);
  const calibration = (chunk ?? telling)?.performance?.calibration;
  if (calibration === undefined) return null;
  const { reference, current } = calibration;
  return (
    <section aria-labelledby="calibration">
      <h3 id="calibration" className={styles.head}>
        Calibration
        {chunk === undefined ? null : (
          <NativeSelect
            size="xs"
            aria-label="Chunk of the calibration"
            data={labelled.map(({ label }) => label)}
            value={chunk.label}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )}
        <span className={styles.key} data-of="reference">
          reference
        </span>
        <span className={styles.key} data-of="current">
          by labels, with 95 % intervals
        </span>
      </h3>
      <p className={styles.words}>{calibrationText(calibration)}</p>
      <div className={styles.beside}>
        <svg
          viewBox={`-6 -6 ${size + 12} ${size + 12}`}
          className={styles.picture}
          role="img"
          aria-label="Probability that was told, and share that came true; the table beside it has its numbers"
        >
          <rect width={size} height={size} className={styles.ground} />
          <line x1={0} y1={size} x2={size} y2={0} className={styles.honest} />
          {reference.bins.map(({ from, told, cameTrue }) => (
            <rect
              key={from}
              x={at(told) - 3}
              y={size - at(cameTrue) - 3}
              width={6}
              height={6}
              className={styles.reference}
            />
          ))}
          {current.bins.map(({ from, told, cameTrue, low, high }) => (
            <g key={from} className={styles.current}>
              <line x1={at(told)} x2={at(told)} y1={size - at(low)} y2={size - at(high)} />
              <circle cx={at(told)} cy={size - at(cameTrue)} r={3} />
            </g>
          ))}
        </svg>
        <BinTable reference={reference} current={current} />
      </div>
    </section>
  );
}

function BinTable({ reference, current }: { reference: Reliability; current: Reliability }) {
  const starts = [...new Set([...reference.bins, ...current.bins].map(({ from }) => from))].toSorted(
    (a, b) => a - b,
  );
  const bin = (side: Reliability, from: number) => side.bins.find((each) => each.from === from);
  return (
    <table className={tables.table} aria-labelledby="calibration">
      <TableHead columns={['Told', ...numbers('Reference', 'Came true', 'By labels', 'Came true')]} />
      <tbody>
        {starts.map((from) => {
          const [then, now] = [bin(reference, from), bin(current, from)];
          return (
            <tr key={from}>
              <th scope="row">
                {Math.round(from * 100)}–{Math.round(from * 100) + 10} %
              </th>
              <td className={tables.number}>{then?.count.toLocaleString('en-US') ?? ''}</td>
              <td className={tables.number}>{then === undefined ? '' : percentText(then.cameTrue)}</td>
              <td className={tables.number}>{now?.count.toLocaleString('en-US') ?? ''}</td>
              <td className={tables.number}>
                {now === undefined
                  ? ''
                  : `${percentText(now.cameTrue)} (${percentText(now.low)}–${percentText(now.high)})`}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
