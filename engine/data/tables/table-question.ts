import type {
  DriftMode,
  ChunkPerformance,
  ChunkRule,
  DriftReport,
  DriftTest,
  ErrorShape,
  PerformanceQuestion,
  PerformanceReport,
  ProfileProgress,
  SqlResult,
  TableDelta,
  TableProfile,
  TableRows,
  WatchedPerformance,
} from '../../../contract/index.ts';
import type { TableFile } from './load-table.ts';
import type { TableColumns, WantedColumn } from './table-columns.ts';

/** What is asked of the process that reads tables. */
export type TableQuestion =
  | { readonly kind: 'profile'; readonly file: TableFile | NamedFile }
  | { readonly kind: 'rows'; readonly file: TableFile; readonly offset: number; readonly limit: number }
  | { readonly kind: 'query'; readonly file: NamedFile; readonly query: string; readonly limit: number }
  | { readonly kind: 'rows-at'; readonly file: TableFile; readonly places: readonly number[] }
  | { readonly kind: 'columns'; readonly file: TableFile; readonly wanted: readonly WantedColumn[] }
  | {
      readonly kind: 'compare';
      readonly before: TableFile;
      readonly after: TableFile;
      readonly key: readonly string[] | 'content' | null;
    }
  | ChunksQuestion
  | DriftOfChunksQuestion
  | DriftQuestion
  | PerformanceOfTables;

export interface DriftQuestion {
  readonly kind: 'drift';
  readonly reference: ReferenceFile;
  readonly current: NamedFile;
  readonly tests: Readonly<Record<string, DriftTest>>;
  readonly mode: DriftMode;
}

/** How a table is cut into chunks. */
export interface ChunksQuestion {
  readonly kind: 'chunks';
  readonly file: NamedFile;
  readonly rule: ChunkRule;
}

/** Rows of a table: of a period by its begin, from one number on, or of a time. */
export type ChunkPart =
  | {
      readonly by: 'time';
      readonly column: string;
      readonly every: Extract<ChunkRule, { by: 'time' }>['every'];
      readonly begin: string;
    }
  | { readonly by: 'rows'; readonly from: number; readonly count: number }
  | TimeRange;

/** Rows from one time on, before another; null for no bound. */
export interface TimeRange {
  readonly by: 'range';
  readonly column: string;
  readonly from: string | null;
  readonly before: string | null;
}

export interface TableChunk {
  readonly key: string;
  readonly label: string;
  /** Tells whether it holds the same rows as before, in whatever order. */
  readonly content: string;
  readonly rowCount: number;
  readonly part: ChunkPart;
}

export interface TableChunks {
  readonly chunks: readonly TableChunk[];
  /** Rows in no chunk: without a time, or waiting for as many as make one. */
  readonly waitingRows: number;
}

/** Each chunk is told as soon as it is judged. */
export interface DriftOfChunksQuestion {
  readonly kind: 'drift-of-chunks';
  readonly reference: {
    readonly file: NamedFile;
    readonly part: TimeRange | null;
    /** The folder of what is kept of it, or will be. */
    readonly keptIn: string;
  };
  readonly rule: ChunkRule;
  /** With no part a chunk is a whole file. */
  readonly chunks: readonly { readonly file: NamedFile; readonly part: ChunkPart | null }[];
  /** Columns that are not compared. */
  readonly ignored: readonly string[];
  /** Where what a classifier said and what was true is read; null where nobody asks. */
  readonly answers: AnswerColumns | null;
}

/** With no column of predictions the likeliest class is what was told. */
export interface AnswerColumns extends WatchedPerformance {
  readonly prediction: string | null;
  /** Where labels that come later lie; none where a chunk brings its own, or none has come yet. */
  readonly labelFiles: readonly NamedFile[];
}

/** What was found of the chunk at a place of the question. */
export type ChunkDrift = { readonly at: number; readonly elapsedMs: number } & (
  | {
      readonly report: DriftReport;
      /** Why it could not be told; null where nobody asks, or a column that it needs is missing. */
      readonly performance: ChunkPerformance | ErrorShape | null;
    }
  | { readonly error: ErrorShape }
);

/** What a classifier answered, and later labels where there are some. */
export interface PerformanceOfTables {
  readonly kind: 'performance';
  readonly reference: NamedFile;
  readonly current: NamedFile;
  readonly lateLabels: NamedFile | null;
  readonly asked: PerformanceQuestion;
}

/** A file of the user's, where it lies, as people know it. */
export interface NamedFile extends TableFile {
  readonly name: string;
}

/** A table that others are compared with. */
export interface ReferenceFile {
  readonly name: string;
  /** Null where what is kept of it is hoped to suffice. */
  readonly file: TableFile | null;
  /** The folder of what is kept of it; null for one of which nothing is kept. */
  readonly keptIn: string | null;
}

/** What is told of a question on the way to its answer. */
export type TablePart<Q extends TableQuestion> = Q extends { kind: 'profile' } ? ProfileProgress : ChunkDrift;

export type TableAnswer<Q extends TableQuestion> = Q extends { kind: 'profile' }
  ? TableProfile
  : Q extends { kind: 'rows' | 'rows-at' }
    ? TableRows
    : Q extends { kind: 'columns' }
      ? TableColumns
      : Q extends { kind: 'query' }
        ? SqlResult
        : Q extends { kind: 'drift' }
          ? DriftReport | null
          : Q extends { kind: 'chunks' }
            ? TableChunks
            : Q extends { kind: 'drift-of-chunks' }
              ? null
              : Q extends { kind: 'performance' }
                ? PerformanceReport
                : TableDelta;

/** The first message says where files may be read and temporary ones written; then come questions, one at a time. */
export type TableRequest =
  | { readonly kind: 'begin'; readonly folder: string }
  | { readonly kind: 'ask'; readonly question: TableQuestion }
  | { readonly kind: 'cancel' };

export type TableReply =
  | { readonly part: ChunkDrift | ProfileProgress }
  | {
      readonly value:
        | TableProfile
        | TableRows
        | TableColumns
        | TableDelta
        | DriftReport
        | SqlResult
        | TableChunks
        | PerformanceReport
        | null;
    }
  | { readonly error: ErrorShape };
