import type Database from 'better-sqlite3';
import type { Priority, RoomHandlers } from '../../contract/index.ts';
import type { Log } from '../log.ts';
import type { Objects } from '../objects/index.ts';
import type { Recorder } from '../tracking/index.ts';
import type { WrittenBy } from '../written-paths.ts';
import type { RunEnd } from './ending.ts';
import type { MachineMeter } from './resources/sample-runs.ts';
import type { SteadyClocks } from './resources/slept-between.ts';

/** What a run is started with; see the contract's `runner.start`. */
export interface RunRequest {
  projectId: string;
  /** The id of the run, 32 hex, by a caller who has written it down before; a new one when left out. */
  runId?: string;
  command: string[];
  name?: string | undefined;
  workingFolder?: string | undefined;
  /** A folder of the engine's own in place of one of the project; nobody outside of it can name one. */
  scratchFolder?: string;
  env?: Record<string, string>;
  params?: Record<string, string>;
  tags?: Record<string, string>;
  timeLimitMs?: number | undefined;
  gpus?: number | undefined;
  /** The memory that it will take; what its earlier runs took when left out. */
  memoryBytes?: number | undefined;
  priority?: Priority;
  /** It may go on beside so many others as make this, also where the runner has fewer slots. */
  slots?: number | undefined;
  /** Names runs that follow each other closely, such as the stages of one execution: code and environment are read for many at once. */
  group?: string;
  /** Data that it reads, as seen from its working folder. */
  inputs?: string[];
  /** What it writes, and no other run of its group; absolute paths. */
  outputs?: string[];
  /** What is to be recorded in the commit that makes the run. */
  together?: ((db: Database.Database) => void) | undefined;
  /**
   * It begins before its record is on disk, which takes a moment longer: for who begins it again where the machine stopped meanwhile,
   * whether or not it is recorded. An engine that is killed loses nothing by it.
   */
  isRepeatable?: boolean;
}

export interface Runner {
  readonly handlers: RoomHandlers<'runner'>;
  /** Runs at once; more wait. */
  readonly slots: number;
  /** Records a run and starts it, or lets it wait for a slot. Throws `cannot-start` for a missing program or folder. */
  start(request: RunRequest): Promise<{ runId: string }>;
  /** Resolves when the run has ended and its record is whole, on disk. Throws `not-found` for an unknown run. */
  wait(runId: string): Promise<RunEnd>;
  /** As `wait`, for who tells nobody of it: its record can be read, and is on disk with whatever is recorded next. */
  ended(runId: string): Promise<RunEnd>;
  /** Resolves when its program has ended well, before it is looked through; never where it did not, or is over. */
  exited(runId: string): Promise<void>;
  /** Ends a run and all it has started. Resolves when nothing of it runs any more. */
  cancel(runId: string): Promise<void>;
  /** Takes up the runs of an engine before this one, or records how they ended. */
  recover(): Promise<void>;
  /** Runs that are at work now; paused ones are not. */
  runningCount(): number;
  /** Stops following; the runs go on. */
  close(): Promise<void>;
}

/** What the runner is made of, and whom it asks. */
export interface RunnerOptions {
  home: string;
  recorder: Recorder;
  objects: Objects;
  /** The folder with the Python module `benchtop`. */
  helperPath: string;
  /** Throws `not-found` for an unknown project. */
  project: (projectId: string) => { path: string };
  /** The address at which a run's child finds this engine's MLflow dialect; null when it has none. */
  trackingUri?: (runId: string) => string | null;
  /** What a group writes is none of what another of its runs has made, also what lies there from the last time. */
  writtenBy: WrittenBy;
  /** Told right after the child of a run was started, with its environment but for what is its own alone; must return at once. */
  onStarted?: (
    runId: string,
    started: {
      name: string;
      projectId: string | null;
      command: readonly string[];
      /** As it is recorded: without what looks like a secret. */
      recordedCommand: readonly string[];
      workingFolder: string;
      environment: Readonly<Record<string, string | undefined>>;
      group: string | null;
      inputs: readonly string[];
      /** Milliseconds UTC on the clock that files have: what was there before is older, what the run writes is not. */
      beganAt: number;
    },
  ) => void;
  /** Told of a run that an engine before this one started, and that is followed now; must return at once. */
  onTakenUp?: (runId: string) => void;
  /** Told of files that processes of a run have open for reading, each once; must return at once. */
  onFilesOpen?: (runId: string, paths: readonly string[]) => void;
  /** Opens a meter of the whole machine, whose values stand beside those of each run. */
  openMachine: () => MachineMeter;
  /** The interpreter that a project was given; null for whichever the PATH leads to. */
  interpreterOf: (projectId: string) => string | null;
  /** GPUs of this machine, which runs get for themselves alone. */
  gpuCount: () => Promise<number>;
  /** Memory that a new program could have, now. */
  memory: () => { freeBytes: number };
  /** Runs at once; more wait. */
  slots?: number;
  now?: () => number;
  /** Clocks that tell sleep of the machine from time passing. */
  clocks?: () => SteadyClocks;
  log: Log;
}
