import { loggedModelById, modelsLoggedBy, proxiedPath, type LoggedModel } from '../../tracking/index.ts';
import type { Outcome } from '../carrier.ts';
import {
  knownRemoteId,
  localRun,
  originOf,
  originTag,
  rememberRemoteId,
  remoteIdIn,
} from '../delivery-context.ts';
import { isMissingThere, refusal } from '../link/send-failure.ts';
import { originFilter, type ErrandContext } from './errand-context.ts';
import type { RemoteModel } from './remote.ts';
import { rewriteReferences } from './rewrite-references.ts';

/** Makes a model that a run logged. A server before 3 knows no such thing: its files go to the run then. */
export async function sendModel(context: ErrandContext, modelId: string): Promise<Outcome> {
  if (!context.facts.hasModels)
    return {
      kind: 'verified',
      proof: {
        notices: [`logged model ${modelId}: this server has only files of runs; it lies there as a folder`],
      },
    };
  const model = localModel(context, modelId);
  const there = await remoteModelOf(context, model);
  if (remoteIdIn(context, 'model', modelId) !== there.info.model_id)
    await rememberRemoteId(context, 'model', modelId, there.info.model_id);
  return { kind: 'verified', proof: { notices: [] } };
}

export function localModel({ store }: ErrandContext, modelId: string): LoggedModel {
  const model = store.now((db) => loggedModelById(db, modelId));
  if (model === undefined || model.isDeleted)
    throw refusal(`The logged model ${modelId} is not here any more.`);
  return model;
}

async function remoteModelOf(context: ErrandContext, model: LoggedModel): Promise<RemoteModel> {
  const { remote } = context;
  const mapped = remoteIdIn(context, 'model', model.modelId);
  if (mapped !== undefined) {
    try {
      return await remote.model(mapped);
    } catch (error) {
      if (!isMissingThere(error)) throw error;
    }
  }
  const runId = knownRemoteId(context, 'run', model.sourceRunId);
  const { experiment_id: experimentId } = (await remote.run(runId)).info;
  const origin = originOf(context, model.modelId, model.tags);
  const [found] = await remote.searchModels(experimentId, originFilter(origin));
  return (
    found ??
    (await remote.createModel({
      experiment_id: experimentId,
      name: model.name,
      model_type: model.modelType,
      source_run_id: runId,
      params: model.params.map(([key, value]) => ({ key, value })),
      tags: [
        ...model.tags
          .filter(([key]) => key !== originTag)
          .map(([key, value]) => ({ key, value: rewriteReferences(context, value) })),
        { key: originTag, value: origin },
      ],
    }))
  );
}

/** Where the files of a run, or of a model it logged, lie below the server's proxy of artifacts. */
export async function remoteFolder(context: ErrandContext, modelId: string | null): Promise<string> {
  const { remote, facts } = context;
  if (modelId !== null && facts.hasModels) {
    const { artifact_uri: uri } = (await remote.model(knownRemoteId(context, 'model', modelId))).info;
    return proxied(uri);
  }
  const run = localRun(context);
  const { artifact_uri: uri } = (await remote.run(knownRemoteId(context, 'run', run.runId))).info;
  const root = proxied(uri);
  return modelId === null ? root : `${root}/${folderOfModel(context, modelId)}`;
}

/** The folder of a run's files in which a server without logged models has one: its name, told apart where two share it. */
export function folderOfModel(context: ErrandContext, modelId: string): string {
  const { name, sourceRunId } = localModel(context, modelId);
  const siblings = context.store.now((db) => modelsLoggedBy(db, sourceRunId));
  const isAlone = siblings.filter((other) => other.name === name).length < 2;
  return isAlone ? name : `${name}-${modelId.slice(2, 10)}`;
}

function proxied(uri: string): string {
  const path = proxiedPath(uri);
  if (path !== null) return path;
  throw refusal(
    `The target keeps files at ${uri.replace(/[?#].*/s, '')}, where only its own clients can write.`,
    'Ask for a server that serves its artifacts itself (`mlflow server --serve-artifacts`).',
  );
}
