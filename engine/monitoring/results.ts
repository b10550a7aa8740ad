import type Database from 'better-sqlite3';
import type { ColumnHistory, JudgedChunk, MonitorResults } from '../../contract/index.ts';
import { columnCells, judgedChunks, type ColumnCell } from './chunk-rows.ts';
import { alarmText } from './follow-incident.ts';
import { graverFirst } from './judge-chunk.ts';

/** More are not shown side by side. */
const chunksShown = 500;

/** What a monitor found: chunks in their order, and each column over them. */
export function monitorResults(db: Database.Database, monitorId: string): MonitorResults {
  const all = judgedChunks(db, monitorId);
  const chunks = all.slice(-chunksShown);
  const cells = columnCells(
    db,
    chunks.map(({ id }) => id),
  );
  return { about: aboutChunks(chunks), chunks, chunkCount: all.length, columns: historiesOf(chunks, cells) };
}

function historiesOf(chunks: readonly JudgedChunk[], cells: readonly ColumnCell[]): ColumnHistory[] {
  const places = new Map(chunks.map(({ id }, at) => [id, at]));
  const byName = new Map<string, ColumnHistory>();
  for (const { chunkId, name, panel, verdict, isAlarm, moved, size } of cells) {
    const history = byName.get(name) ?? {
      name,
      panel,
      cells: chunks.map(() => null),
      alarmCount: 0,
      mostMoved: null,
    };
    const at = places.get(chunkId);
    if (at !== undefined) history.cells[at] = { verdict, isAlarm: isAlarm === 1, moved, size };
    byName.set(name, {
      ...history,
      panel,
      alarmCount: history.alarmCount + isAlarm,
      mostMoved: moved === null ? history.mostMoved : Math.max(moved, history.mostMoved ?? 0),
    });
  }
  return [...byName.values()].toSorted(
    (a, b) =>
      b.alarmCount - a.alarmCount || (b.mostMoved ?? -1) - (a.mostMoved ?? -1) || (a.name < b.name ? -1 : 1),
  );
}

/** How many chunks alarm, and what is gravest in the one in which most columns do. */
export function aboutChunks(chunks: readonly JudgedChunk[]): string {
  if (chunks.length === 0) return 'Nothing has been judged yet.';
  const alarmed = chunks.filter(({ alarms }) => alarms.length > 0);
  const counted = chunks.length === 1 ? '1 chunk' : `${chunks.length} chunks`;
  const [first, ...more] = alarmed;
  if (first === undefined) return `None of ${counted} alarms.`;
  const gravest = more.reduce((a, b) => (weightOf(b) > weightOf(a) ? b : a), first);
  const [alarm] = gravest.alarms.toSorted(graverFirst);
  const told = alarm === undefined ? '' : `, most of all ${alarmText(alarm, gravest.label)}`;
  return `${alarmed.length} of ${counted} ${alarmed.length === 1 ? 'alarms' : 'alarm'}${told}.`;
}

/** What could not be read weighs most, then how many rows moved over all columns. */
const weightOf = ({ alarms }: JudgedChunk): number =>
  alarms.reduce((sum, { moved }) => sum + (moved ?? 1), 0);
