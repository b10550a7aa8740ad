import { metricDirection, type ModelVersion } from '../../../contract/index.ts';
import { formatNumber } from '../../ui/format-number.ts';
import { numbers, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { isSystemSeries } from '../tracking/index.ts';
import styles from './models.module.css';
import { useRunsOf } from './use-models.ts';

const shown = 8;

/** The last metrics of the runs behind two versions beside each other; of one alone where there is no other. */
export function MetricDeltas({ before, after }: { before: ModelVersion | undefined; after: ModelVersion }) {
  const isAlone = before === undefined || before.version === after.version;
  const runs = useRunsOf(isAlone ? [after] : [before, after]);
  const lastOf = (version: ModelVersion | undefined) =>
    version?.runId === null || version === undefined ? {} : (runs.get(version.runId)?.metrics ?? {});
  const now = lastOf(after);
  const then = isAlone ? {} : lastOf(before);
  const names = Object.keys(now).filter((name) => !isSystemSeries(name));
  if (names.length === 0)
    return <p className={tables.quiet}>No run is known for it, so there are no metrics to go by.</p>;
  return (
    <div className={tables.sideways} tabIndex={0} role="region" aria-label="Metrics of the runs behind them">
      <table className={tables.table}>
        <TableHead
          columns={[
            'Metric',
            ...numbers(
              ...(isAlone ? [] : [`version ${before.version}`]),
              `version ${after.version}`,
              ...(isAlone ? [] : ['Change']),
            ),
          ]}
        />
        <tbody>
          {names.slice(0, shown).map((name) => {
            const value = now[name]?.last;
            const old = then[name]?.last;
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                {isAlone ? null : (
                  <td className={tables.number}>{old === undefined ? '–' : formatNumber(old)}</td>
                )}
                <td className={tables.number}>{value === undefined ? '–' : formatNumber(value)}</td>
                {isAlone ? null : (
                  <td className={tables.number}>
                    {value === undefined || old === undefined ? '–' : <Change name={name} by={value - old} />}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {names.length > shown ? (
        <p className={tables.about}>
          Showing {shown} of {names.length}; the run has them all.
        </p>
      ) : null}
    </div>
  );
}

function Change({ name, by }: { name: string; by: number }) {
  const direction = metricDirection(name);
  const word =
    by === 0 || direction === null ? '' : by > 0 === (direction === 'higher') ? ' better' : ' worse';
  return (
    <span className={word === ' better' ? styles.better : undefined}>
      {by > 0 ? '+' : ''}
      {formatNumber(by)}
      {word}
    </span>
  );
}
