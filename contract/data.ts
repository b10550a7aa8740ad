import { z } from 'zod';
import { driftReport, driftTest } from './drift.ts';
import { performanceQuestion, performanceReport } from './performance.ts';
import { procedure, stream } from './rpc/procedure.ts';

/** sha256 of the version's manifest (docs/storage.md), hex. */
const versionId = z.string().regex(/^[0-9a-f]{64}$/);

/** Something in a folder that is not part of its data version, and why. */
export const dataProblem = z.object({
  /** Relative to the data set, with forward slashes; empty for the data set itself. */
  path: z.string(),
  kind: z.enum(['missing', 'unreadable', 'changed', 'not-a-file', 'bad-name']),
  what: z.string(),
});
export type DataProblem = z.infer<typeof dataProblem>;

/** What a data set held: the same content is the same version, wherever and whenever it was seen. */
export const dataVersion = z.object({
  version: versionId,
  kind: z.enum(['file', 'folder']),
  fileCount: z.number(),
  /** Symbolic links, kept as links. */
  linkCount: z.number(),
  sizeBytes: z.number(),
});
export type DataVersion = z.infer<typeof dataVersion>;

/** A file or folder whose versions are recorded. */
export const dataSet = z.object({
  id: z.number(),
  /** Absolute. */
  path: z.string(),
  /** The project whose folder holds it; null when none does. */
  projectId: z.string().nullable(),
  /** Entries of its timeline. */
  momentCount: z.number(),
  latest: dataVersion.extend({ seenAt: z.number(), problemCount: z.number() }),
});
export type DataSet = z.infer<typeof dataSet>;

export const dataRole = z.enum(['input', 'output']);
/** How it is known that a run read something: declared, logged through MLflow, named in the command or its script, or seen open. */
export const dataKnownBy = z.enum(['declared', 'logged', 'named', 'observed']);
export type DataKnownBy = z.infer<typeof dataKnownBy>;

/** A data set as a run read or wrote it. */
export const runData = z.object({
  runId: z.string(),
  dataSetId: z.number(),
  path: z.string(),
  role: dataRole,
  knownBy: z.array(dataKnownBy),
  /** Null while it is being read, and where it could not be. */
  version: dataVersion.nullable(),
  state: z.enum(['reading', 'recorded', 'changed', 'failed']),
  /** Why there is no version, or what the version does not say; null when there is nothing to add. */
  note: z.string().nullable(),
});
export type RunData = z.infer<typeof runData>;

const fileCounts = z.object({ added: z.number(), removed: z.number(), changed: z.number() });

/** One entry of a timeline: the version from when it was first seen until it was last seen there. */
export const dataMoment = dataVersion.extend({
  firstSeenAt: z.number(),
  lastSeenAt: z.number(),
  /** Against the entry before; null for the first. */
  files: fileCounts.nullable(),
  problemCount: z.number(),
  /** The first of them. */
  problems: z.array(dataProblem),
  /** The latest runs that read or wrote it. */
  runs: z.array(
    z.object({ runId: z.string(), name: z.string(), role: dataRole, knownBy: z.array(dataKnownBy) }),
  ),
});
export type DataMoment = z.infer<typeof dataMoment>;

const dataEntry = z.object({
  path: z.string(),
  kind: z.enum(['file', 'program', 'link']),
  sizeBytes: z.number(),
  /** Null for a link. */
  objectId: z.string().nullable(),
  /** Of a link. */
  target: z.string().nullable(),
});

export const tableFormat = z.enum(['csv', 'parquet', 'jsonl']);
export type TableFormat = z.infer<typeof tableFormat>;

/** A table: a file anywhere on this machine, of which nothing is recorded, or one of a data version. */
const tablePlace = z.union([
  z.string().min(1).max(4096),
  z.object({
    version: versionId,
    /** Within a folder; of a single file it says nothing. */
    path: z.string().max(4096),
  }),
]);
export type TablePlace = z.infer<typeof tablePlace>;

const changedFile = z.object({
  path: z.string(),
  sizeBytes: z.object({ before: z.number().nullable(), after: z.number().nullable() }),
  /** Set for a table that can be compared by rows. */
  tableFormat: tableFormat.nullable(),
});

/** What differs between two versions. Counts are exact, the lists hold the first of each. */
export const dataDelta = z.object({
  before: dataVersion,
  after: dataVersion,
  counts: fileCounts.extend({ renamed: z.number(), same: z.number() }),
  /** Bytes of content that only the one or the other has. */
  bytes: z.object({ added: z.number(), removed: z.number() }),
  /**
   * Pieces of content (docs/storage.md), each counted once: of files from 256 KiB on their chunks, of smaller ones the file. The bytes
   * are those of pieces that only the one or the other has. Null where something of a version is not stored any more.
   */
  chunks: z
    .object({
      shared: z.number(),
      added: z.number(),
      removed: z.number(),
      addedBytes: z.number(),
      removedBytes: z.number(),
    })
    .nullable(),
  added: z.array(changedFile),
  removed: z.array(changedFile),
  changed: z.array(changedFile),
  /** The same content under another name. */
  renamed: z.array(z.object({ from: z.string(), to: z.string(), sizeBytes: z.number() })),
});
export type DataDelta = z.infer<typeof dataDelta>;

export const tableColumn = z.object({ name: z.string(), type: z.string() });
export type TableColumn = z.infer<typeof tableColumn>;

