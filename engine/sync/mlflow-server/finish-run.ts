import { z } from 'zod';
import type { SyncReceipt } from '../../../contract/index.ts';
import { runInfoJson } from '../../mlflow-answers/index.ts';
import type { RecordedRun } from '../../tracking/index.ts';
import type { Outcome } from '../carrier.ts';
import { knownRemoteId, localRun, originOf, remoteIdIn } from '../delivery-context.ts';
import { filesLeftOut } from '../files-left-out.ts';
import { SendFailure } from '../link/send-failure.ts';
import type { OperationRow } from '../outbox/delivery-rows.ts';
import { hasOrigin, originFilter, type ErrandContext } from './errand-context.ts';
import type { RemoteRun } from './remote.ts';
import { removeTwins } from './remove-twins.ts';
import type { FileProof } from './send-file.ts';
import type { MetricsProof } from './send-metrics.ts';
import { isCut } from '../params-conflict.ts';
import { localModel } from './send-model.ts';
import { tagsOf } from './send-run.ts';

const runningStates: ReadonlySet<string> = new Set(['RUNNING', 'SCHEDULED']);
const noticesOf = (proof: unknown): string[] =>
  z.object({ notices: z.array(z.string()) }).safeParse(proof).data?.notices ?? [];

/**
 * The last step of a run: its models are ready, its end is told, and then the server is asked anew for everything. A
 * difference sends the whole delivery round once more; the receipt holds what was found.
 */
export async function finishRun(
  context: ErrandContext,
  operations: readonly OperationRow[],
): Promise<Outcome> {
  const { remote, target, facts } = context;
  const run = localRun(context);
  const runId = knownRemoteId(context, 'run', run.runId);
  const before = await remote.run(runId);
  const notices = [
    ...operations.flatMap(({ proof }) => noticesOf(proof)),
    ...filesLeftOut(context, run, operations),
    ...(await removeTwinsOf(context, run, before)),
    ...(await finishModels(context, run, before, operations)),
  ];
  const { status, end_time: endTime } = runInfoJson(run);
  if (before.info.status !== status || (endTime ?? 0) !== (before.info.end_time ?? 0))
    await remote.updateRun({
      run_id: runId,
      status,
      ...(endTime === undefined ? {} : { end_time: endTime }),
    });

  const there = await remote.run(runId);
  const wrong = [...differences(context, run, there, notices)];
  if (runningStates.has(status)) notices.push('the run goes on: push it again when it has ended');
  if (wrong.length > 0)
    throw new SendFailure('failed', {
      code: 'conflict',
      what: 'The target does not give back what was sent.',
      evidence: wrong.slice(0, 10).join('\n'),
    });
  const receipt: SyncReceipt = {
    at: Date.now(),
    address: target.address,
    version: facts.version,
    remoteId: runId,
    url: `${target.address}/#/experiments/${there.info.experiment_id}/runs/${runId}`,
    params: there.data.params.length,
    tags: there.data.tags.length,
    metrics: operations
      .filter(({ kind }) => kind === 'metrics')
      .flatMap(({ proof }) => (proof === null ? [] : [...(proof as MetricsProof).series])),
    files: operations
      .filter(({ kind, proof }) => kind === 'file' && proof !== null)
      .map(({ proof }) => {
        const { path, sizeBytes, sha256 } = proof as FileProof;
        return { path, sizeBytes, sha256 };
      }),
    aliases: [],
    notices,
  };
  return { kind: 'verified', receipt };
}

async function removeTwinsOf(context: ErrandContext, run: RecordedRun, there: RemoteRun): Promise<string[]> {
  const { remote } = context;
  const origin = originOf(context, run.runId, run.tags);
  const runs = await remote.searchRuns(there.info.experiment_id, originFilter(origin));
  const found = runs
    .filter(({ info, data }) => info.lifecycle_stage === 'active' && hasOrigin(data.tags, origin))
    .map(({ info, data }) => ({
      id: info.run_id,
      isLeftOver:
        data.params.length + data.metrics.length === 0 && runningStates.has(info.status ?? 'RUNNING'),
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return removeTwins(context, { ours: there.info.run_id, found, remove: remote.deleteRun });
}

async function finishModels(
  { remote, facts, ...context }: ErrandContext,
  run: RecordedRun,
  there: RemoteRun,
  operations: readonly OperationRow[],
): Promise<string[]> {
  if (!facts.hasModels) return [];
  const notices: string[] = [];
  const whole = { remote, facts, ...context };
  for (const { subject } of operations.filter(({ kind }) => kind === 'model')) {
    const modelId = knownRemoteId(whole, 'model', subject);
    const { status } = (await remote.model(modelId)).info;
    if (!isReady(status)) await remote.finalizeModel(modelId);
    const origin = originOf(whole, subject, localModel(whole, subject).tags);
    const models = await remote.searchModels(there.info.experiment_id, originFilter(origin));
    const found = models
      .filter(({ info }) => hasOrigin(info.tags, origin))
      .map(({ info }) => ({ id: info.model_id, isLeftOver: !isReady(info.status) }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    notices.push(...(await removeTwins(whole, { ours: modelId, found, remove: remote.deleteModel })));
  }
  // The server would keep an output twice: only what it has not is sent, and it was asked just now.
  const known = new Set(there.outputs.model_outputs.map(({ model_id: id }) => id));
  const models = run.modelOutputs.flatMap(({ modelId, step }) => {
    const id = remoteIdIn(whole, 'model', modelId);
    return id === undefined || known.has(id) ? [] : [{ model_id: id, step: step ?? 0 }];
  });
  if (models.length > 0) await remote.logOutputs({ run_id: there.info.run_id, models });
  return notices;
}

/** LOGGED_MODEL_READY of MLflow's service.proto, by its name or its number. */
const isReady = (status: string | number | undefined): boolean =>
  status === 'LOGGED_MODEL_READY' || status === 2;

/** What the server has otherwise than it was sent. What it cut or refused was told already, and goes into the notices. */
function* differences(
  context: ErrandContext,
  run: RecordedRun,
  there: RemoteRun,
  notices: string[],
): Generator<string> {
  const told = (kind: string, key: string) => notices.some((notice) => notice.startsWith(`${kind} ${key}`));
  const params = new Map(there.data.params.map(({ key, value }) => [key, value]));
  const tags = new Map(there.data.tags.map(({ key, value }) => [key, value]));
  const lists = [
    ['param', run.params.map(([key, value]) => ({ key, value })), params],
    ['tag', tagsOf(context, run), tags],
  ] as const;
  for (const [kind, own, theirs] of lists) {
    for (const { key, value } of own) {
      const remote = theirs.get(key);
      if (remote === value || told(kind, key)) continue;
      if (remote !== undefined && isCut(value, remote))
        notices.push(
          `${kind} ${key}: the target keeps its first ${remote.length} of ${value.length} characters`,
        );
      else yield `${kind} ${key}: sent ${value.slice(0, 100)}, found ${remote?.slice(0, 100) ?? 'nothing'}`;
    }
  }
}
