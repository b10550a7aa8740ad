import type { Run } from '../../contract/index.ts';
import { argumentParams, recordableCommand } from './argument-params.ts';
import { defaultGpus, interpreterPath } from './child-environment.ts';
import { configParams } from './config-params.ts';
import { paramsTags } from './own-tags.ts';
import type { RunRecord } from './run-folder.ts';
import type { RunnerOptions, RunRequest } from './runner.ts';
import { checkProgram, checkSecrets, workingFolderOf } from './start-check.ts';

/**
 * Checks that a request can be started and records its run as one that waits, with the params that its arguments and
 * configuration files tell.
 *
 * @throws {BenchtopError} for what cannot be started; then there is no run.
 */
export async function recordRequest(
  request: RunRequest,
  {
    recorder,
    project,
    interpreterOf,
    now,
  }: Pick<RunnerOptions, 'recorder' | 'project' | 'interpreterOf'> & { now: () => number },
): Promise<{ run: Run; asked: RunRecord<'asked'> }> {
  const { projectId, command, name, params = {}, tags = {}, timeLimitMs } = request;
  checkSecrets(command, request.env ?? {});
  const workingFolder = workingFolderOf(
    project(projectId).path,
    request.workingFolder,
    request.scratchFolder,
  );
  const env = { ...interpreterPath(interpreterOf(projectId)), ...request.env };
  checkProgram(command[0] ?? '', workingFolder, env['PATH'] ?? process.env['PATH'] ?? '');
  const fromArguments = argumentParams(command);
  const fromFiles = await configParams(command, workingFolder);
  const run = await recorder.createRun({
    id: request.runId,
    ...(name === undefined ? {} : { name }),
    projectId,
    status: 'queued',
    command: recordableCommand(command),
    workingFolder,
    source: 'runner',
    createdAt: now(),
    startedAt: null,
    params: { ...fromFiles.params, ...fromArguments, ...params },
    tags: { ...tags, ...paramsTags(fromFiles.files, Object.keys(fromArguments), params) },
  });
  const asked = {
    command,
    workingFolder,
    env,
    timeLimitMs: timeLimitMs ?? null,
    gpus: request.gpus ?? defaultGpus({ ...process.env, ...env }),
    memoryBytes: request.memoryBytes ?? null,
    priority: request.priority ?? 'normal',
    slots: request.slots ?? 0,
    group: request.group ?? null,
    inputs: request.inputs ?? [],
    outputs: request.outputs ?? [],
  };
  return { run, asked };
}
