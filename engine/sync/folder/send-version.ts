import { readFile, rename, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { SyncReceipt } from '../../../contract/index.ts';
import { isMissing } from '../../is-missing.ts';
import type { ModelVersion } from '../../registry/index.ts';
import { recordedRunById } from '../../tracking/index.ts';
import type { Outcome } from '../carrier.ts';
import { knownRemoteId, originOf, rememberRemoteId, remoteIdIn } from '../delivery-context.ts';
import { localVersion, versionId } from '../local-version.ts';
import type { OperationRow } from '../outbox/delivery-rows.ts';
import { describeFolder, readBack } from './complete-folder.ts';
import { describedVersion, versionFile } from './described.ts';
import type { FolderErrand, SentFile } from './folder-errand.ts';
import { incomingFolder, isThere, versionFolder, versionNumbers } from './places.ts';
import { filesOf } from './put-file.ts';

const record = z.object({ origin: z.string() });

/** Where the version's files are written: in its folder, or where it is put together before it has a number. */
export async function folderOfVersion(errand: FolderErrand): Promise<string> {
  const version = localVersion(errand);
  const number = await numberThere(errand, version);
  return number === null
    ? incomingFolder(errand.root, originOf(errand, versionId(version.name, version.version), version.tags))
    : versionFolder(errand.root, version.name, number);
}

/** The number that the version has at the target: the one we know, or that of a version with its origin. */
async function numberThere(
  errand: FolderErrand,
  { name, version, tags }: ModelVersion,
): Promise<string | null> {
  const { root } = errand;
  const known = remoteIdIn(errand, 'version', versionId(name, version))?.slice(name.length + 1);
  const origin = originOf(errand, versionId(name, version), tags);
  if (known !== undefined && (await originAt(versionFolder(root, name, known))) === origin) return known;
  for (const number of await versionNumbers(root, name))
    if ((await originAt(versionFolder(root, name, String(number)))) === origin) return String(number);
  return null;
}

async function originAt(folder: string): Promise<string | null> {
  try {
    return record.parse(JSON.parse(await readFile(join(folder, 'version.json'), 'utf8'))).origin;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** The files are there: what describes them follows, and a number of its own. Then every file is read again. */
export async function completeVersion(
  errand: FolderErrand,
  operations: readonly OperationRow[],
): Promise<Outcome> {
  const { root, store } = errand;
  const version = localVersion(errand);
  const { name } = version;
  const origin = originOf(errand, versionId(name, version.version), version.tags);
  const run = version.runId === '' ? undefined : store.now((db) => recordedRunById(db, version.runId));
  const described = await describedVersion(errand, version, run, origin);
  const sent = filesOf(operations);
  const complete = async (folder: string, number: string): Promise<SentFile[]> =>
    describeFolder(
      errand,
      folder,
      sent,
      new Map([...described, ['version.json', versionFile(version, number, origin)]]),
    );

  const folder = await folderOfVersion(errand);
  await readBack(folder, sent);
  let number = await numberThere(errand, version);
  let files: SentFile[];
  if (number === null) ({ number, files } = await takeNumber(errand, name, folder, complete));
  else files = await complete(folder, number);
  await readBack(versionFolder(root, name, number), files);
  await rememberRemoteId(errand, 'version', versionId(name, version.version), `${name}/${number}`);
  const notices = [
    ...(version.stage === 'None' ? [] : [`stage ${version.stage} is not sent; aliases are`]),
    ...(described.has('environment.lock') ? [] : ['no environment was recorded with its run']),
    ...([...described.keys()].some((path) => path.startsWith('sample/'))
      ? []
      : ['no sample of rows in and out: no check has let it answer any']),
  ];
  return { kind: 'verified', proof: { notices, files } };
}

/** The next free number: whoever renames first has it, and the other takes the one after. */
async function takeNumber(
  { root }: FolderErrand,
  name: string,
  folder: string,
  complete: (folder: string, number: string) => Promise<SentFile[]>,
): Promise<{ number: string; files: SentFile[] }> {
  for (;;) {
    const number = String(((await versionNumbers(root, name)).at(-1) ?? 0) + 1);
    const place = versionFolder(root, name, number);
    const files = await complete(folder, number);
    await mkdir(dirname(place), { recursive: true });
    try {
      await rename(folder, place);
      return { number, files };
    } catch (error) {
      if (!(await isThere(place))) throw error;
    }
  }
}

/** What was found of the version, for its receipt. */
export function versionReceipt(errand: FolderErrand, operations: readonly OperationRow[]): SyncReceipt {
  const { target, root } = errand;
  const { name, tags } = localVersion(errand);
  const remoteId = knownRemoteId(errand, 'version', errand.delivery.localId);
  const proofs = operations.map(
    ({ proof }) => proof as { notices?: string[]; alias?: string; files?: SentFile[] } | null,
  );
  return {
    at: Date.now(),
    address: target.address,
    version: null,
    remoteId,
    url: versionFolder(root, name, remoteId.slice(name.length + 1)),
    params: 0,
    tags: tags.length,
    metrics: [],
    files: proofs.flatMap((proof) => proof?.files ?? []),
    aliases: proofs.flatMap((proof) => proof?.alias ?? []),
    notices: proofs.flatMap((proof) => proof?.notices ?? []),
  };
}
