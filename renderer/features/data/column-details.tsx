import { columnWarningText, type ColumnProfile } from '../../../contract/index.ts';
import { formatCount, formatNumber } from '../../ui/format-number.ts';
import styles from './profile.module.css';

const weekdays = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const months = ['J', 'F', 'M', 'A', 'M', 'J', 'J', 'A', 'S', 'O', 'N', 'D'];
const percents = ['5 %', '25 %', 'median', '75 %', '95 %'];

/** All that is known of one column. */
export function ColumnDetails({ column, rowCount }: { column: ColumnProfile; rowCount: number }) {
  const { rule, quantiles, top, lengths, mixed, days, warnings } = column;
  return (
    <div className={styles.about}>
      <dl>
        <dt>Type</dt>
        <dd>{column.type.toLowerCase()}</dd>
        <dt>By</dt>
        <dd>{rule}</dd>
        {warnings.map((warning) => (
          <FactRow key={warning} name="Look at" value={columnWarningText(warning)} />
        ))}
        {mixed === null ? null : (
          <>
            <FactRow name="Read as numbers" value={shareText(mixed.numbers)} />
            <FactRow name="Read as times" value={shareText(mixed.times)} />
          </>
        )}
        {lengths === null ? null : (
          <FactRow
            name="Characters"
            value={`${formatCount(lengths.min)} to ${formatCount(lengths.max)}, ${formatNumber(lengths.mean)} on average`}
          />
        )}
      </dl>
      {quantiles === null ? null : (
        <dl>
          {quantiles.map((value, at) => (
            <FactRow key={percents[at]} name={percents[at] ?? ''} value={formatNumber(value)} />
          ))}
        </dl>
      )}
      {top.length === 0 ? null : (
        <dl>
          {top.map(({ value, count }) => (
            <FactRow
              key={value}
              name={value.length > 40 ? `${value.slice(0, 39)}…` : value}
              value={`${formatCount(count)} (${shareText(count / rowCount)})`}
            />
          ))}
        </dl>
      )}
      {days === null ? null : (
        <>
          <dl>
            <FactRow name="Days from the first to the last" value={formatCount(days.spanDays)} />
            <FactRow name="Days without a row" value={formatCount(days.withoutRows)} />
            {days.longestGap === null ? null : (
              <FactRow
                name="Longest gap"
                value={`${formatCount(days.longestGap.days)} days from ${days.longestGap.from}`}
              />
            )}
          </dl>
          <Bars label="Rows by weekday" names={weekdays} counts={days.byWeekday} />
          <Bars label="Rows by month" names={months} counts={days.byMonth} />
        </>
      )}
    </div>
  );
}

function FactRow({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

const tallestPx = 40;

function Bars({
  label,
  names,
  counts,
}: {
  label: string;
  names: readonly string[];
  counts: readonly number[];
}) {
  const most = Math.max(...counts, 1);
  return (
    <ul className={styles.bars} aria-label={label}>
      {counts.map((count, at) => (
        <li key={at} title={`${names[at]}: ${formatCount(count)}`}>
          <span style={{ height: (count / most) * tallestPx }} />
          {names[at]}
          <span className="sr-only">: {formatCount(count)} rows</span>
        </li>
      ))}
    </ul>
  );
}

const shareText = (share: number): string => `${formatNumber(share * 100)} %`;
