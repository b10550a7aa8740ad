import type {
  GateEnvironment,
  Project,
  Run,
  RunData,
  RunEnvironment,
  Snapshot,
} from '../../contract/index.ts';
import type { TableReading } from './evaluation/read-predictions.ts';
import type { VersionKey } from './gate-records.ts';
import type { JudgedFile, Judgement } from './judged-version.ts';

/** A version as the registry has it. */
export interface RegisteredVersion extends VersionKey {
  readonly name: string;
  readonly runId: string | null;
}

/** What this room needs of the others. */
export interface GateRooms {
  readonly registry: {
    /** @throws {BenchtopError} `not-found`. */
    version(name: string, version: number): RegisteredVersion;
    /** The version that is in an environment now; null when none is. */
    holder(name: string, environment: GateEnvironment): number | null;
    /** Its files, as far as they can be read here. */
    filesOf(version: RegisteredVersion): Promise<readonly JudgedFile[]>;
    /** Has the model card all it needs? */
    judgeCard(version: RegisteredVersion): Promise<Judgement>;
    /** Who works here. */
    who(): string;
  };
  /** Null for a run that was erased. */
  run(runId: string): Run | null;
  artifacts(runId: string): readonly JudgedFile[];
  snapshotOf(runId: string): Promise<Snapshot | null>;
  environmentOf(runId: string): Promise<RunEnvironment | null>;
  dataOf(runId: string): readonly RunData[];
  project(projectId: string): Pick<Project, 'path'>;
  readonly tables: TableReading;
  /** Records what a path holds now; null for what could not be read whole. @throws {BenchtopError} as a snapshot. */
  keepData(path: string, signal: AbortSignal): Promise<string | null>;
  /** The file that a data version is. @throws {BenchtopError} `not-found`, `unsupported`. */
  tableOf(dataVersion: string): Promise<{ objectId: string; name: string }>;
  putFile(path: string): Promise<{ objectId: string }>;
  readObject(objectId: string, sizeBytes: number): Promise<Uint8Array>;
}
