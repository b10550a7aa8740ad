import type { PlotLine } from './plot-line.ts';

/** All points as recorded, one a row, as CSV (RFC 4180): `line,step,time,value`, times as ISO 8601 UTC; `low,high` too where a line has a band. */
export function chartCsv(lines: readonly PlotLine[]): string {
  const hasBand = lines.some((line) => line.band !== null);
  const rows = [`line,step,time,value${hasBand ? ',low,high' : ''}`];
  for (const line of lines) {
    const label = csvCell(line.label);
    for (let at = 0; at < line.raw.length; at++) {
      rows.push(
        `${label},${line.steps[at] ?? ''},${isoTime(line.times[at] ?? Number.NaN)},${line.raw[at] ?? ''}${hasBand ? `,${line.band?.low[at] ?? ''},${line.band?.high[at] ?? ''}` : ''}`,
      );
    }
  }
  return `${rows.join('\r\n')}\r\n`;
}

/** A time as ISO 8601, or nothing where there is none. */
export function isoTime(timeMs: number): string {
  return Number.isFinite(timeMs) && Math.abs(timeMs) <= 8.64e15 ? new Date(timeMs).toISOString() : '';
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
