import { z } from 'zod';
import { driftMode, driftReport, driftTest } from './drift.ts';
import { performanceQuestion, performanceReport } from './performance.ts';
import { procedure, stream } from './rpc/procedure.ts';
import { sqlResult } from './sql.ts';
import { profileEvent, tableDelta, tableFormat, tablePlace, tableRows, versionId } from './tables.ts';

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

/** One entry of a timeline: the version from when it was first seen until it was last seen there; of reads within one second the first counts. */
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
  query: procedure(
    'Answers one SELECT over a table, which is called `t`. Nothing can be written.',
    z.object({
      table: tablePlace,
      query: z.string().min(1).max(100_000),
      limit: z.number().int().min(1).max(10_000).default(1000),
    }),
    sqlResult,
  ),
  profile: stream(
    'The columns of a table, each summed up. Of a table of a version this is done once for its content, of a file as long as it is unchanged.',
    z.object({ table: tablePlace }),
    profileEvent,
  ),
  drift: procedure(
    'Whether and how the columns of one table differ from those of another, by name.',
    z.object({
      reference: tablePlace,
      current: tablePlace,
      /** By column: the test to take in place of the usual one. */
      tests: z.record(z.string(), driftTest).default({}),
      mode: driftMode.default('benchtop'),
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
