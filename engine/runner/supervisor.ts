import type { RunFolder } from './run-folder.ts';

/** What runs have in common that one supervisor can begin one after the other. */
export interface Ground {
  readonly workingFolder: string;
  /** The child's environment, without what is one run's alone. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What a supervisor is to begin. The folder exists and holds `spec.json`, which names the supervisor. */
export interface JobSpec {
  readonly runId: string;
  readonly folder: RunFolder;
  /** argv as it is: no word of it is split, joined or expanded. */
  readonly command: readonly string[];
}

/** What a supervisor is taken for. */
export interface SupervisedRun extends Pick<JobSpec, 'runId' | 'folder'> {
  /** Variables that are this run's alone. */
  readonly ownEnvironment: Readonly<Record<string, string>>;
  readonly timeLimitMs: number | null;
}

/** A supervisor that has nothing to do and is held for one run. */
export interface FreeSupervisor {
  readonly name: string;
  /** Begins the run; once. Throws `cannot-start` for a command that no program can be given. */
  begin(job: JobSpec): Handle;
  /** Nothing is to be begun after all. */
  release(): void;
}

/** A run under supervision, as the engine that started it or a later one sees it. */
export interface Handle {
  /** Settles when its supervisor will write no more of it; never for a run that another engine has started. */
  readonly supervisorGone: Promise<void>;
  /** True while a supervisor of the run is there, so that a child may still begin. */
  isSupervised(): boolean;
  /** True while the child, the very process of `start.json`, is running. */
  isChildRunning(): boolean;
  /** Ends every process of the run. Resolves with the pids that would not end, when no more can be done. */
  end(graceMs: number): Promise<number[]>;
  /** Stops every process of the run where it stands, or lets all go on. */
  setPaused(isPaused: boolean): void;
}

/**
 * Starts commands so that they outlive the engine, and finds them again. One way per kind of system;
 * what it leaves in the run's folder is the same everywhere (run-folder.ts).
 */
export interface Supervisor {
  /**
   * A supervisor for one run, which ends it after its time limit also where no engine does. Throws `cannot-start` when the system refuses
   * even that.
   */
  take(run: SupervisedRun, ground: Ground): FreeSupervisor;
  /** Takes up a run that an earlier engine has launched. */
  attach(runId: string, folder: RunFolder): Handle;
  /** Lets all supervisors go: those that have a run see it to its end. */
  close(): void;
}
