import type {
  ModelContent,
  Project,
  Run,
  RunComparison,
  RunData,
  RunEnvironment,
  Snapshot,
} from '../../contract/index.ts';
import type { Manifest } from '../data/index.ts';
import type { PackageLicence } from '../environments/index.ts';
import type { Registry } from '../registry/index.ts';
import type { Ground } from '../reproduction/index.ts';
import type { Runner } from '../runner/index.ts';
import type { Store } from '../store/index.ts';
import type { TableReading } from './evaluation/read-predictions.ts';
import type { JudgedFile } from './judged-version.ts';
import type { JudgedCard } from './judges/judge-card.ts';

/** What the room is made from. */
export interface GateGround {
  readonly store: Store;
  readonly now: () => number;
  readonly rooms: GateRooms;
}

/** What this room needs of the others. */
export interface GateRooms {
  readonly registry: Pick<Registry, 'causeOf' | 'change'>;
  /** Null for a run that was erased. */
  run(runId: string): Run | null;
  artifacts(runId: string): readonly JudgedFile[];
  snapshotOf(runId: string): Promise<Snapshot | null>;
  environmentOf(runId: string): Promise<RunEnvironment | null>;
  dataOf(runId: string): readonly RunData[];
  /** As `dataOf`, when all that a run which has ended read is recorded. */
  recordedDataOf(runId: string): Promise<readonly RunData[]>;
  project(projectId: string): Pick<Project, 'path'>;
  readonly tables: TableReading;
  /** Records what a path holds now; null for what could not be read whole. @throws {BenchtopError} as a snapshot. */
  keepData(path: string, signal: AbortSignal): Promise<string | null>;
  /** What a path holds now, as the version it would be; null where that cannot be told. Records nothing. */
  dataVersionAt(path: string, signal: AbortSignal): Promise<string | null>;
  /** The files of a data version. @throws {BenchtopError} `not-found`. */
  manifestOf(dataVersion: string): Promise<Manifest>;
  /** What two runs do not share; tables by their files alone. @throws {BenchtopError} `not-found`. */
  compareRuns(a: string, b: string, signal: AbortSignal): Promise<RunComparison>;
  /** The files of a version, and whether they are those that were registered. */
  contentOf(
    name: string,
    version: number,
  ): Promise<Pick<ModelContent, 'fileCount' | 'sizeBytes' | 'sinceRegistered'>>;
  putFile(path: string): Promise<{ objectId: string }>;
  readObject(objectId: string, sizeBytes: number): Promise<Uint8Array>;
  /** Writes a stored file to a path at which nothing is. @throws {BenchtopError} */
  writeFile(objectId: string, path: string): Promise<void>;
  /** Where the files of a version lie on this machine; written out where they are stored. @throws {BenchtopError} `not-found`. */
  modelPath(name: string, version: number): Promise<string>;
  /** A Python with the packages of a recorded environment. @throws {BenchtopError} `cannot-start`. */
  pythonFor(environment: RunEnvironment, signal: AbortSignal): Promise<string>;
  cardOf(name: string, version: number): Promise<JudgedCard>;
  licences(environment: RunEnvironment): Promise<readonly PackageLicence[]>;
  /** Brings code and data of a run together in a new folder. @throws {BenchtopError} where that cannot be. */
  prepareGround(asked: {
    scratch: string;
    run: { id: string; command: readonly string[]; workingFolder: string };
    snapshot: Snapshot;
    environment: RunEnvironment | null;
    inputs: readonly RunData[];
    signal: AbortSignal;
  }): Promise<Ground>;
  readonly runner: Pick<Runner, 'start' | 'wait' | 'cancel'>;
  /** The last lines that a run printed. */
  lastOutput(runId: string): Promise<string>;
  /** Where runs have folders of their own. */
  readonly scratchPath: string;
  /** resources/python/predict_rows.py */
  readonly predictorPath: string;
  /** resources/python/column_importance.py */
  readonly importancePath: string;
}
