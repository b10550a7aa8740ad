import { resolve } from 'node:path';
import {
  BenchtopError,
  type Pipeline,
  type PipelineStage,
  type Project,
  type StageRecord,
  type StageStatus,
} from '../../../contract/index.ts';
import type { Data } from '../../data/index.ts';
import type { Environments } from '../../environments/index.ts';
import type { Objects } from '../../objects/index.ts';
import type { Store } from '../../store/index.ts';
import type { RunTimes, Tracking } from '../../tracking/index.ts';
import { judgeStage, type JudgeTools } from './judge-stage.ts';
import { bringBack, clearOutput, differingOutputs, makeFolderOf, takeOutput } from './output-places.ts';
import { createPathContents } from './path-contents.ts';
import {
  lastResult,
  markUsed,
  recordResult,
  resultByKey,
  resultOfRun,
  resultsOf,
  type RecordedOutput,
} from './results.ts';
import { createStageEnvironments } from './stage-environments.ts';
import { stageInputs, stageKey } from './stage-inputs.ts';
import { createStageLocks } from './stage-locks.ts';
import { stageRecordOf } from './stage-record.ts';
import type { CommittedStage, StalenessCheck } from './staleness-check.ts';
import { createSeenFiles, undeclaredInputs } from './undeclared-inputs.ts';

/** Where a project is looked at, and as whom. */
export interface CheckedProject {
  readonly project: Pick<Project, 'id' | 'path'>;
  readonly pipeline: Pipeline;
  /** Variables that commands would be started with, over those that all runs of the project have. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface Staleness {
  begin(what: CheckedProject): StalenessCheck;
  /** Stages of the pipeline, in its order and with all upstream of them; what runs first makes those behind it stale. */
  status(what: CheckedProject, stages: readonly PipelineStage[]): Promise<StageStatus[]>;
  /** What was recorded of a stage, the newest first. */
  history(projectId: string, stage: string, limit: number): StageRecord[];
  /** Files that processes of a run had open for reading. */
  opened(runId: string, paths: readonly string[]): void;
}

