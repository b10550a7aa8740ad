import type { RunFolder } from './run-folder.ts';

/** What a supervisor is to start. The folder exists and holds `spec.json`. */
export interface LaunchSpec {
  readonly runId: string;
  readonly folder: RunFolder;
  /** argv as it is: never joined, split or quoted again. */
  readonly command: readonly string[];
  readonly workingFolder: string;
  /** The child's whole environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly timeLimitMs: number | null;
}

/** A run under supervision, as the engine that started it or a later one sees it. */
export interface Handle {
  /** Settles when the supervisor itself is gone; never for a supervisor that another engine has started. */
  readonly supervisorGone: Promise<void>;
  /** True while a supervisor of the run is there, so that a child may still begin. */
  isSupervised(): boolean;
  /** True while the child, the very process of `start.json`, is running. */
  isChildRunning(): Promise<boolean>;
  /** Ends every process of the run. Resolves with the pids that would not end, when no more can be done. */
  end(graceMs: number): Promise<number[]>;
  /** Stops every process of the run where it stands, or lets all go on. */
  setPaused(isPaused: boolean): Promise<void>;
}

/**
 * Starts commands so that they outlive the engine, and finds them again. One way per kind of system;
 * what it leaves in the run's folder is the same everywhere (run-folder.ts).
 */
export interface Supervisor {
  /** Resolves once the supervisor runs. Throws `cannot-start` when the system refuses even that. */
  launch(spec: LaunchSpec): Promise<Handle>;
  /** Takes up a run that an earlier engine has launched. */
  attach(runId: string, folder: RunFolder): Handle;
}
