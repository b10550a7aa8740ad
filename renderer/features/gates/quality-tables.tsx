import type { Evaluation } from '../../../contract/index.ts';
import { formatCount } from '../../ui/format-number.ts';
import tables from '../../ui/table.module.css';
import { EstimateText, GainWord } from './estimate-text.tsx';
import { extentOf, IntervalBar } from './interval-bar.tsx';
import styles from './gates.module.css';

interface Sides {
  readonly evaluation: Evaluation;
  readonly version: number;
  readonly champion: number | null;
}

/** The metrics of both on the same held-out rows, what decides first. */
export function MetricTable({ evaluation, version, champion }: Sides) {
  const { metrics, metric, rowCount, confidence, unavailable } = evaluation;
  return (
    <>
      <div className={tables.sideways} tabIndex={0} role="region" aria-label="Metrics on held-out rows">
        <table className={tables.table}>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <SideHeads version={version} champion={champion} />
            </tr>
          </thead>
          <tbody>
            {metrics.map(({ name, candidate, champion: other, gain }) => (
              <tr key={name}>
                <th scope="row">
                  {name}
                  {name === metric ? <span className={styles.range}>decides</span> : null}
                </th>
                {champion === null ? null : (
                  <td className={tables.number}>
                    <EstimateText of={other} />
                  </td>
                )}
                <td className={tables.number}>
                  <EstimateText of={candidate} />
                </td>
                {champion === null ? null : <GainCells gain={gain} extent={extentOf([gain])} />}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={tables.about}>
        On {formatCount(rowCount)} rows, with {formatCount(Number((confidence * 100).toPrecision(4)))} %
        intervals; a gain is of the very same rows, and positive is better.
        {unavailable.map(({ name, why }) => ` ${name} cannot be had: ${why}.`)}
      </p>
    </>
  );
}

/** The parts of the rows; the figures are of the metric that decides. */
export function SliceTable({ evaluation, version, champion }: Sides) {
  const { slices, metric } = evaluation;
  const extent = extentOf(slices.map(({ gain }) => gain));
  return (
    <div className={tables.sideways} tabIndex={0} role="region" aria-label="Parts of the rows">
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">Where</th>
            <th scope="col" className={tables.number}>
              Rows
            </th>
            <SideHeads version={version} champion={champion} metric={metric} />
          </tr>
        </thead>
        <tbody>
          {slices.map(({ column, value, rowCount, candidate, champion: other, gain }) => (
            <tr key={`${column}\n${value}`}>
              <th scope="row">
                {column} = {value === '' ? 'empty' : value}
              </th>
              <td className={tables.number}>{formatCount(rowCount)}</td>
              {champion === null ? null : (
                <td className={tables.number}>
                  <EstimateText of={other} />
                </td>
              )}
              <td className={tables.number}>
                {candidate === null ? 'too few rows' : <EstimateText of={candidate} />}
              </td>
              {champion === null ? null : <GainCells gain={gain} extent={extent} />}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SideHeads({
  version,
  champion,
  metric,
}: {
  version: number;
  champion: number | null;
  metric?: string;
}) {
  const of = metric === undefined ? '' : `${metric}, `;
  return (
    <>
      {champion === null ? null : (
        <th scope="col" className={tables.number}>
          {of}version {champion}
        </th>
      )}
      <th scope="col" className={tables.number}>
        {of}version {version}
      </th>
      {champion === null ? null : (
        <>
          <th scope="col" className={tables.number}>
            Gain
          </th>
          <th scope="col">
            <span className="sr-only">Drawn</span>
          </th>
          <th scope="col">So it is</th>
        </>
      )}
    </>
  );
}

function GainCells({ gain, extent }: { gain: Evaluation['slices'][number]['gain']; extent: number }) {
  return (
    <>
      <td className={tables.number}>
        <EstimateText of={gain} isGain />
      </td>
      <td>{gain === null ? null : <IntervalBar of={gain} extent={extent} />}</td>
      <td>
        <GainWord of={gain} />
      </td>
    </>
  );
}