/** Tells why stages have to run, and keeps what they made. */
export function createStaleness({
  store,
  objects,
  data,
  environments,
  environmentOf,
  runs,
  now,
}: {
  store: Store;
  objects: Pick<Objects, 'hashFiles' | 'read' | 'sizeBytes' | 'has' | 'digestFiles'>;
  data: Pick<
    Data,
    | 'seenSince'
    | 'keep'
    | 'keepOutput'
    | 'noteInputs'
    | 'isKept'
    | 'place'
    | 'changedFiles'
    | 'versionBelow'
    | 'entriesAt'
  >;
  environments: Pick<Environments, 'lookForInterpreters' | 'stampOf' | 'programOf'>;
  /** All variables that a run of a project is started with, less Benchtop's own: they decide which interpreter it finds. */
  environmentOf: (
    projectId: string,
    asked: Readonly<Record<string, string>>,
  ) => Readonly<Record<string, string | undefined>>;
  runs: Pick<Tracking, 'run' | 'timesOf'>;
  now: () => number;
}): Staleness {
  const stageEnvironments = createStageEnvironments(store, environments);
  const seen = createSeenFiles((runId) => runs.run(runId).tags['benchtop.stage'] !== undefined);

  function toolsOf({ project, pipeline, env, signal }: CheckedProject): JudgeTools {
    const contents = createPathContents(
      project.path,
      objects,
      (path, since, hashing) => data.seenSince(path, since, signal, hashing),
      data.versionBelow,
    );
    return {
      projectId: project.id,
      projectPath: project.path,
      stages: new Map(pipeline.stages.map((stage) => [stage.name, stage])),
      sources: pipeline.sources,
      store,
      data,
      signal,
      contents,
      locks: createStageLocks({
        projectPath: project.path,
        pipeline,
        contents,
        store,
        objects,
        data,
        signal,
      }),
      environmentOf: stageEnvironments.look(project.path, environmentOf(project.id, env)),
      environments: stageEnvironments,
      changedFiles: (path, before) => data.changedFiles(before, `${project.path}/${path}`, signal),
    };
  }

  function begin(what: CheckedProject): StalenessCheck {
    const tools = toolsOf(what);
    const { id: projectId, path: projectPath } = what.project;
    /** Runs that this look has seen begin, of which nothing can be recorded yet. */
    const begun = new Set<string>();

    return {
      judge: (stage, toRun = []) => judgeStage(tools, stage, toRun),
      async restore(_stage, key) {
        const found = store.now((db) => resultByKey(db, projectId, key));
        if (found === null) return null;
        for (const { path } of found.outputs) tools.contents.forget(path);
        const differing = await differingOutputs(tools, found.outputs);
        if (differing.some(({ canComeBack }) => !canComeBack)) return null;
        try {
          for (const { recorded } of differing) await bringBack(tools, recorded);
        } catch (error) {
          const isLost =
            error instanceof BenchtopError && (error.code === 'damaged-object' || error.code === 'not-found');
          if (!isLost) throw error;
          for (const { path } of found.outputs) tools.contents.forget(path);
          return null;
        }
        await store.write('pipelines.restored', (db) => markUsed(db, found.id, now()));
        return { runId: found.runId };
      },
      async prepare(stage) {
        const ownVersion = (path: string) =>
          store
            .now((db) => lastResult(db, projectId, stage.name))
            ?.outputs.find((output) => output.path === path)?.version ?? null;
        for (const output of stage.outputs) {
          if (output.isPersistent) await makeFolderOf(resolve(projectPath, output.path));
          else await clearOutput(tools, output.path, ownVersion);
        }
      },
      async noteInputs({ deps }, runId) {
        begun.add(runId);
        const { contents } = tools;
        // What cannot be read is told by who reads it for the record.
        const versions = await Promise.all(deps.map((path) => contents.versionAt(path).catch(() => null)));
        const inputs = deps.flatMap((path, at) => {
          const version = versions[at] ?? null;
          const hasLinks = contents.mayHaveLinks(path);
          return version === null ? [] : [{ path: resolve(projectPath, path), version, hasLinks }];
        });
        return (db) => data.noteInputs(db, runId, inputs);
      },
      async commit(stage, judged, runId): Promise<CommittedStage> {
        const since = performance.now();
        const before = begun.delete(runId) ? null : store.now((db) => resultOfRun(db, runId));
        if (before !== null) return committed(before.key !== null, before.undeclared);
        const outputs: RecordedOutput[] = [];
        for (const output of stage.outputs) outputs.push(await takeOutput(tools, stage.name, output, runId));
        for (const path of stage.deps) tools.contents.lookAgain(path, since);
        const inputs = await stageInputs(stage, tools);
        const isKept = judged.key !== null && stageKey(stage.name, inputs) === judged.key;
        const ran = runs.timesOf(runId);
        const undeclared = undeclaredInputs(seen.take(runId), {
          projectPath,
          pipeline: what.pipeline,
          stage,
          startedAt: ran.startedAt,
        });
        await tools.locks.write(stage);
        const lock = await tools.locks.of(stage);
        await store.writeSoon('pipelines.result', (db) =>
          recordResult(db, projectId, {
            stage: stage.name,
            key: isKept ? judged.key : null,
            runId,
            recordedAt: now(),
            inputs,
            outputs,
            reasons: judged.reasons,
            undeclared,
            lockEntry: lock?.entryId ?? null,
            elapsedMs: elapsedMs(ran),
          }),
        );
        return committed(isKept, undeclared);
      },
    };
  }

  return {
    begin,
    async status(what, stages) {
      const tools = toolsOf(what);
      // What has to be read is shared out among the workers: afterwards each stage finds it known, or what is wrong with it.
      await Promise.allSettled(
        stages.flatMap(({ deps }) => deps.map((path) => tools.contents.versionAt(path))),
      );
      const judged: StageStatus[] = [];
      const toRun = new Set<string>();
      for (const stage of stages) {
        const { key: _key, ...status } = await judgeStage(
          tools,
          stage,
          stage.upstream.filter((name) => toRun.has(name)),
        );
        if (status.state === 'stale') toRun.add(stage.name);
        judged.push(status);
      }
      return judged;
    },
    history: (projectId, stage, limit) =>
      store
        .now((db) => resultsOf(db, projectId, stage, limit))
        .map((result) => stageRecordOf(result, stageEnvironments.byId)),
    opened: seen.opened,
  };
}

/** How long a run took, gaps in which the machine slept left out. */
function elapsedMs({ startedAt, endedAt, gaps }: RunTimes): number | null {
  if (startedAt === null || endedAt === null) return null;
  return gaps.reduce((left, gap) => left - ((gap.to ?? gap.from) - gap.from), endedAt - startedAt);
}

const committed = (isKept: boolean, undeclared: readonly string[]): CommittedStage => ({
  isKept,
  note: isKept
    ? null
    : 'What it reads changed while it ran: its outputs are not taken for those of either, and it will run again.',
  undeclared,
});
