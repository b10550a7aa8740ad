import { childEnvironment, engineVariables } from './child-environment.ts';
import { bootId, oomKillCount } from './process-identity.ts';
import {
  createRunFolder,
  type Legacy,
  type RunFolder,
  type RunRecord,
  writeRecord,
  writeSpec,
} from './run-folder.ts';
import type { Place } from './run-queue.ts';
import type { FreeSupervisor, Handle, Supervisor } from './supervisor.ts';

/** A run of which all is there but its child. */
export interface ReadyRun {
  readonly spec: RunRecord<'spec'>;
  /** Variables that its child will have, but for those that are its own. Runs that follow each other may have the same object. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  begin(): Handle;
  /** It is not to begin after all. */
  release(): void;
}

/**
 * Writes down in its folder what a run is, and takes a supervisor for it.
 * @throws {BenchtopError} `cannot-start`; then no supervisor is held.
 */
export async function readyRun(
  runId: string,
  asked: RunRecord<'asked'>,
  tools: {
    readonly folder: RunFolder;
    readonly supervisor: Supervisor;
    readonly trackingUri: string | null;
    readonly helperPath: string;
    readonly place: Place;
    /** False on a machine without one. */
    readonly hasGpus: boolean;
    readonly asleepMs: number;
    readonly legacy: Legacy;
  },
): Promise<ReadyRun> {
  const { command, workingFolder, timeLimitMs, group, inputs, outputs } = asked;
  const { folder, supervisor, trackingUri, helperPath, place, hasGpus, asleepMs, legacy } = tools;
  const { environment, ownEnvironment, set } = childEnvironment(engineVariables(), asked.env, {
    id: runId,
    trackingUri,
    told: folder.told,
    helperPath,
    gpus: hasGpus ? place.gpus : null,
  });
  const shell: FreeSupervisor = supervisor.take(
    { runId, folder, ownEnvironment, timeLimitMs },
    { workingFolder, environment },
  );
  const spec = {
    run: runId,
    command,
    workingFolder,
    environmentSet: set,
    timeLimitMs,
    bootId: bootId(),
    oomKills: oomKillCount(),
    asleepMs,
    supervisor: shell.name,
    group,
    inputs,
    outputs,
  };
  try {
    createRunFolder(folder, legacy);
    if (place.gpus.length > 0) await writeRecord(folder, 'place', { gpus: [...place.gpus] }, false);
    writeSpec(folder, spec);
  } catch (error) {
    shell.release();
    throw error;
  }
  return {
    spec,
    environment,
    begin: () => shell.begin({ runId, folder, command }),
    release: () => shell.release(),
  };
}
