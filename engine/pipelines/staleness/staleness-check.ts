import type Database from 'better-sqlite3';
import type { PipelineStage, StageStatus } from '../../../contract/index.ts';

/** A stage as it was judged. */
export interface JudgedStage extends StageStatus {
  /**
   * Names all that can change its outcome: the same key is the same work. Null where that cannot be told: something it reads
   * is not there, or is about to be made by a stage upstream.
   */
  readonly key: string | null;
}

/** What was recorded of a run that ended well. */
export interface CommittedStage {
  /** False when what it read changed while it ran: then the stage is stale again, and its outputs are found under no key. */
  readonly isKept: boolean;
  /** Why not, in words; null when it is kept. */
  readonly note: string | null;
  /** Files that it was seen reading and that are not among its deps, relative to the project. */
  readonly undeclared: readonly string[];
}

/**
 * One look at a project: an execution has one from its beginning to its end, a question for the status one of its own. A path is
 * read once in it however many stages depend on it, until a stage writes to it. Its functions may be called for several stages
 * at the same time.
 */
export interface StalenessCheck {
  /**
   * Judges a stage as things stand now.
   * @param toRun those of its upstream stages that will run first but have not yet, when all is only planned; empty in an execution,
   * where they are done. What a stage upstream that was judged `restorable` will bring back counts as there.
   * @throws {BenchtopError} `file-unreadable`, `cancelled`.
   */
  judge(stage: PipelineStage, toRun?: readonly string[]): Promise<JudgedStage>;
  /**
   * Brings the outputs of an earlier run with this key back; what lies in their place and is kept nowhere is first recorded as a data
   * version. Null when they cannot be had any more: then the stage has to run.
   * @throws {BenchtopError} `disk-full`, `cancelled`.
   */
  restore(stage: PipelineStage, key: string): Promise<{ runId: string } | null>;
  /**
   * Before a run (each try): makes the folders of the outputs, and removes outputs that are not persistent, recorded as data
   * versions first where they are kept nowhere.
   */
  prepare(stage: PipelineStage): Promise<void>;
  /** Tells what to write in the commit that records a run of a stage: which versions it reads, as far as they are recorded. */
  noteInputs(stage: PipelineStage, runId: string): Promise<(db: Database.Database) => void>;
  /**
   * After a run that ended well, and only then: keeps the outputs and records the result under the key that it was judged by. May
   * come from another check than the one that judged, after a crash, with the key and the reasons remembered; a second call for
   * the same run changes nothing.
   * @throws {BenchtopError} `not-found` for a declared output that is not there: then the stage has failed.
   */
  commit(
    stage: PipelineStage,
    judged: Pick<JudgedStage, 'key' | 'reasons'>,
    runId: string,
  ): Promise<CommittedStage>;
}
