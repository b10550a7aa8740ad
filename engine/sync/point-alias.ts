import type { Outcome } from './carrier.ts';
import { knownRemoteId, rememberRemoteId, remoteIdIn, type DeliveryContext } from './delivery-context.ts';
import { SendFailure } from './link/send-failure.ts';
import { localVersion } from './local-version.ts';
import type { OperationRow } from './outbox/delivery-rows.ts';

/** The aliases of a target's registry. */
export interface RemoteAliases {
  /** The version that an alias points to; null where there is no such alias. */
  versionByAlias(name: string, alias: string): Promise<{ readonly version: string } | null>;
  setAlias(name: string, alias: string, version: string): Promise<unknown>;
}

/** Points an alias at our version. One that the team has set elsewhere is never moved without a word. */
export async function pointAlias(
  context: DeliveryContext,
  remote: RemoteAliases,
  operation: OperationRow,
): Promise<Outcome> {
  const { delivery } = context;
  const { name } = localVersion(context);
  const alias = operation.subject;
  const version = knownRemoteId(context, 'version', delivery.localId).slice(name.length + 1);
  const there = await remote.versionByAlias(name, alias);
  const ours = remoteIdIn(context, 'alias', `${name}@${alias}`);
  const isForced = (operation.detail as { isForced?: boolean }).isForced === true;
  if (there !== null && there.version !== version && there.version !== ours && !isForced) {
    if (delivery.keepsTheirs)
      return {
        kind: 'verified',
        proof: { notices: [`alias ${alias} stays at version ${there.version} of the target`] },
      };
    return {
      kind: 'conflict',
      conflict: {
        what: `At the target ${name}@${alias} is version ${there.version}, which did not come from here.`,
        differences: [{ key: alias, local: version, remote: there.version }],
        waysOut: ['theirs', 'ours', 'skip'],
      },
    };
  }
  if (there?.version !== version) await remote.setAlias(name, alias, version);
  const after = await remote.versionByAlias(name, alias);
  if (after?.version !== version)
    throw new SendFailure('failed', {
      code: 'conflict',
      what: `The alias ${alias} does not stay where it was put.`,
      evidence: `put at ${version}, found at ${after?.version ?? 'nothing'}`,
    });
  await rememberRemoteId(context, 'alias', `${name}@${alias}`, version);
  return { kind: 'verified', proof: { notices: [], alias } };
}
