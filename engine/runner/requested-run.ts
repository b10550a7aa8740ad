import { usualName } from '../tracking/index.ts';
import { newRunId } from '../run-id.ts';
import { argumentParams, recordableCommand } from './argument-params.ts';
import { defaultGpus, engineVariables, interpreterPath, visibleGpus } from './child-environment.ts';
import { configParams } from './config-params.ts';
import { paramsTags } from './own-tags.ts';
import type { RunRecord } from './run-folder.ts';
import type { RunnerOptions, RunRequest } from './runner.ts';
import { checkProgram, checkSecrets, workingFolderOf } from './start-check.ts';

/** A run as it is first recorded, as one that waits. */
export type RequestedRun = Parameters<RunnerOptions['recorder']['createRun']>[0] & {
  readonly id: string;
  readonly name: string;
  readonly command: string[];
};

/**
 * Checks that a request can be started, and tells the run that it asks for, with the params that its arguments and configuration
 * files tell. Records nothing.
 *
 * @throws {BenchtopError} for what cannot be started.
 */
export async function requestedRun(
  request: RunRequest,
  { project, interpreterOf, now }: Pick<RunnerOptions, 'project' | 'interpreterOf'> & { now: () => number },
): Promise<{ run: RequestedRun; asked: RunRecord<'asked'> }> {
  const { projectId, command, name, params = {}, tags = {}, timeLimitMs } = request;
  checkSecrets(command, request.env ?? {});
  const workingFolder = workingFolderOf(
    project(projectId).path,
    request.workingFolder,
    request.scratchFolder,
  );
  const env = { ...interpreterPath(interpreterOf(projectId)), ...request.env };
  const variables = engineVariables();
  checkProgram(command[0] ?? '', workingFolder, env['PATH'] ?? variables['PATH'] ?? '');
  const fromArguments = argumentParams(command);
  const fromFiles = await configParams(command, workingFolder);
  const id = request.runId ?? newRunId();
  const run: RequestedRun = {
    id,
    name: name ?? usualName(id),
    projectId,
    status: 'queued',
    command: recordableCommand(command),
    workingFolder,
    source: 'runner',
    createdAt: now(),
    startedAt: null,
    params: { ...fromFiles.params, ...fromArguments, ...params },
    tags: { ...tags, ...paramsTags(fromFiles.files, Object.keys(fromArguments), params) },
    together: request.together,
    isSoon: request.isRepeatable,
  };
  const asked = {
    command,
    workingFolder,
    env,
    timeLimitMs: timeLimitMs ?? null,
    gpus: request.gpus ?? defaultGpus(env[visibleGpus] ?? variables[visibleGpus]),
    memoryBytes: request.memoryBytes ?? null,
    priority: request.priority ?? 'normal',
    slots: request.slots ?? 0,
    group: request.group ?? null,
    inputs: request.inputs ?? [],
    outputs: request.outputs ?? [],
  };
  return { run, asked };
}
