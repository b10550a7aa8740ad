import type Database from 'better-sqlite3';
import type { SharedMemory } from '../web-assembly.ts';
import type { FileOperations } from './file-operations.ts';
import { gearMemory } from './gear-roll.ts';
import { createObjectIndex, type ObjectIndex } from './object-index.ts';
import { createPackReader, type PackReader } from './pack-reader.ts';
import { createPackWriter, type PackWriter } from './pack-writer.ts';
import { slotBytes } from './take-files.ts';

/** What a worker has to store and read objects with. */
export interface WorkerContext {
  readonly operations: FileOperations;
  readonly objectsPath: string;
  readonly index: ObjectIndex;
  readonly writer: PackWriter;
  readonly reader: PackReader;
  /** Of this worker alone: what is put there is worked up before anything else can come. */
  readonly memory: SharedMemory;
  readonly now: () => number;
}

export function createWorkerContext(
  db: Database.Database,
  files: Parameters<typeof createPackWriter>[0],
): WorkerContext {
  const { operations, objectsPath } = files;
  return {
    operations,
    objectsPath,
    index: createObjectIndex(db),
    writer: createPackWriter(files),
    reader: createPackReader(operations, objectsPath),
    memory: gearMemory(slotBytes),
    now: Date.now,
  };
}
