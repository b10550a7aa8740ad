import { runJson } from '../../mlflow-answers/index.ts';
import { experimentById, type Experiment, type RecordedRun } from '../../tracking/index.ts';
import type { Outcome } from '../carrier.ts';
import { originOf, originTag, localRun, rememberRemoteId, remoteIdIn } from '../delivery-context.ts';
import { refusal, SendFailure } from '../link/send-failure.ts';
import { originFilter, type ErrandContext } from './errand-context.ts';
import { differingParams, keptParams, paramsConflict } from '../params-conflict.ts';
import type { RemoteRun } from './remote.ts';
import { rewriteReferences } from './rewrite-references.ts';
import { batchesOf, sendEach } from './send-each.ts';

/** As many params and tags as MLflow takes in one call. */
const batchSize = 100;

/** What a run's own facts left at the server. */
export interface RunProof {
  readonly params: number;
  readonly tags: number;
  readonly notices: readonly string[];
}

/** Makes the run at the server, or finds it there, and sends what it is: params, tags, data sets. */
export async function sendRun(context: ErrandContext): Promise<Outcome> {
  const run = localRun(context);
  const experimentId = await remoteExperiment(context, run.experiment);
  const there = await remoteRunOf(context, run, experimentId);
  if (there.info.lifecycle_stage !== 'active')
    return {
      kind: 'conflict',
      conflict: {
        what: 'Somebody deleted this run at the target.',
        differences: [],
        waysOut: ['both', 'skip'],
      },
    };
  const differing = differingParams(
    run.params,
    new Map(there.data.params.map(({ key, value }) => [key, value])),
  );
  if (differing.length > 0 && !context.delivery.keepsTheirs)
    return { kind: 'conflict', conflict: paramsConflict(differing) };
  const notices = keptParams(differing);
  const refused = (kind: string) => (item: { key: string }, failure: SendFailure) => {
    notices.push(`${kind} ${item.key} was refused: ${failure.message}`);
  };
  const known = new Set(there.data.params.map(({ key }) => key));
  const params = run.params.filter(([key]) => !known.has(key)).map(([key, value]) => ({ key, value }));
  for (const batch of batchesOf(params, batchSize))
    await sendEach(batch, (some) => logBatch(context, there.info.run_id, { params: some }), refused('param'));
  const theirs = new Map(there.data.tags.map(({ key, value }) => [key, value]));
  const tags = tagsOf(context, run).filter(({ key, value }) => theirs.get(key) !== value);
  for (const batch of batchesOf(tags, batchSize))
    await sendEach(batch, (some) => logBatch(context, there.info.run_id, { tags: some }), refused('tag'));
  await sendDatasets(context, run, there);
  const proof: RunProof = { params: run.params.length, tags: tagsOf(context, run).length, notices };
  return { kind: 'verified', proof };
}

const logBatch = ({ remote, progress }: ErrandContext, runId: string, lists: object): Promise<unknown> =>
  remote.logBatch(JSON.stringify({ run_id: runId, ...lists }), progress.sent);

/** The experiment of that name at the server, made where it is missing. */
export async function remoteExperiment(context: ErrandContext, localId: number): Promise<string> {
  const { remote, store } = context;
  const experiment = store.now((db) => experimentById(db, localId));
  if (experiment === undefined) throw new Error(`There is no experiment ${localId}.`);
  const found = await remote.experimentByName(experiment.name);
  if (found !== null && found.lifecycle_stage !== 'active')
    throw refusal(
      `The target has an experiment "${experiment.name}" in its bin, and takes no other of that name.`,
      'Restore it there, or rename yours.',
    );
  const id = found?.experiment_id ?? (await newExperiment(context, experiment));
  if (remoteIdIn(context, 'experiment', String(localId)) !== id)
    await rememberRemoteId(context, 'experiment', String(localId), id);
  return id;
}

/** Two that make the same one at the same moment, from here or from another laptop, get the same one. */
async function newExperiment({ remote }: ErrandContext, { name, tags }: Experiment): Promise<string> {
  try {
    const made = await remote.createExperiment(
      name,
      tags.map(([key, value]) => ({ key, value })),
    );
    return made.experiment_id;
  } catch (error) {
    const isThere = error instanceof SendFailure && error.remoteCode === 'RESOURCE_ALREADY_EXISTS';
    const found = isThere ? await remote.experimentByName(name) : null;
    if (found === null) throw error;
    return found.experiment_id;
  }
}

/** The run at the server: the one we know, the one that carries its origin, or a new one. */
async function remoteRunOf(
  context: ErrandContext,
  run: RecordedRun,
  experimentId: string,
): Promise<RemoteRun> {
  const { remote } = context;
  const mapped = remoteIdIn(context, 'run', run.runId);
  if (mapped !== undefined) return remote.run(mapped);
  const origin = originOf(context, run.runId, run.tags);
  const runs = await remote.searchRuns(experimentId, originFilter(origin));
  const active = runs.filter(({ info }) => info.lifecycle_stage === 'active');
  const [found = runs[0]] = active.toSorted((a, b) => (a.info.run_id < b.info.run_id ? -1 : 1));
  const there =
    found ??
    (await remote.createRun({
      experiment_id: experimentId,
      user_id: run.userId ?? '',
      run_name: run.name,
      start_time: run.startedAt ?? 0,
      tags: [
        ...tagsOf(context, run).filter(({ key }) => firstTags.has(key)),
        { key: originTag, value: origin },
      ],
    }));
  await rememberRemoteId(context, 'run', run.runId, there.info.run_id);
  return there;
}

/** What a run is found by: sent with the very call that makes it. The others come behind. */
const firstTags = new Set([
  'mlflow.runName',
  'mlflow.user',
  'mlflow.source.name',
  'mlflow.source.type',
  'mlflow.parentRunId',
]);

/** The tags of a run as they are to be there. */
export function tagsOf(context: ErrandContext, run: RecordedRun): { key: string; value: string }[] {
  const tags = (runJson(run).data.tags ?? []) as { key: string; value: string }[];
  return tags
    .filter(({ key }) => key !== originTag)
    .map(({ key, value }) => ({ key, value: rewriteReferences(context, value) }));
}

async function sendDatasets(context: ErrandContext, run: RecordedRun, there: RemoteRun): Promise<void> {
  const known = new Set(
    there.inputs.dataset_inputs.map(({ dataset }) => `${dataset.name}\n${dataset.digest}`),
  );
  const datasets = run.datasets.filter(({ dataset }) => !known.has(`${dataset.name}\n${dataset.digest}`));
  const models = context.facts.hasModels
    ? run.modelInputs.flatMap(({ modelId }) => {
        const id = remoteIdIn(context, 'model', modelId);
        return id === undefined || there.inputs.model_inputs.some((input) => input.model_id === id)
          ? []
          : [{ model_id: id }];
      })
    : [];
  if (datasets.length + models.length > 0)
    await context.remote.logInputs({
      run_id: there.info.run_id,
      datasets: runJson({ ...run, datasets }).inputs.dataset_inputs ?? [],
      ...(models.length === 0 ? {} : { models }),
    });
}
