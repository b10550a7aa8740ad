import { memo } from 'react';
import type { Run, SeriesView } from '../../../contract/index.ts';
import { ElapsedTime } from '../../ui/elapsed-time.tsx';
import { formatNumber } from '../../ui/format-number.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Sparkline } from '../../ui/series-chart/sparkline.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { metricDirection } from '../../../contract/index.ts';
import { metricCell, type RunColumn } from './run-columns.ts';
import { shownTags } from './run-tags.ts';
import styles from './runs-table.module.css';

const commandText = (run: Run) => run.command.join(' ');
const trendInsetPx = 16;

/** What a column says of a run; metrics also how far they are from the baseline's. */
export const RunCell = memo(function RunCell({
  column,
  run,
  widthPx,
  trend,
  colourIndex,
  baseline,
}: {
  column: RunColumn;
  run: Run;
  widthPx: number;
  trend: SeriesView | undefined;
  colourIndex: number | undefined;
  baseline: Run | null;
}) {
  if (column.metric !== undefined) return <Metric column={column} run={run} baseline={baseline} />;
  const dot = column.id.indexOf('.');
  const key = column.id.slice(dot + 1);
  switch (dot < 0 ? column.id : column.id.slice(0, dot)) {
    case 'status':
      return <StatusMark status={run.status} />;
    case 'created':
      return <RelativeTime at={run.startedAt ?? run.createdAt} />;
    case 'duration':
      return <ElapsedTime {...run} />;
    case 'note':
      return <Text text={run.note} />;
    case 'source':
      return <Text text={run.source} />;
    case 'experiment':
      return <Text text={run.experimentId} />;
    case 'command':
      return <Text text={commandText(run)} isCode />;
    case 'id':
      return <Text text={run.id} isCode />;
    case 'tags':
      return dot >= 0 ? <Text text={run.tags[key]} /> : <Tags run={run} />;
    case 'trend':
      if (trend === undefined) return null;
      return (
        <span className={colourIndex === undefined ? styles.quietTrend : undefined}>
          <Sparkline
            label={key}
            xs={trend.steps}
            values={trend.values}
            colourIndex={colourIndex ?? 0}
            width={widthPx - trendInsetPx}
            height={18}
          />
        </span>
      );
    default: {
      const isSame = baseline !== null && baseline.id !== run.id && baseline.params[key] === run.params[key];
      return <Text text={run.params[key]} isQuiet={isSame} />;
    }
  }
});

function Text({ text, isCode, isQuiet }: { text: string | undefined; isCode?: boolean; isQuiet?: boolean }) {
  if (text === undefined || text === '') return null;
  return (
    <span className={styles.text} title={text} data-quiet={isQuiet ? true : undefined}>
      {isCode ? <code>{text}</code> : text}
    </span>
  );
}

function Tags({ run }: { run: Run }) {
  const tags = shownTags(run);
  if (tags.length === 0) return null;
  return (
    <span className={styles.text} title={tags.map(([name, value]) => `${name}: ${value}`).join('\n')}>
      {tags.map(([name, value]) => (
        <span key={name} className={styles.tag}>
          {value === '' || value === 'true' ? name : value}
        </span>
      ))}
    </span>
  );
}

const named = { last: 'last', min: 'least', max: 'greatest' } as const;

function Metric({ column, run, baseline }: { column: RunColumn; run: Run; baseline: Run | null }) {
  const { metric } = column;
  const value = metricCell(column, run);
  if (metric === undefined || value === undefined) return null;
  const summary = run.metrics[metric.key];
  const where = metric.of === 'last' ? ` at step ${summary?.lastStep ?? 0}` : '';
  const guessed = summary?.isGuessed === true ? ', read from the output' : '';
  const compared = baseline === null ? undefined : metricCell(column, baseline);
  const isBaseline = baseline?.id === run.id;
  return (
    <>
      <span title={`${metric.key} ${named[metric.of]} ${String(value)}${where}${guessed}`}>
        {formatNumber(value)}
      </span>
      {compared === undefined || isBaseline ? null : (
        <Delta metric={metric.key} value={value} baseline={compared} />
      )}
    </>
  );
}

/** Three digits are enough for a difference beside its value. */
function shortChange(change: number): string {
  const rounded = Number(change.toPrecision(3));
  const size = Math.abs(rounded);
  const text = size >= 1e5 || size < 1e-3 ? rounded.toExponential().replace('e+', 'e') : String(rounded);
  return `${change > 0 ? '+' : ''}${text.replaceAll('-', '−')}`;
}

/** The way from the baseline's value, with a mark for better or worse where the metric's name says which that is. */
function Delta({ metric, value, baseline }: { metric: string; value: number; baseline: number }) {
  const change = value - baseline;
  if (!Number.isFinite(change)) return <span className={styles.delta} />;
  const direction = metricDirection(metric);
  const better = change === 0 || direction === null ? null : change < 0 === (direction === 'lower');
  const told = better === null ? '' : better ? ', better' : ', worse';
  const share = baseline === 0 ? '' : ` (${((100 * change) / Math.abs(baseline)).toFixed(1)} %)`;
  return (
    <span
      className={styles.delta}
      data-better={better ?? undefined}
      title={`${change > 0 ? '+' : ''}${String(change)}${share} against the baseline${told}`}
    >
      {change === 0 ? '=' : shortChange(change)}
    </span>
  );
}
