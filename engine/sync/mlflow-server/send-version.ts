import type { SyncReceipt } from '../../../contract/index.ts';
import { registeredModel, type ModelVersion } from '../../registry/index.ts';
import { loggedModelById, proxiedPath, recordedRunById } from '../../tracking/index.ts';
import type { Outcome } from '../carrier.ts';
import { knownRemoteId, originOf, originTag, rememberRemoteId, remoteIdIn } from '../delivery-context.ts';
import { refusal, SendFailure } from '../link/send-failure.ts';
import { localVersion } from '../local-version.ts';
import type { OperationRow } from '../outbox/delivery-rows.ts';
import type { ErrandContext } from './errand-context.ts';
import type { RemoteVersion } from './remote.ts';
import { removeTwins } from './remove-twins.ts';
import { rewriteReferences } from './rewrite-references.ts';
import { folderOfModel } from './send-model.ts';

/** Makes the model and its version in the server's registry, or finds them there. */
export async function sendVersion(context: ErrandContext): Promise<Outcome> {
  const version = localVersion(context);
  await ensureModel(context, version.name);
  const there = await remoteVersionOf(context, version);
  const number = `${there.name}/${there.version}`;
  if (remoteIdIn(context, 'version', context.delivery.localId) !== number)
    await rememberRemoteId(context, 'version', context.delivery.localId, number);
  const notices =
    version.stage === 'None'
      ? []
      : [`stage ${version.stage} is not sent: stages of the target are its own; aliases are sent`];
  return { kind: 'verified', proof: { notices } };
}

async function ensureModel({ remote, store }: ErrandContext, name: string): Promise<void> {
  if ((await remote.registeredModel(name)) !== null) return;
  const model = store.now((db) => registeredModel(db, name));
  try {
    await remote.createRegisteredModel({
      name,
      description: model?.description ?? '',
      tags: (model?.tags ?? []).map(([key, value]) => ({ key, value })),
    });
  } catch (error) {
    // Another laptop was quicker.
    if (!(error instanceof SendFailure) || error.remoteCode !== 'RESOURCE_ALREADY_EXISTS') throw error;
  }
}

async function remoteVersionOf(context: ErrandContext, version: ModelVersion): Promise<RemoteVersion> {
  const { remote, delivery } = context;
  const mapped = remoteIdIn(context, 'version', delivery.localId);
  if (mapped !== undefined)
    return remote.modelVersion(version.name, mapped.slice(mapped.lastIndexOf('/') + 1));
  const origin = originOf(context, delivery.localId, version.tags);
  const [found] = await versionsOf(context, version.name, origin);
  if (found !== undefined) return found;
  return remote.createVersion({
    name: version.name,
    ...(await sourceOf(context, version)),
    description: rewriteReferences(context, version.description),
    tags: [
      ...version.tags
        .filter(([key]) => key !== originTag)
        .map(([key, value]) => ({ key, value: rewriteReferences(context, value) })),
      { key: originTag, value: origin },
    ],
  });
}

/** The versions at the server that carry an origin, the first one first. */
async function versionsOf({ remote }: ErrandContext, name: string, origin: string): Promise<RemoteVersion[]> {
  const quoted = (text: string) => text.replaceAll("'", "''");
  const found = await remote.searchVersions(
    `name = '${quoted(name)}' AND tags.\`${originTag}\` = '${quoted(origin)}'`,
  );
  return found.toSorted((a, b) => Number(a.version) - Number(b.version));
}

/** Where the version's files are at the server: in its logged model, or below its run. */
async function sourceOf(context: ErrandContext, version: ModelVersion): Promise<object> {
  const { remote, facts, store } = context;
  const modelId = version.modelId || (/^models:\/+(m-[0-9a-f]{32})$/.exec(version.source)?.[1] ?? '');
  const model = modelId === '' ? undefined : store.now((db) => loggedModelById(db, modelId));
  if (model !== undefined && facts.hasModels) {
    const remoteId = knownRemoteId(context, 'model', modelId);
    return {
      source: `models:/${remoteId}`,
      model_id: remoteId,
      run_id: knownRemoteId(context, 'run', model.sourceRunId),
    };
  }
  const runId = version.runId || (model?.sourceRunId ?? '');
  const run = store.now((db) => recordedRunById(db, runId));
  if (run === undefined) throw refusal(`${version.name}/${version.version} belongs to no run that is here.`);
  const folder =
    model === undefined ? folderInRun(version, run.artifactUri) : folderOfModel(context, modelId);
  const remoteId = knownRemoteId(context, 'run', runId);
  const { artifact_uri: uri } = (await remote.run(remoteId)).info;
  return { source: folder === '' ? uri : `${uri}/${folder}`, run_id: remoteId };
}

/** The folder of a run's files that a version is. */
function folderInRun(
  { source, storageLocation, runId, name, version }: ModelVersion,
  artifactUri: string,
): string {
  const [, ofRun] = /^runs:\/+[^/]+\/(.*)$/s.exec(source) ?? [];
  if (ofRun !== undefined) return ofRun.replace(/\/+$/, '');
  const [root, location] = [
    proxiedPath(artifactUri) ?? artifactUri,
    proxiedPath(storageLocation) ?? storageLocation,
  ];
  if (location === root) return '';
  if (location.startsWith(`${root}/`)) return location.slice(root.length + 1);
  throw refusal(`The files of ${name}/${version} lie at ${storageLocation}, not with the run ${runId}.`);
}

/** Asks the registry anew for the version: the receipt. */
export async function finishVersion(
  context: ErrandContext,
  operations: readonly OperationRow[],
): Promise<Outcome> {
  const { remote, target, facts, delivery } = context;
  const version = localVersion(context);
  const number = knownRemoteId(context, 'version', delivery.localId).slice(version.name.length + 1);
  const there = await remote.modelVersion(version.name, number);
  if (there.status !== 'READY')
    throw new SendFailure('busy', {
      code: 'disconnected',
      what: `The version is ${there.status} at the target.`,
    });
  const found = await versionsOf(context, version.name, originOf(context, delivery.localId, version.tags));
  const told = await removeTwins(context, {
    ours: number,
    found: found.map(({ version: id }) => ({ id, isLeftOver: Number(id) > Number(number) })),
    remove: (id) => remote.deleteVersion(version.name, id),
  });
  const proofs = operations.map(({ proof }) => proof as { notices?: string[]; alias?: string } | null);
  const receipt: SyncReceipt = {
    at: Date.now(),
    address: target.address,
    version: facts.version,
    remoteId: `${version.name}/${number}`,
    url: `${target.address}/#/models/${encodeURIComponent(version.name)}/versions/${number}`,
    params: 0,
    tags: there.tags.length,
    metrics: [],
    files: [],
    aliases: proofs.flatMap((proof) => proof?.alias ?? []),
    notices: [...told, ...proofs.flatMap((proof) => proof?.notices ?? [])],
  };
  return { kind: 'verified', receipt };
}
