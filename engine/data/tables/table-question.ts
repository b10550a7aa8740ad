import type {
  DriftMode,
  DriftReport,
  DriftTest,
  ErrorShape,
  PerformanceQuestion,
  PerformanceReport,
  TableDelta,
  TableProfile,
  TableRows,
} from '../../../contract/index.ts';
import type { TableFile } from './load-table.ts';
import type { TableColumns, WantedColumn } from './table-columns.ts';

/** What is asked of the process that reads tables. */
export type TableQuestion =
  | { readonly kind: 'profile'; readonly file: TableFile | NamedFile }
  | { readonly kind: 'rows'; readonly file: TableFile; readonly offset: number; readonly limit: number }
  | { readonly kind: 'rows-at'; readonly file: TableFile; readonly places: readonly number[] }
  | { readonly kind: 'columns'; readonly file: TableFile; readonly wanted: readonly WantedColumn[] }
  | {
      readonly kind: 'compare';
      readonly before: TableFile;
      readonly after: TableFile;
      readonly key: readonly string[] | 'content' | null;
    }
  | DriftQuestion
  | PerformanceOfTables;

export interface DriftQuestion {
  readonly kind: 'drift';
  readonly reference: ReferenceFile;
  readonly current: NamedFile;
  readonly tests: Readonly<Record<string, DriftTest>>;
  readonly mode: DriftMode;
}

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

export type TableAnswer<Q extends TableQuestion> = Q extends { kind: 'profile' }
  ? TableProfile
  : Q extends { kind: 'rows' | 'rows-at' }
    ? TableRows
    : Q extends { kind: 'columns' }
      ? TableColumns
      : Q extends { kind: 'drift' }
        ? DriftReport | null
        : Q extends { kind: 'performance' }
          ? PerformanceReport
          : TableDelta;

/** The first message says where files may be read and temporary ones written; then come questions, one at a time. */
export type TableRequest =
  | { readonly kind: 'begin'; readonly folder: string }
  | { readonly kind: 'ask'; readonly question: TableQuestion }
  | { readonly kind: 'cancel' };

export type TableReply =
  | {
      readonly value:
        | TableProfile
        | TableRows
        | TableColumns
        | TableDelta
        | DriftReport
        | PerformanceReport
        | null;
    }
  | { readonly error: ErrorShape };
