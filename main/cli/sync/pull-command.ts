import { resolve } from 'node:path';
import { BenchtopError, type EngineApi, type Pull, type TeamVersion } from '../../../contract/index.ts';
import { bytesText } from '../data/data-snapshot-command.ts';
import { jsonText } from '../json-text.ts';
import { withEngine } from '../with-engine.ts';

export interface PullOptions {
  readonly home: string;
  readonly target: string;
  /** A name; true: the one that it has at the target. */
  readonly register?: string | boolean;
  readonly json?: boolean;
}

export interface FetchedOptions {
  readonly home: string;
  readonly remove?: number;
  readonly json?: boolean;
}

export interface TeamOptions {
  readonly home: string;
  readonly cached?: boolean;
  readonly json?: boolean;
}

/** `benchtop pull`: fetches a model version and verifies it. Ctrl-C ends the waiting, not the fetching. Exit code 1 unless it is verified. */
export async function pullCommand(
  model: string,
  destination: string | undefined,
  options: PullOptions,
): Promise<void> {
  await withEngine(options.home, async ({ api }) => {
    const { register } = options;
    const registerAs = register === true ? model.replace(/[@/][^@/]*$/, '') : register;
    const begun = await api.sync.pull({
      target: options.target,
      model,
      ...(destination === undefined ? {} : { destination: resolve(destination) }),
      ...(typeof registerAs === 'string' ? { registerAs } : {}),
    });
    const ended = await untilEnded(api, begun.id);
    console.log(options.json === true ? jsonText(ended) : pullText(ended));
    if (ended.state !== 'verified') process.exitCode = 1;
  });
}

/** `benchtop fetched`: what was pulled and is being pulled, with its numbers; or forgets one of them. */
export async function fetchedCommand(options: FetchedOptions): Promise<void> {
  await withEngine(options.home, async ({ api }) => {
    const { remove: pullId } = options;
    if (pullId !== undefined) {
      if (!Number.isSafeInteger(pullId))
        throw new BenchtopError({
          code: 'invalid-input',
          what: '--remove takes the number of a fetch.',
          next: '`benchtop fetched` lists them.',
        });
      await api.sync.removePull({ pullId });
    }
    const pulls = await api.sync.pulls({ limit: 1000 });
    if (options.json === true) console.log(jsonText(pulls));
    else if (pulls.length === 0) console.log('Nothing was fetched.');
    else for (const pull of pulls) console.log(`${pull.id}  ${pullText(pull)}`);
  });
}

async function untilEnded(api: EngineApi, pullId: number): Promise<Pull> {
  const isShown = process.stderr.isTTY;
  const current = async (): Promise<Pull | undefined> =>
    (await api.sync.pulls({ limit: 1000 })).find(({ id }) => id === pullId);
  for await (const _change of api.sync.progress({})) {
    const pull = await current();
    if (pull === undefined || pull.state === 'pulling') {
      if (isShown && pull !== undefined)
        process.stderr.write(`\r\x1b[K${bytesText(pull.doneBytes)} of ${bytesText(pull.totalBytes)}`);
      continue;
    }
    if (isShown) process.stderr.write('\r\x1b[K');
    return pull;
  }
  throw new Error('The engine went away.');
}

const verifiedWords = {
  sums: 'held against the sums that the target keeps',
  'second-reading': 'read there twice, with the same result',
} as const;

/** `churn/3 from team  verified, 3 files, 200 KB`, and below it where it is and where it comes from. */
function pullText(pull: Pull): string {
  const { name, version, target, state, fileCount, totalBytes, verifiedBy, error, origin } = pull;
  if (state !== 'verified')
    return [
      `${name}/${version} from ${target}  ${state}`,
      ...(error === null ? [] : [`  ${error.what} ${error.next ?? ''}`]),
    ].join('\n');
  return [
    `${name}/${version} from ${target}  verified, ${fileCount} files, ${bytesText(totalBytes)}`,
    ...(verifiedBy === null ? [] : [`  ${verifiedWords[verifiedBy]}`]),
    `  made ${new Date(origin.createdAt).toISOString()} at ${origin.address}${origin.runId === null ? '' : ` by run ${origin.runId}`}`,
    ...(pull.destination === null ? [] : [`  written to ${pull.destination}`]),
    ...(pull.registeredAs === null ? [] : [`  registered here as ${pull.registeredAs}`]),
  ].join('\n');
}

/** `benchtop target models`: the registry of a target; where it cannot be reached, as it was when it was last read. */
export async function targetModels(target: string, options: TeamOptions): Promise<void> {
  await withEngine(options.home, async ({ api }) => {
    const trouble = options.cached === true ? null : await troubleOfReading(api, target);
    const found = await api.sync.teamModels({ target });
    const readAt = found.targets[0]?.readAt ?? null;
    // Nothing is known and nothing can be: that is the answer then.
    if (readAt === null && trouble !== null) throw trouble;
    if (options.json === true) {
      console.log(jsonText({ readAt, versions: found.versions }));
      return;
    }
    for (const version of found.versions) console.log(versionText(version));
    if (found.versions.length === 0)
      console.log(readAt === null ? 'It was never read.' : 'It has no models.');
    if (trouble !== null) console.error(trouble.message);
    if (readAt !== null) console.log(`As of ${new Date(readAt).toISOString()}.`);
  });
}

/** Reads the registry of a target anew. Returns why it could not be. */
async function troubleOfReading(api: EngineApi, target: string): Promise<BenchtopError | null> {
  try {
    await api.sync.readTeam({ target });
    return null;
  } catch (error) {
    if (error instanceof BenchtopError) return error;
    throw error;
  }
}

const versionText = ({ name, version, aliases, createdAt, runId }: TeamVersion): string =>
  [
    `${name}/${version}`,
    aliases.map((alias) => `@${alias}`).join(' '),
    new Date(createdAt).toISOString().slice(0, 10),
    runId === null ? '' : `run ${runId.slice(0, 8)}`,
  ]
    .filter((part) => part !== '')
    .join('  ');
