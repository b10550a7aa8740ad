import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { Pipeline, PipelineStage } from '../../../contract/index.ts';
import { openDataHouse } from '../../fixture-data.ts';
import { createEnvironments } from '../../environments/index.ts';
import { createStaleness, type CheckedProject } from './create-staleness.ts';
import type { StalenessCheck } from './staleness-check.ts';

/** For tests: staleness on a real store and real files. Stages are run by a shell, and their runs recorded. */
export async function openStalenessHouse(
  stages: () => readonly PipelineStage[],
  sources: () => Pipeline['sources'] = () => [],
) {
  const house = await openDataHouse(Date.now);
  const { root, projectPath, project, store, objects, tracking, data, now } = house;
  const environments = createEnvironments({
    store,
    now,
    project: () => project,
    preferences: { read: () => ({}), write: async () => undefined },
    environmentsPath: join(root, 'environments'),
    readerPath: '',
    onUnexpected: (error) => {
      throw error;
    },
  });
  const variables: Record<string, string | undefined> = { ...process.env };
  const staleness = createStaleness({
    store,
    objects,
    data,
    environments,
    environmentOf: (_projectId, asked) => ({ ...variables, ...asked }),
    runs: tracking,
    now,
  });
  const { signal } = new AbortController();
  const looked = (): CheckedProject => ({
    project,
    pipeline: { file: 'benchtop.yaml', stages: [...stages()], sources: sources(), problems: [] },
    env: {},
    signal,
  });

  /** Runs a stage as an execution does. */
  async function execute(check: StalenessCheck, stage: PipelineStage): Promise<string> {
    const judged = await check.judge(stage);
    if (judged.state === 'up-to-date' || judged.state === 'frozen') return judged.state;
    const isBack = judged.state === 'restorable' && judged.key !== null;
    if (isBack && (await check.restore(stage, judged.key)) !== null) return 'restored';
    await check.prepare(stage);
    const runId = await startRun(stage.name);
    // As the record of a run's inputs does.
    for (const path of stage.deps) await data.keep(resolve(projectPath, path), signal);
    for (const command of stage.commands)
      execFileSync('sh', ['-c', command], { cwd: join(projectPath, stage.workingFolder), env: variables });
    const { isKept } = await check.commit(stage, judged, runId);
    return isKept ? 'ran' : 'ran unkept';
  }

  async function startRun(name: string): Promise<string> {
    const { id } = await tracking.createRun({
      projectId: 'p',
      name,
      source: 'runner',
      status: 'running',
      command: ['sh'],
      workingFolder: projectPath,
      createdAt: now(),
      startedAt: now(),
      tags: { 'benchtop.stage': name },
    });
    return id;
  }

  return {
    ...house,
    staleness,
    /** What commands are started with. */
    variables,
    startRun,
    begin: () => staleness.begin(looked()),
    status: () => staleness.status(looked(), stages()),
    /** Runs what has to be run, and says of each stage what became of it. */
    async repro(): Promise<Record<string, string>> {
      const check = staleness.begin(looked());
      const came: Record<string, string> = {};
      for (const stage of stages()) came[stage.name] = await execute(check, stage);
      return came;
    },
    /** State and reasons of each stage, briefly. */
    async why(): Promise<Record<string, string>> {
      const judged = await staleness.status(looked(), stages());
      return Object.fromEntries(
        judged.map(({ name, state, reasons }) => [
          name,
          [state, ...reasons.map((reason) => Object.values(reason).filter(isShort).join(' '))].join('; '),
        ]),
      );
    },
  };
}

/** Ids of contents would say nothing to a reader. */
const isShort = (value: unknown): value is string =>
  typeof value === 'string' && !/^[0-9a-f]{64}$/.test(value);
