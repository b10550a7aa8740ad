import type { Pipeline, PipelineStage, StageReason, StageWarning } from '../../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import { lockReasons } from '../dvc-lock/index.ts';
import { environmentReasons } from './environment-reasons.ts';
import { inputReasons } from './input-reasons.ts';
import { differingOutputs, type OutputTools } from './output-places.ts';
import { covers, plainPath } from './path-contents.ts';
import { expectedMs, lastResult, resultByKey, type StageResult } from './results.ts';
import type { StageEnvironments } from './stage-environments.ts';
import type { StageLocks } from './stage-locks.ts';
import { stageInputs, stageKey, type InputSources, type StageInputs } from './stage-inputs.ts';
import type { JudgedStage } from './staleness-check.ts';

export interface JudgeTools extends OutputTools, InputSources {
  readonly projectId: string;
  /** All of the pipeline, by name. */
  readonly stages: ReadonlyMap<string, PipelineStage>;
  /** Data that `.dvc` files track. */
  readonly sources: Pipeline['sources'];
  readonly store: Store;
  readonly environments: Pick<StageEnvironments, 'byId'>;
  readonly changedFiles: Parameters<typeof inputReasons>[2];
  readonly locks: StageLocks;
}

type Judgement = Pick<JudgedStage, 'state' | 'reasons' | 'runId'> & { readonly isByLock?: true };

/** See StalenessCheck.judge. */
export async function judgeStage(
  tools: JudgeTools,
  stage: PipelineStage,
  asked: readonly string[],
): Promise<JudgedStage> {
  const { store, projectId } = tools;
  const inputs = await stageInputs(stage, tools);
  const toRun = [...asked, ...toBeBroughtBack(tools, stage)];
  const isWhole = toRun.length === 0 && inputs.deps.every(({ version }) => version !== null);
  const key = isWhole ? stageKey(stage.name, inputs) : null;
  const last = store.now((db) => lastResult(db, projectId, stage.name));
  const { isByLock = false, ...judged } = await judgement(tools, stage, inputs, { key, last, toRun });
  const isHeldBack = stage.isFrozen && judged.state !== 'up-to-date';
  return {
    name: stage.name,
    ...judged,
    state: isHeldBack ? 'frozen' : judged.state,
    key,
    warnings: [
      ...(isByLock ? [{ kind: 'by-dvc-lock' as const }] : []),
      ...(await sourceWarnings(tools, stage)),
      ...warningsOf(stage, last),
    ],
    expectedMs:
      judged.state === 'stale' && last !== null
        ? store.now((db) => expectedMs(db, projectId, stage.name))
        : (last?.elapsedMs ?? null),
  };
}

async function judgement(
  tools: JudgeTools,
  stage: PipelineStage,
  inputs: StageInputs,
  { key, last, toRun }: { key: string | null; last: StageResult | null; toRun: readonly string[] },
): Promise<Judgement> {
  const stale = (reasons: StageReason[]): Judgement => ({
    state: 'stale',
    reasons,
    runId: last?.runId ?? null,
  });
  if (isAlwaysChanged(stage)) return stale([{ kind: 'always-changed' }]);
  const { store, projectId, contents } = tools;
  const found =
    key === null ? null : last?.key === key ? last : store.now((db) => resultByKey(db, projectId, key));
  const differing = found === null ? [] : await differingOutputs(tools, found.outputs);
  if (found !== null && differing.length === 0)
    return { state: 'up-to-date', reasons: [], runId: found.runId };
  const byLock = await reasonsByLock(tools, stage, last, toRun);
  if (byLock?.length === 0 && toRun.length === 0)
    return { state: 'up-to-date', reasons: [], runId: null, isByLock: true };
  if (found !== null) {
    const reasons = [
      ...(last === null || last.id === found.id ? [] : await differenceTo(tools, last, inputs, [])),
      ...differing.map(({ reason }) => reason),
    ];
    if (differing.some(({ canComeBack }) => !canComeBack)) return stale(reasons);
    for (const { recorded } of differing) contents.expect(recorded.path, recorded.version);
    return { state: 'restorable', reasons, runId: found.runId };
  }
  const upstream = toRun.map((name): StageReason => ({ kind: 'upstream', stage: name }));
  if (last === null && byLock !== null)
    return { ...stale([...byLock, ...upstream]), runId: null, isByLock: true };
  if (last === null) return stale([{ kind: 'never-run' }, ...missingDeps(inputs, tools, toRun), ...upstream]);
  const differences: StageReason[] = await differenceTo(tools, last, inputs, toRun);
  const outputs = (
    await differingOutputs(
      tools,
      last.outputs.filter(({ path }) => inputs.outputs.includes(path)),
    )
  ).map(({ reason }) => reason);
  const reasons = [...differences, ...outputs, ...upstream];
  return stale(reasons.length === 0 ? [{ kind: 'unsettled' }] : reasons);
}

