import {
  importanceCell,
  importanceText,
  labelsText,
  type ColumnHistory,
  type DriftColumn,
  type Incident,
  type JudgedChunk,
  type Monitor,
  type MonitorResults,
} from '../../contract/index.ts';
import { calibrationPart } from './calibration-page.ts';
import { reportStyle } from './report-style.ts';

/** So many columns are shown in full, those that alarm most often first. */
const columnsInFull = 12;

/**
 * What a monitor found as one HTML page: the verdict, panels over time, columns × chunks, incidents, and the distributions of the
 * columns that alarm, each in the chunk in which most rows moved. No script, and nothing from elsewhere.
 */
export function reportPage({
  monitor,
  results,
  incidents,
  columnOf,
  at,
}: {
  monitor: Monitor;
  results: MonitorResults;
  incidents: readonly Incident[];
  /** One column of a chunk in full. */
  columnOf: (chunkId: number, name: string) => DriftColumn;
  /** When the report is made, ms UTC. */
  at: number;
}): string {
  const { chunks, columns } = results;
  const inFull = columns.filter(({ alarmCount }) => alarmCount > 0).slice(0, columnsInFull);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(monitor.name)}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<h1>${escaped(monitor.name)}</h1>
<p class="about">${escaped(results.about)}</p>
<p class="quiet">${escaped(placesText(monitor))} · made ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC</p>
${chunks.length === 0 ? '' : chunkTable(chunks) + calibrationPart(chunks, escaped) + heatMap(results) + incidentTable(incidents)}
${inFull.length === 0 ? '' : `<h2>What changed</h2>\n${inFull.map((column) => columnInFull(column, chunks, columnOf)).join('\n')}`}
</main>
</body>
</html>
`;
}

function placesText({ reference, source }: Monitor): string {
  const of =
    reference.kind === 'file'
      ? [
          reference.path,
          reference.from === null ? '' : `from ${reference.from}`,
          reference.before === null ? '' : `before ${reference.before}`,
        ]
          .filter((part) => part !== '')
          .join(' ')
      : `${reference.path === '' ? 'the data' : reference.path} of version ${reference.version.slice(0, 12)}`;
  return `${source.path} against ${of}`;
}

function chunkTable(chunks: readonly JudgedChunk[]): string {
  const rows = chunks.map(
    (chunk) => `<tr><th scope="row">${escaped(chunk.label)}</th><td>${chunk.verdict.replaceAll('-', ' ')}</td>
<td class="number">${chunk.rowCount === null ? '' : chunk.rowCount.toLocaleString('en-US')}</td>
<td class="number">${percent(chunk.missingShare)}</td>
<td class="number">${chunk.counts.input.alarms} of ${chunk.counts.input.columns}</td>
<td class="number">${chunk.counts.output.columns === 0 ? '' : chunk.counts.output.alarms === 0 ? 'quiet' : 'alarm'}</td>
<td>${escaped(chunk.performance?.verdict.replaceAll('-', ' ') ?? '')}</td><td>${chunk.performance === null ? '' : labelsText(chunk.performance.labels)}</td><td>${escaped(chunk.alarms[0] === undefined ? '' : `${chunk.alarms[0].column ?? ''} ${chunk.alarms[0].about}`.trim())}</td></tr>`,
  );
  return `<h2>Chunks</h2>
<table><thead><tr><th>Chunk</th><th>Verdict</th><th class="number">Rows</th><th class="number">Empty</th><th class="number">Input</th><th class="number">Output</th><th>Model</th><th>Labels</th><th>Gravest</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`;
}

function heatMap({ chunks, columns, importance }: MonitorResults): string {
  const forModel = (cell: string) => (importance === null ? '' : cell);
  const rows = columns.map(
    ({ name, panel, cells, importance: own }) =>
      `<tr><th scope="row">${escaped(name)}${panel === 'output' ? ' <small>output</small>' : ''}</th>${forModel(`<td class="number">${panel === 'output' ? '' : importanceCell(own)}</td>`)}${cells
        .map((cell) =>
          cell === null
            ? '<td></td>'
            : `<td class="cell ${cell.isAlarm ? `alarm-${cell.size ?? 'small'}` : ''}">${cell.moved === null ? '·' : `${percent(cell.moved)}${cell.isAlarm ? ' !' : ''}`}</td>`,
        )
        .join('')}</tr>`,
  );
  return `<h2>Columns over time</h2>
<p class="quiet">The share of rows that moved; ! where that is an alarm.${importance === null ? '' : ` ${escaped(importanceText(importance))}.`}</p>
<div class="sideways"><table><thead><tr><th></th>${forModel('<th class="number">Importance</th>')}${chunks.map(({ label }) => `<th class="number">${escaped(label)}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`;
}

function incidentTable(incidents: readonly Incident[]): string {
  if (incidents.length === 0) return '<h2>Incidents</h2><p>None.</p>';
  const rows = incidents.map(
    ({ firstChunk, lastChunk, severity, about, closedAt, closedBy, note }) =>
      `<tr><th scope="row">${escaped(firstChunk === lastChunk ? firstChunk : `${firstChunk} to ${lastChunk}`)}</th><td>${severity}</td>
<td>${closedAt === null ? 'open' : closedBy === 'person' ? 'closed' : 'over'}</td><td>${escaped(about)}</td><td>${escaped(note)}</td></tr>`,
  );
  return `<h2>Incidents</h2>
<table><thead><tr><th>Chunks</th><th>Severity</th><th>State</th><th>Gravest</th><th>Note</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function columnInFull(
  { name, cells }: ColumnHistory,
  chunks: readonly JudgedChunk[],
  columnOf: (chunkId: number, name: string) => DriftColumn,
): string {
  const most = cells.reduce<number>((best, cell, at) => {
    const now = cells[best];
    return cell?.isAlarm === true && (now?.isAlarm !== true || (cell.moved ?? 0) > (now.moved ?? 0))
      ? at
      : best;
  }, 0);
  const chunk = chunks[most];
  if (chunk === undefined) return '';
  const { about, bins, test } = columnOf(chunk.id, name);
  const head = `<h3>${escaped(name)} <small>${escaped(chunk.label)}</small></h3><p>${escaped(about)}${
    test === null
      ? ''
      : ` <span class="quiet">${escaped(test.name)}, adjusted p ${test.adjustedP.toPrecision(2)}</span>`
  }</p>`;
  if (bins === null) return head;
  const sums = [bins.reference, bins.current].map((side) => side.reduce((sum, each) => sum + each, 0) || 1);
  const shares = bins.reference.map((count, at) => ({
    label: bins.labels[at] ?? 'more',
    reference: count / (sums[0] ?? 1),
    current: (bins.current[at] ?? 0) / (sums[1] ?? 1),
  }));
  const isNumbers = bins.reference.length > bins.labels.length;
  const bar = (share: number, side: string) =>
    `<i class="${side}" style="width:${(share * 300).toFixed(1)}px"></i>${percent(share)}`;
  return `${head}<table class="bins"><thead><tr><th></th><th>Reference</th><th>This chunk</th></tr></thead><tbody>${shares
    .map(
      ({ label, reference, current }) =>
        `<tr><th scope="row">${isNumbers && label !== 'more' ? 'to ' : ''}${escaped(label)}</th><td>${bar(reference, 'reference')}</td><td>${bar(current, 'current')}</td></tr>`,
    )
    .join('')}</tbody></table>`;
}

const percent = (share: number | null): string => (share === null ? '' : `${(share * 100).toFixed(1)} %`);

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
