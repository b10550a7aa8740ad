import { axisName } from './chart-description.ts';
import type { ChartAxis, Range } from './chart-series.ts';
import { formatStep, formatX } from './format-value.ts';
import type { PlotLine } from './plot-line.ts';
import classes from './series-chart.module.css';

const rowLimit = 200;

/** The points in view as a table: the chart for those who read rather than look. */
export function ChartTable({
  title,
  lines,
  axis,
  x,
}: {
  title: string;
  lines: readonly PlotLine[];
  axis: ChartAxis;
  x: Range;
}) {
  const { rows, total } = tableRows(lines, x, rowLimit);
  const count =
    total > rows.length
      ? `first ${rows.length} of ${total} points`
      : total === 1
        ? '1 point'
        : `${total} points`;
  return (
    // Scrollable, hence in the tab order: without a pointer there is no other way to scroll it.
    <section className={classes.table} aria-label={`${title} as a table`} tabIndex={0}>
      <table>
        <caption>{count}</caption>
        <thead>
          <tr>
            <th scope="col">line</th>
            <th scope="col">{axisName(axis)}</th>
            {axis !== 'step' && <th scope="col">step</th>}
            <th scope="col">value</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ line, at }) => (
            <tr key={`${line.id} ${at}`}>
              <th scope="row">{line.label}</th>
              <td>
                {axis === 'step' ? formatStep(line.xs[at] ?? 0) : formatX(line.xs[at] ?? 0, axis, 600_000)}
              </td>
              {axis !== 'step' && <td>{formatStep(line.steps[at] ?? 0)}</td>}
              <td>{String(line.raw[at])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The first points within a range, line after line, and how many there are in all. */
export function tableRows(
  lines: readonly PlotLine[],
  x: Range,
  limit: number,
): { rows: { line: PlotLine; at: number }[]; total: number } {
  const rows: { line: PlotLine; at: number }[] = [];
  let total = 0;
  for (const line of lines) {
    for (let at = 0; at < line.xs.length; at++) {
      const place = line.xs[at] ?? Number.NaN;
      if (place < x[0] || place > x[1]) continue;
      total++;
      if (rows.length < limit) rows.push({ line, at });
    }
  }
  return { rows, total };
}
