import { Fragment, useState } from 'react';
import { columnWarningText, type ColumnProfile, type TableProfile } from '../../../contract/index.ts';
import { formatCount, formatNumber } from '../../ui/format-number.ts';
import { numbers, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { ColumnDetails } from './column-details.tsx';
import { ColumnPicture } from './column-picture.tsx';
import { CorrelationTable } from './correlation-table.tsx';
import styles from './profile.module.css';

/** The columns of a table, each summed up; one that is opened tells all that is known of it. */
export function ProfileView({ profile }: { profile: TableProfile }) {
  const { rowCount, columns, correlations } = profile;
  const [opened, open] = useState<string | null>(null);
  return (
    <>
      <p className={tables.quiet}>{aboutText(profile)}</p>
      <div className={tables.sideways} tabIndex={0} role="region" aria-label="Columns summed up">
        <table className={tables.table}>
          <TableHead
            columns={[
              'Column',
              'Type',
              'Spread',
              ...numbers('Empty', 'Different', 'Least', 'Median', 'Mean', 'Greatest'),
              'Look at',
              'Most frequent',
            ]}
          />
          <tbody>
            {columns.map((column) => (
              <Fragment key={column.name}>
                <ColumnRow
                  column={column}
                  rowCount={rowCount}
                  isOpen={opened === column.name}
                  onOpen={() => open(opened === column.name ? null : column.name)}
                />
                {opened === column.name ? (
                  <tr>
                    <td colSpan={11}>
                      <ColumnDetails column={column} rowCount={rowCount} />
                    </td>
                  </tr>
                ) : null}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      {correlations === null ? null : <CorrelationTable correlations={correlations} />}
    </>
  );
}

function ColumnRow({
  column,
  rowCount,
  isOpen,
  onOpen,
}: {
  column: ColumnProfile;
  rowCount: number;
  isOpen: boolean;
  onOpen: () => void;
}) {
  const { name, type, nullCount, nanCount, distinctCount, isDistinctExact, top, warnings } = column;
  const empty = rowCount === 0 ? 0 : (nullCount + nanCount) / rowCount;
  return (
    <tr>
      <th scope="row">
        <button type="button" className={styles.open} aria-expanded={isOpen} onClick={onOpen}>
          {name}
        </button>
      </th>
      <td title={column.rule}>{type.toLowerCase()}</td>
      <td>
        <ColumnPicture column={column} />
      </td>
      <td
        className={tables.number}
        title={`${formatCount(nullCount)} empty${nanCount === 0 ? '' : `, ${formatCount(nanCount)} NaN`}`}
      >
        {empty === 0 ? (
          '0'
        ) : (
          <>
            <span className={styles.empty} aria-hidden>
              <span style={{ width: `${empty * 100}%` }} />
            </span>
            {formatNumber(empty * 100)} %
          </>
        )}
      </td>
      <td className={tables.number} title={isDistinctExact ? 'counted' : 'estimated'}>
        {isDistinctExact ? '' : '~'}
        {formatCount(distinctCount)}
      </td>
      <td className={tables.number} title={column.min ?? undefined}>
        {extremeText(column.min, type)}
      </td>
      <td className={tables.number}>{numberText(column.quantiles?.[2])}</td>
      <td className={tables.number} title={column.mean === null ? undefined : String(column.mean)}>
        {numberText(column.mean)}
      </td>
      <td className={tables.number} title={column.max ?? undefined}>
        {extremeText(column.max, type)}
      </td>
      <td className={styles.warning}>{warnings.map(columnWarningText).join('; ')}</td>
      <td>
        {top
          .slice(0, 3)
          .map(({ value, count }) => `${signed(cut(value), type)} (${formatCount(count)})`)
          .join(', ')}
      </td>
    </tr>
  );
}

function aboutText({ rowCount, columnCount, columns, sampledRows, duplicateRows }: TableProfile): string {
  return [
    `${formatCount(rowCount)} rows, ${formatCount(columnCount)} columns${columns.length < columnCount ? `, the first ${formatCount(columns.length)} of them summed up` : ''}.`,
    ...(duplicateRows === null || duplicateRows === 0
      ? []
      : [
          `${formatCount(duplicateRows)} ${duplicateRows === 1 ? 'row is' : 'rows are'} the same as an earlier one.`,
        ]),
    ...(sampledRows === null
      ? []
      : [
          `Counts, extremes and means are of all rows; spread and median of ${formatCount(sampledRows)}, evenly spread.`,
        ]),
    ...(columns.some(({ isDistinctExact }) => !isDistinctExact) ? ['~ is an estimate.'] : []),
  ].join(' ');
}

const cut = (text: string | null): string =>
  text === null ? '' : text.length > 24 ? `${text.slice(0, 23)}…` : text;
/** Of numbers with a point as other numbers are shown, of whole ones all digits; the title tells the whole. */
const extremeText = (text: string | null, type: string): string =>
  text !== null && /^(DOUBLE|FLOAT)$/.test(type) ? formatNumber(Number(text)) : signed(cut(text), type);
/** A number that is told as a text, with the sign that others of the table have. */
const signed = (text: string, type: string): string =>
  /INT|DECIMAL/.test(type) ? text.replace('-', '−') : text;
const numberText = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : formatNumber(value);
