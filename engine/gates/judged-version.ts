import type {
  CheckState,
  GateEvidence,
  Run,
  RunData,
  RunEnvironment,
  Snapshot,
} from '../../contract/index.ts';
import type { VersionKey } from './gate-records.ts';

/** A file of a model, or one that its run left. */
export interface JudgedFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Null for one that is not stored here. */
  readonly objectId: string | null;
}

/** A version with all that is recorded of how it came about. */
export interface JudgedVersion extends VersionKey {
  readonly name: string;
  /** Null where no run here made it. */
  readonly run: Run | null;
  readonly snapshot: Snapshot | null;
  readonly environment: RunEnvironment | null;
  readonly data: readonly RunData[];
  readonly files: readonly JudgedFile[];
  /** Paths that its run wrote itself, relative to the folder of the snapshot. */
  readonly made: ReadonlySet<string>;
}

/** What one check says of a version. How much that counts is not its business. */
export interface Judgement {
  readonly state: Exclude<CheckState, 'skipped'>;
  readonly what: string;
  readonly evidence?: readonly GateEvidence[];
  readonly next?: string;
}

export const evidence = (
  text: string,
  where: Partial<Pick<GateEvidence, 'runId' | 'objectId'>> = {},
): GateEvidence => ({
  text,
  runId: null,
  objectId: null,
  ...where,
});

/** What needs a run of Benchtop's says this of a version without one. */
export const withoutRun: Judgement = {
  state: 'failed',
  what: 'No run here made this version, so nothing is known of how it came about.',
  next: 'Register the model from a run that Benchtop started.',
};