export const columnWarning = z.enum(['empty', 'mostly-missing', 'constant', 'many-different', 'mixed']);
export type ColumnWarning = z.infer<typeof columnWarning>;

/** Of every two columns a value, the same both ways; null where there is none. */
const matrix = z.array(z.array(z.number().nullable()));

export const columnProfile = tableColumn.extend({
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

const progress = z.object({
  kind: z.literal('progress'),
  files: z.number(),
  bytes: z.number(),
  /** Files in all; null while the folder is still being walked. */
  ofFiles: z.number().nullable(),
});

export const snapshotEvent = z.discriminatedUnion('kind', [
  progress,
  z.object({
    kind: z.literal('done'),
    dataSetId: z.number(),
    isNew: z.boolean(),
    moment: dataMoment,
  }),
]);
export type SnapshotEvent = z.infer<typeof snapshotEvent>;

export const checkoutEvent = z.discriminatedUnion('kind', [
  progress,
  z.object({
    kind: z.literal('done'),
    /** Where it lies now; of a single file the path of that file. */
    path: z.string(),
    fileCount: z.number(),
    sizeBytes: z.number(),
  }),
]);
export type CheckoutEvent = z.infer<typeof checkoutEvent>;

/** Where data came from and where it went: runs read data, made models and made data that other runs read. */
export const lineageNode = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('data'),
    id: versionId,
    /** Where it lay. */
    path: z.string(),
    dataSetId: z.number(),
  }),
  z.object({ kind: z.literal('run'), id: z.string(), name: z.string(), status: z.string() }),
  z.object({
    kind: z.literal('model'),
    id: z.string(),
    name: z.string(),
    /** The registered versions that it is; none for a logged model that nobody registered. */
    registered: z.array(z.object({ name: z.string(), version: z.number() })),
  }),
]);
export type LineageNode = z.infer<typeof lineageNode>;

export const lineage = z.object({
  nodes: z.array(lineageNode),
  /** By ids, in the direction of time. */
  edges: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      /** In words: how this is known. */
      because: z.string(),
    }),
  ),
  /** True where more was found than is told. */
  isCut: z.boolean(),
});
export type Lineage = z.infer<typeof lineage>;

export const data = {
  snapshot: stream(
    'Records what a file or folder holds now as a version of it. Reads it, and changes nothing in it.',
    z.object({ path: z.string().min(1).max(4096) }),
    snapshotEvent,
  ),
  sets: procedure(
    'The data sets, the one seen last first; those of one project, or all.',
    z.object({
      projectId: z.string().optional(),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    z.array(dataSet),
  ),
  log: procedure(
    'The timeline of a data set, the newest first.',
    z.union([z.object({ path: z.string().max(4096) }), z.object({ dataSetId: z.number() })]),
    z.object({ dataSet, moments: z.array(dataMoment) }),
  ),
  find: procedure(
    'A data version by the beginning of its id (four letters at least), or the last one of a path.',
    z.object({ text: z.string().min(1).max(4096) }),
    dataVersion,
  ),
  files: procedure(
    'What a version holds, by path.',
    z.object({
      version: versionId,
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(10_000).default(1000),
    }),
    z.object({ entries: z.array(dataEntry), total: z.number() }),
  ),
  compare: procedure(
    'What differs between two versions: files, pieces and bytes.',
    z.object({ before: versionId, after: versionId }),
    dataDelta,
  ),
  compareTables: procedure(
    'What differs by rows between two versions of a table.',
    z.object({
      before: versionId,
      after: versionId,
      /** Of the table in both. */
      path: z.string(),
      /** What makes a row the same row; looked for when left out, and `content` for none. */
      key: z.union([z.array(z.string()).min(1).max(20), z.literal('content')]).optional(),
    }),
    tableDelta,
  ),
  rows: procedure(
    'Some rows of a stored file that is a table, which its name tells.',
    z.object({
      objectId: z.string().regex(/^[0-9a-f]{64}$/),
      name: z.string().max(4096),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(1000).default(500),
    }),
    tableRows,
  ),
  profile: procedure(
    'The columns of a table, each summed up. Of a table of a version this is done once for its content.',
    z.object({ table: tablePlace }),
    tableProfile,
  ),
  drift: procedure(
    'Whether and how the columns of one table differ from those of another, by name.',
    z.object({
      reference: tablePlace,
      current: tablePlace,
      /** By column: the test to take in place of the usual one. */
      tests: z.record(z.string(), driftTest).default({}),
    }),
    driftReport,
  ),
  estimate: procedure(
    'What the answers of a classifier are worth: estimated without labels, and realised where labels came later. The files lie anywhere on this machine.',
    performanceQuestion,
    performanceReport,
  ),
  checkout: stream(
    'Writes a version into a new folder. Nothing that is there is ever written over.',
    z.object({ version: versionId, destination: z.string().min(1).max(4096) }),
    checkoutEvent,
  ),
  ofRun: procedure(
    'What a run read and wrote, as data versions.',
    z.object({ runId: z.string() }),
    z.array(runData),
  ),
  lineage: procedure(
    'Where a data version, a run or a model comes from and where it went, both ways.',
    z.union([
      z.object({ version: versionId }),
      z.object({ runId: z.string() }),
      z.object({ modelId: z.string() }),
      z.object({ registered: z.object({ name: z.string(), version: z.number() }) }),
    ]),
    lineage,
  ),
};
