import type { MessagePort } from 'node:worker_threads';
import type { ErrorShape } from '../../contract/index.ts';
import type { ChunkedFile, ReadFile } from './chunk-stream.ts';
import type { FileDigests } from './digest-files.ts';
import type { FileToWrite } from './file-batch.ts';
import type { FoundPieces, PiecesToFind } from './find-pieces.ts';
import type { IndexedPiece } from './indexed-pieces.ts';
import type { Copy, MovedPieces } from './move-pieces.ts';
import type { Place } from './pack-writer.ts';
import type { EditedContent } from './recut.ts';
import type { ScrubbedPack } from './scrub-pack.ts';
import type { FileTrouble } from './source-file.ts';
import type { Survey } from './survey.ts';
import type { TakenFiles } from './take-files.ts';
import type { WrittenFiles } from './write-files.ts';

export interface WorkerData {
  readonly databasePath: string;
  readonly objectsPath: string;
  /** The number of the next pack, shared by all workers. */
  readonly packNumbers: Int32Array;
  readonly resumed: { pack: number; sizeBytes: number } | null;
}

/** What a worker does: what it is given and what it answers. `cancelled` is shared; 1 ends the work. */
export interface WorkerJobs {
  take: { input: { paths: readonly string[]; isStored: boolean }; answer: TakenFiles };
  digest: { input: { paths: readonly string[]; cancelled: Int32Array }; answer: (FileDigests | null)[] };
  hashLarge: { input: { path: string; cancelled: Int32Array }; answer: ReadFile | null };
  read: { input: { path: string; port: MessagePort; cancelled: Int32Array }; answer: ReadFile | null };
  recut: { input: EditedContent; answer: ChunkedFile | null };
  cut: { input: { port: MessagePort; isRead: boolean }; answer: ChunkedFile | null };
  /** A small file's bytes; its place is null when its content is stored already. */
  store: {
    input: { bytes: Uint8Array };
    answer: { objectId: string; place: Place | null; era: number };
  };
  sync: { input: { since: number }; answer: null };
  /** Lets go of the packs that it writes to: they may be removed. */
  release: { input: null; answer: null };
  survey: { input: null; answer: Survey };
  scrub: { input: { pack: number }; answer: ScrubbedPack };
  scrubOwnFile: { input: { objectId: string }; answer: { readBytes: number; isSound: boolean } };
  rewrite: { input: { pack: number }; answer: MovedPieces | null };
  findPieces: { input: PiecesToFind; answer: FoundPieces };
  isWhole: { input: { objectId: string }; answer: boolean };
  mend: {
    input: { pieces: readonly { piece: IndexedPiece; copies: readonly Copy[] }[] };
    answer: MovedPieces;
  };
  write: { input: { files: readonly FileToWrite[]; cancelled: Int32Array }; answer: WrittenFiles };
  /** Makes an empty file where there is none. */
  create: { input: { path: string; mode: number }; answer: null };
  setMode: { input: { path: string; mode: number }; answer: null };
  /** Files that are gone already are no trouble. */
  remove: { input: { paths: readonly string[] }; answer: null };
  writePart: {
    input: { objectId: string; path: string; start: number; end: number; cancelled: Int32Array };
    answer: number;
  };
}

export type JobName = keyof WorkerJobs;
export type JobInput<N extends JobName> = WorkerJobs[N]['input'];
export type JobAnswer<N extends JobName> = WorkerJobs[N]['answer'];

export interface Job {
  readonly id: number;
  readonly name: JobName;
  readonly input: unknown;
}

export type JobReply =
  | { id: number; value: unknown }
  | { id: number; trouble: Pick<FileTrouble, 'problem' | 'code'> }
  | { id: number; error: ErrorShape; code: string | null };
