import type { SharedMemory } from '../web-assembly.ts';
import type { FileOperations } from './file-operations.ts';
import type { ObjectIndex } from './object-index.ts';
import type { PackReader } from './pack-reader.ts';
import type { PackWriter } from './pack-writer.ts';

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
