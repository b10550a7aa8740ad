import type { ErrorShape, TableDelta, TableProfile } from '../../../contract/index.ts';
import type { TableFile } from './load-table.ts';

/** What is asked of the process that reads tables. */
export type TableQuestion =
  | { readonly kind: 'profile'; readonly file: TableFile }
  | {
      readonly kind: 'compare';
      readonly before: TableFile;
      readonly after: TableFile;
      readonly key: readonly string[] | 'content' | null;
    };

export type TableAnswer<Q extends TableQuestion> = Q extends { kind: 'profile' } ? TableProfile : TableDelta;

/** The first message says where files may be read and temporary ones written; then come questions, one at a time. */
export type TableRequest =
  | { readonly kind: 'begin'; readonly folder: string }
  | { readonly kind: 'ask'; readonly question: TableQuestion }
  | { readonly kind: 'cancel' };

export type TableReply = { readonly value: TableProfile | TableDelta } | { readonly error: ErrorShape };
