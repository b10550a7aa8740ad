import type Database from 'better-sqlite3';
import {
  importanceOfColumn,
  weightForModel,
  type ColumnHistory,
  type JudgedChunk,
  type ModelImportance,
  type MonitorResults,
} from '../../contract/index.ts';
import { columnCells, judgedChunks, type ColumnCell } from './chunk-rows.ts';
import { alarmText } from './follow-incident.ts';
import { graverFirst, gravestChunk } from './gravity.ts';

/** More are not shown side by side. */
const chunksShown = 500;

/** What a monitor found: chunks in their order, and each column over them. @param importance of the columns to its model; null where that is not known */
export function monitorResults(
  db: Database.Database,
  monitorId: string,
  importance: ModelImportance | null,
): MonitorResults {
  const all = judgedChunks(db, monitorId);
  const chunks = all.slice(-chunksShown);
  const cells = columnCells(
    db,
    chunks.map(({ id }) => id),
  );
  return {
    about: aboutChunks(chunks),
    chunks,
    chunkCount: all.length,
    columns: historiesOf(chunks, cells, importance),
    importance,
    gravestChunkId: gravestChunk(chunks)?.id ?? null,
  };
}

function historiesOf(
  chunks: readonly JudgedChunk[],
  cells: readonly ColumnCell[],
  importance: ModelImportance | null,
): ColumnHistory[] {
  const places = new Map(chunks.map(({ id }, at) => [id, at]));
  const byName = new Map<string, ColumnHistory>();
  for (const { chunkId, name, panel, verdict, isAlarm, moved, size } of cells) {
    const history = byName.get(name) ?? {
      name,
      panel,
      cells: chunks.map(() => null),
      alarmCount: 0,
      mostMoved: null,
      importance: importance === null ? null : importanceOfColumn(importance, name),
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
  const forModel = (column: ColumnHistory) => weightForModel(column.mostMoved ?? 0, column.importance);
  return [...byName.values()].toSorted(
    (a, b) =>
      (importance === null
        ? 0
        : Number(b.alarmCount > 0) - Number(a.alarmCount > 0) || forModel(b) - forModel(a)) ||
      b.alarmCount - a.alarmCount ||
      (b.mostMoved ?? -1) - (a.mostMoved ?? -1) ||
      (a.name < b.name ? -1 : 1),
  );
}

/** How many chunks alarm, and what is gravest in the gravest of them. */
export function aboutChunks(chunks: readonly JudgedChunk[]): string {
  if (chunks.length === 0) return 'Nothing has been judged yet.';
  const alarmedCount = chunks.filter(({ alarms }) => alarms.length > 0).length;
  const counted = chunks.length === 1 ? '1 chunk' : `${chunks.length} chunks`;
  const gravest = gravestChunk(chunks);
  if (gravest === null) return `None of ${counted} alarms.${outcomeOf(chunks, null)}`;
  const [alarm] = gravest.alarms.toSorted(graverFirst);
  const told = alarm === undefined ? '' : `, most of all ${alarmText(alarm, gravest.label)}`;
  return `${alarmedCount} of ${counted} ${alarmedCount === 1 ? 'alarms' : 'alarm'}${told}.${outcomeOf(chunks, gravest)}`;
}

/** Whether the model suffers: in the chunks in which it does, else in the gravest one. Empty where that is not watched. */
function outcomeOf(chunks: readonly JudgedChunk[], gravest: JudgedChunk | null): string {
  const watched = chunks.filter(({ performance }) => performance !== null);
  if (watched.length === 0) return '';
  const worse = watched.filter(({ performance }) => performance?.verdict === 'worse');
  if (worse.length > 0) return ` The model suffers in ${worse.map(({ label }) => label).join(', ')}.`;
  const held = watched.filter(({ performance }) => performance?.verdict === 'as-before').length;
  if (held === 0) return ' There are too few answers to say whether the model suffers.';
  const told =
    gravest?.performance?.verdict === 'as-before' ? ` ${gravest.label}: ${gravest.performance.about}.` : '';
  return ` The model suffers in none of ${held === 1 ? '1 chunk' : `${held} chunks`}.${told}`;
}
