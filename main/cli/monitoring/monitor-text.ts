import {
  importanceCell,
  importanceText,
  labelsText,
  type Incident,
  type Monitor,
  type MonitorResults,
} from '../../../contract/index.ts';
import { durationText } from '../duration-text.ts';
import { textColumns } from '../text-columns.ts';

/** Monitors as lines: what they found, and when they run next. */
export function monitorLines(monitors: readonly Monitor[], now: number): string[] {
  const rows = monitors.map((monitor) => [
    monitor.name,
    stateText(monitor),
    monitor.chunkCount === 0 ? '' : `${monitor.alarmedCount} of ${monitor.chunkCount} chunks`,
    nextText(monitor, now),
    monitor.source.path,
    monitor.openIncident?.about ?? '',
  ]);
  return textColumns([['monitor', 'state', 'alarmed', 'next', 'source', 'what'], ...rows]);
}

function stateText({ isRunning, problem, lastRun, openIncident, chunkCount }: Monitor): string {
  const trouble = problem ?? lastRun?.problem ?? null;
  if (isRunning) return 'running';
  if (trouble !== null) return `cannot run: ${trouble}`;
  if (openIncident !== null) return `incident, ${openIncident.severity}`;
  return chunkCount === 0 ? 'not run yet' : 'quiet';
}

function nextText({ nextAt, schedule }: Monitor, now: number): string {
  if (nextAt !== null) return `in ${durationText(Math.max(0, nextAt - now))}`;
  return schedule === null ? 'by hand' : 'when data change';
}

/** An incident as one line. */
export const incidentLine = ({
  id,
  firstChunk,
  lastChunk,
  severity,
  closedAt,
  closedBy,
  about,
}: Incident): string =>
  [
    `incident ${id}`,
    firstChunk === lastChunk ? firstChunk : `${firstChunk} to ${lastChunk}`,
    severity,
    closedAt === null ? 'open' : closedBy === 'person' ? 'closed' : 'over',
    about,
  ].join('  ');

const columnsShown = 20;

/** What a monitor found, as lines: its chunks, then its columns, then its incidents. */
export function resultLines(
  { about, chunks, chunkCount, columns, importance }: MonitorResults,
  incidents: readonly Incident[],
): string[] {
  return [
    about,
    '',
    ...textColumns([
      ['chunk', 'verdict', 'rows', 'empty', 'input', 'output', 'model', 'labels', 'gravest'],
      ...chunks.map(({ label, verdict, rowCount, missingShare, counts, alarms, performance }) => [
        label,
        verdict.replaceAll('-', ' '),
        rowCount === null ? '' : rowCount.toLocaleString('en-US'),
        missingShare === null ? '' : percent(missingShare),
        `${counts.input.alarms} of ${counts.input.columns}`,
        counts.output.columns === 0 ? '' : counts.output.alarms === 0 ? 'quiet' : 'alarm',
        performance === null ? '' : performance.verdict.replaceAll('-', ' '),
        performance === null ? '' : labelsText(performance.labels),
        alarms[0] === undefined ? '' : `${alarms[0].column ?? ''} ${alarms[0].about}`.trim(),
      ]),
    ]),
    ...(chunks.length < chunkCount ? [`the latest ${chunks.length} of ${chunkCount}`] : []),
    '',
    ...textColumns([
      ['column', 'panel', 'alarms', 'moved most', ...(importance === null ? [] : ['importance'])],
      ...columns
        .slice(0, columnsShown)
        .map((column) => [
          column.name,
          column.panel,
          String(column.alarmCount),
          column.mostMoved === null ? 'not compared' : percent(column.mostMoved),
          ...(importance === null
            ? []
            : [column.panel === 'output' ? '' : importanceCell(column.importance)]),
        ]),
    ]),
    ...(importance === null ? [] : [importanceText(importance)]),
    ...(columns.length > columnsShown ? [`the first ${columnsShown} of ${columns.length}`] : []),
    ...(incidents.length === 0 ? [] : ['', ...incidents.map(incidentLine)]),
  ];
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