/** By dvc.lock, when it says something of the stage that was not known here when the last result was recorded; else null. */
async function reasonsByLock(
  { locks, projectPath, stages }: JudgeTools,
  stage: PipelineStage,
  last: StageResult | null,
  toRun: readonly string[],
): Promise<StageReason[] | null> {
  const lock = await locks.of(stage);
  if (lock === null || last?.lockEntry === lock.entryId) return null;
  const isOpen = madeBy(stages, toRun);
  const settled = { ...stage, deps: stage.deps.filter((path) => !isOpen(path)) };
  return lockReasons(lock.locked, settled, { projectPath, contentOf: locks.contentOf });
}

/** DVC's rule: what declares neither what it reads nor what it writes cannot be told to be up to date. */
const isAlwaysChanged = (stage: PipelineStage): boolean =>
  stage.isAlwaysChanged || (!readsAnything(stage) && stage.outputs.length === 0);

const readsAnything = ({ deps, externalDeps, params }: PipelineStage): boolean =>
  deps.length + externalDeps.length + params.length > 0;

/** Stages upstream whose outputs will be brought back into a folder that this one reads: what it will hold is not known before. */
function toBeBroughtBack({ stages, contents }: JudgeTools, { upstream, deps }: PipelineStage): string[] {
  const folders = deps.map(plainPath);
  const isOpen = (path: string) =>
    contents.isExpected(path) && folders.some((folder) => folder !== path && covers(folder, path));
  return upstream.filter((name) =>
    (stages.get(name)?.outputs ?? []).some(({ path }) => isOpen(plainPath(path))),
  );
}

/** Against an earlier result; what stages that will run first are about to write is left to them. */
async function differenceTo(
  { environments, changedFiles, stages }: JudgeTools,
  { inputs: before }: StageResult,
  after: StageInputs,
  toRun: readonly string[],
): Promise<StageReason[]> {
  const isOpen = madeBy(stages, toRun);
  const settled = (inputs: StageInputs): StageInputs => ({
    ...inputs,
    deps: inputs.deps.filter(({ path }) => !isOpen(path)),
  });
  return [
    ...(await inputReasons(settled(before), settled(after), changedFiles)),
    ...environmentReasons(
      before.environmentId === null ? null : environments.byId(before.environmentId),
      after.environmentId === null ? null : environments.byId(after.environmentId),
    ),
  ];
}

function missingDeps({ deps }: StageInputs, { stages }: JudgeTools, toRun: readonly string[]): StageReason[] {
  const isOpen = madeBy(stages, toRun);
  return deps
    .filter(({ path, version }) => version === null && !isOpen(path))
    .map(({ path }) => ({
      kind: 'dep',
      path,
      change: 'missing',
      files: [],
      fileCount: 0,
      beforeId: null,
      afterId: null,
    }));
}

/** Whether a path is, holds or lies in what some stages write. */
function madeBy(stages: JudgeTools['stages'], names: readonly string[]): (path: string) => boolean {
  const outputs = names.flatMap((name) =>
    (stages.get(name)?.outputs ?? []).map(({ path }) => plainPath(path)),
  );
  return (path) =>
    outputs.some((output) => covers(output, plainPath(path)) || covers(plainPath(path), output));
}

/** Data that it reads and that its `.dvc` file names otherwise; what is not there at all is a reason to DVC and to us. */
async function sourceWarnings(
  { sources, locks }: JudgeTools,
  { deps }: PipelineStage,
): Promise<StageWarning[]> {
  const read = sources.filter(
    ({ path, md5 }) =>
      md5 !== null && deps.map(plainPath).some((dep) => covers(dep, path) || covers(path, dep)),
  );
  const warnings = await Promise.all(
    read.map(async ({ path, file, md5, isFolder }): Promise<StageWarning[]> => {
      const content = await locks.contentOf(path);
      const isSame = content === null || (content.md5 === md5 && content.isFolder === isFolder);
      return isSame ? [] : [{ kind: 'source-differs', path, file }];
    }),
  );
  return warnings.flat();
}

function warningsOf(stage: PipelineStage, last: StageResult | null): StageWarning[] {
  const hasNoDeps = !readsAnything(stage) && stage.outputs.length > 0;
  const declared = [...stage.deps, ...stage.params.map(({ file }) => file)].map(plainPath);
  const undeclared = (last?.undeclared ?? []).filter(
    (path) => !declared.some((one) => covers(one, plainPath(path))),
  );
  return [
    ...(hasNoDeps ? [{ kind: 'no-deps' as const }] : []),
    ...stage.externalDeps.map((address) => ({ kind: 'external-input' as const, address })),
    ...undeclared.map((path) => ({ kind: 'undeclared-input' as const, path })),
  ];
}
