export { createData, type Data } from './create-data.ts';
export { mayBeData } from './input-paths.ts';
export { objectReferences } from './keep-objects.ts';
export type { Manifest } from './manifest.ts';
export { migrations } from './migrations.ts';
export { kindOf } from './tables/column-source.ts';
export type {
  ChunkDrift,
  ChunkPart,
  DriftOfChunksQuestion,
  NamedFile,
  TableChunks,
  TimeRange,
} from './tables/table-question.ts';
export { createTableReader, type TableProcess } from './tables/table-reader.ts';
export { tableFormatOf } from './version-delta.ts';
export { currentContent } from './take-snapshot.ts';
export type { ColumnValues, TableColumns, WantedColumn } from './tables/table-columns.ts';
