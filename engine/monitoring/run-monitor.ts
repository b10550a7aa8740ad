import type Database from 'better-sqlite3';
import {
  BenchtopError,
  type Incident,
  type JudgedChunk,
  type MonitorSettings,
} from '../../contract/index.ts';
import type { AnswerColumns, Data } from '../data/index.ts';
import type { Store } from '../store/index.ts';
import { addChunk, judgedContents } from './chunk-rows.ts';
import {
  contentKey,
  findChunks,
  findLabels,
  findReference,
  type FoundChunk,
  type FoundLabels,
  type FoundReference,
} from './find-chunks.ts';
import { followIncident, type ToldBefore } from './follow-incident.ts';
import { openIncident, saveIncident } from './incident-rows.ts';
import { failedChunk, judgeChunk, type ChunkFacts, type JudgedColumn } from './judge-chunk.ts';
import type { Listing, MonitorRow } from './monitor-rows.ts';

/** Chunks that are asked about at once: between two such questions the window's about tables have their turn. */
const chunksAtOnce = 12;

export interface MonitorRun {
  readonly judgedCount: number;
  readonly knownCount: number;
  readonly waitingRows: number;
  /** Incidents that were opened, over by now or not. */
  readonly opened: Incident[];
  readonly listing: Listing | null;
}

type Tools = {
  readonly store: Store;
  readonly data: Pick<Data, 'tables' | 'entriesAt'>;
  readonly now: () => number;
};

interface Finding {
  readonly verdict: JudgedChunk['verdict'];
  readonly facts: ChunkFacts;
  readonly columns: readonly JudgedColumn[];
  readonly elapsedMs: number;
}

/**
 * Judges every chunk whose content was not judged before, in their order. What is judged is kept at once, with what it makes of the
 * incident: a run that is cut off goes on there.
 * @param folder of the project
 * @throws {BenchtopError} where the source or the reference cannot be read; `cancelled`.
 */
export async function runMonitor(
  { store, data, now }: Tools,
  monitor: MonitorRow,
  folder: string,
  tell: (what: string, done: number, of: number) => void,
  signal: AbortSignal,
): Promise<MonitorRun> {
  const { id, settings } = monitor;
  tell('reading the reference and the source', 0, 0);
  const reference = await findReference(data, folder, settings, signal);
  const labels = await findLabels(data, folder, settings, signal);
  const found = await findChunks(data, folder, settings, monitor.listing, signal);
  const known = store.now((db) => judgedContents(db, id));
  const fresh = found.chunks
    .map((chunk) => ({ ...chunk, content: contentKey(chunk, reference, labels, settings) }))
    .filter(({ key, content }) => known.get(key)?.content !== content);
  const opened: Incident[] = [];
  let judgedCount = 0;

  async function keep(chunk: FoundChunk, { verdict, facts, columns, elapsedMs }: Finding): Promise<void> {
    await store.write('monitoring.chunk', (db) => {
      const judged = { ...facts, key: chunk.key, label: chunk.label, verdict, judgedAt: now(), elapsedMs };
      addChunk(db, id, chunk.content, judged, columns);
      const began = follow(db, judged, known.get(chunk.key) ?? null);
      if (began !== null) opened.push(began);
    });
    judgedCount += 1;
    tell(chunk.label, judgedCount, fresh.length);
  }

  /** @returns the incident when it was opened by this chunk */
  function follow(
    db: Database.Database,
    chunk: Pick<JudgedChunk, 'label' | 'verdict' | 'alarms'>,
    before: ToldBefore | null,
  ): Incident | null {
    const open = openIncident(db, id);
    const next = followIncident(open, chunk, before, { now: now(), quietChunks: settings.quietChunks });
    if (next === null) return null;
    const saved = saveIncident(db, open?.id ?? null, id, next);
    return open === null ? saved : null;
  }

  for (let at = 0; at < fresh.length; at += chunksAtOnce)
    await judgeSome(data, fresh.slice(at, at + chunksAtOnce), { reference, labels }, settings, keep, signal);
  return {
    judgedCount,
    knownCount: found.chunks.length - fresh.length,
    waitingRows: found.waitingRows,
    opened,
    listing: found.listing,
  };
}

async function judgeSome(
  data: Tools['data'],
  chunks: readonly FoundChunk[],
  { reference, labels }: { readonly reference: FoundReference; readonly labels: FoundLabels },
  settings: MonitorRow['settings'],
  keep: (chunk: FoundChunk, finding: Finding) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const failed = (what: string, elapsedMs: number): Finding => ({
    verdict: 'failed',
    facts: failedChunk(what),
    columns: [],
    elapsedMs,
  });
  const readable = chunks.flatMap((chunk) =>
    chunk.place instanceof BenchtopError ? [] : [{ chunk, ...chunk.place }],
  );
  let keeping = Promise.resolve();
  // In their order, those that could not even be opened among them.
  let kept = 0;
  const keepUpTo = (end: FoundChunk | null, finding: Finding | null) => {
    for (; kept < chunks.length; kept += 1) {
      const chunk = chunks[kept];
      if (chunk === undefined || chunk === end) break;
      const { place } = chunk;
      if (place instanceof BenchtopError) keeping = keeping.then(() => keep(chunk, failed(place.message, 0)));
    }
    if (end === null || finding === null) return;
    kept += 1;
    keeping = keeping.then(() => keep(end, finding));
  };
  try {
    if (readable.length > 0)
      await data.tables.driftOfChunks(
        {
          reference: { file: reference.file, part: reference.part },
          rule: settings.source.chunks,
          chunks: readable.map(({ file, part }) => ({ file, part })),
          // Labels are no input, and are often not there yet.
          ignored: [...settings.ignored, ...labelColumns(settings)],
          answers: answersOf(settings, labels),
        },
        (found) => {
          const chunk = readable[found.at]?.chunk;
          if (chunk === undefined) return;
          keepUpTo(
            chunk,
            'error' in found
              ? failed(errorText(found.error), found.elapsedMs)
              : { ...judgeChunk(found.report, found.performance, settings), elapsedMs: found.elapsedMs },
          );
        },
        signal,
      );
    keepUpTo(null, null);
  } finally {
    await keeping;
  }
}

/** Labels, and what they are joined by. */
const labelColumns = ({ performance }: MonitorSettings): string[] =>
  performance === null
    ? []
    : [performance.label, ...(performance.labels === null ? [] : [performance.labels.id])];

/** Answers were given when their chunk says, where it is cut by times and nobody says otherwise. */
const answersOf = (
  { performance, prediction, source: { chunks } }: MonitorSettings,
  { files }: FoundLabels,
): AnswerColumns | null =>
  performance === null
    ? null
    : {
        ...performance,
        predictedAt: performance.predictedAt ?? (chunks.by === 'time' ? chunks.column : null),
        prediction,
        labelFiles: files,
      };

const errorText = ({ what, evidence }: { what: string; evidence?: string | undefined }): string =>
  evidence === undefined ? what : `${what} ${evidence}`;
