import { z } from 'zod';

/** sha256 of the version's manifest (docs/storage.md), hex. */
export const versionId = z.string().regex(/^[0-9a-f]{64}$/);

export const tableFormat = z.enum(['csv', 'parquet', 'jsonl']);
export type TableFormat = z.infer<typeof tableFormat>;

/** A table: a file anywhere on this machine, of which nothing is recorded, or one of a data version. */
export const tablePlace = z.union([
  z.string().min(1).max(4096),
  z.object({
    version: versionId,
    /** Within a folder; of a single file it says nothing. */
    path: z.string().max(4096),
  }),
]);
export type TablePlace = z.infer<typeof tablePlace>;

const tableColumn = z.object({ name: z.string(), type: z.string() });
export type TableColumn = z.infer<typeof tableColumn>;

const columnWarning = z.enum(['empty', 'mostly-missing', 'constant', 'many-different', 'mixed']);
export type ColumnWarning = z.infer<typeof columnWarning>;

/** Of every two columns a value, the same both ways; null where there is none. */
const matrix = z.array(z.array(z.number().nullable()));

const columnProfile = tableColumn.extend({
  nullCount: z.number(),
  /** Of numbers with a point; NaN is not null, and in none of the measures below. */
  nanCount: z.number(),
  distinctCount: z.number(),
  /** Otherwise it is estimated, within a few percent: where there are more than ten thousand, or hardly one comes twice. */
  isDistinctExact: z.boolean(),
  /** As text; null where every cell is empty. */
  min: z.string().nullable(),
  max: z.string().nullable(),
  mean: z.number().nullable(),
  /** Of numbers: 5, 25, 50, 75 and 95 percent. */
  quantiles: z.array(z.number()).length(5).nullable(),
  /** Why it has this type. */
  rule: z.string(),
  /** Of numbers: how many lie in each of twenty parts of equal width from the least to the most, and the ends of the parts; null where all are the same. */
  histogram: z.object({ edges: z.array(z.number()), counts: z.array(z.number()) }).nullable(),
  /** Of words: characters of the shortest and the longest, and on average. */
  lengths: z.object({ min: z.number(), mean: z.number(), max: z.number() }).nullable(),
  /** The most frequent values; none where hardly a value comes twice. */
  top: z.array(z.object({ value: z.string(), count: z.number() })),
  /** Of words of which some read as numbers or as times, and some do not: the shares that do. */
  mixed: z.object({ numbers: z.number(), times: z.number() }).nullable(),
  /** Of the first five columns of times. */
  days: z
    .object({
      /** From the first to the last day, both included. */
      spanDays: z.number(),
      /** How many of these days have no row. */
      withoutRows: z.number(),
      /** The most days in a row without one, from which on; null where there are none. */
      longestGap: z.object({ from: z.string(), days: z.number() }).nullable(),
      /** Rows by weekday, Monday first, and by month. */
      byWeekday: z.array(z.number()).length(7),
      byMonth: z.array(z.number()).length(12),
    })
    .nullable(),
  /** What should be looked at before the column is used. */
  warnings: z.array(columnWarning),
});
export type ColumnProfile = z.infer<typeof columnProfile>;

export const tableProfile = z.object({
  format: tableFormat,
  rowCount: z.number(),
  columnCount: z.number(),
  /** The first of them. */
  columns: z.array(columnProfile),
  /** How a text table is written; null for Parquet. */
  layout: z.object({ delimiter: z.string(), hasHeader: z.boolean() }).nullable(),
  /** Of a large table: so many rows, evenly spread, are what quantiles, histograms, lengths and mixed types are told by; null where all are. */
  sampledRows: z.number().nullable(),
  /** Rows that are the same as an earlier one; null for a table that is too large to be searched. */
  duplicateRows: z.number().nullable(),
  /** How columns go together, the first twenty of each kind; null where there are no two. */
  correlations: z
    .object({
      /** Rows that were looked at. */
      rowCount: z.number(),
      numbers: z.object({ columns: z.array(z.string()), pearson: matrix, spearman: matrix }),
      categories: z.object({ columns: z.array(z.string()), cramersV: matrix }),
    })
    .nullable(),
});
export type TableProfile = z.infer<typeof tableProfile>;

export const profileProgress = z.object({
  /** What goes on now, as the beginning of a sentence. */
  what: z.string(),
  /** Of the whole work, from 0 to 1. */
  share: z.number(),
});
export type ProfileProgress = z.infer<typeof profileProgress>;

export const profileEvent = z.discriminatedUnion('kind', [
  profileProgress.extend({ kind: z.literal('progress') }),
  z.object({ kind: z.literal('done'), profile: tableProfile }),
]);
export type ProfileEvent = z.infer<typeof profileEvent>;

/** A part of a table in the order of the file. */
export const tableRows = z.object({
  /** The first of them; of text tables all are of the type VARCHAR. */
  columns: z.array(tableColumn),
  columnCount: z.number(),
  /** Cells as text, long ones cut; null is an empty cell. */
  rows: z.array(z.array(z.string().nullable())),
  /** In all; null where that would take reading the whole file. */
  rowCount: z.number().nullable(),
});
export type TableRows = z.infer<typeof tableRows>;

/** Cells as text, long ones cut; null is an empty cell. */
const cells = z.array(z.string().nullable());
const sampledRow = z.object({ cells, /** How often that very row is in excess. */ times: z.number() });

/** What differs between two tables by rows. Counts are exact, samples hold the first of each in the order of the file. */
export const tableDelta = z.object({
  schema: z.object({
    added: z.array(tableColumn),
    removed: z.array(tableColumn),
    changed: z.array(z.object({ name: z.string(), before: z.string(), after: z.string() })),
    isReordered: z.boolean(),
  }),
  /** Columns that both have: by these rows are compared. Samples have their cells in this order. */
  columns: z.array(tableColumn),
  /** What makes a row the same row in both; null when whole rows are compared, each as often as it comes. */
  key: z.object({ columns: z.array(z.string()), isFound: z.boolean() }).nullable(),
  rows: z.object({
    before: z.number(),
    after: z.number(),
    added: z.number(),
    removed: z.number(),
    /** Null without a key. */
    changed: z.number().nullable(),
  }),
  /** In how many rows a column's cell changed; empty without a key. */
  changedCells: z.array(z.object({ name: z.string(), count: z.number() })),
  samples: z.object({
    added: z.array(sampledRow),
    removed: z.array(sampledRow),
    changed: z.array(z.object({ before: cells, after: cells })),
  }),
});
export type TableDelta = z.infer<typeof tableDelta>;
