import {
  matrixParts,
  matrixPlaces,
  type CauseComparison,
  type CausePart,
  type Difference,
  type MatrixCell,
  type MatrixPart,
  type MatrixPlace,
  type Run,
  type RunData,
  type RunEnvironment,
  type Snapshot,
  type VersionMatrix,
} from '../../../contract/index.ts';
import { filesDigest, modelByName, newestVersion } from '../../registry/index.ts';
import { holderOf, registeredVersion, type RegisteredVersion } from '../registered-version.ts';
import type { Comparing } from './compare-versions.ts';

/** What of a comparison of runs belongs to a part. What the machine is like is no part of what is promoted. */
const causesOf: Readonly<Record<Exclude<MatrixPart, 'model'>, readonly CausePart[]>> = {
  code: ['code', 'command', 'params'],
  data: ['data'],
  environment: ['packages', 'interpreter', 'variables'],
};
const differencesShown = 8;

/** What is recorded of the version in a place. */
interface PlacedVersion {
  readonly version: RegisteredVersion;
  readonly run: Run | null;
  readonly snapshot: Snapshot | null;
  readonly environment: RunEnvironment | null;
  readonly data: readonly RunData[];
  /** Over its files; null where they lie elsewhere. */
  readonly digest: string | null;
  readonly content: { fileCount: number; sizeBytes: number; sinceRegistered: 'same' | 'changed' | 'unknown' };
}

/**
 * What is in development, staging and production, part by part, and where the others are not as production is (or staging, where nothing
 * is in production). @throws {BenchtopError} `not-found`.
 */
export async function versionMatrix(
  comparing: Comparing,
  model: string,
  signal: AbortSignal,
): Promise<VersionMatrix> {
  const numbers = comparing.store.now((db) => ({
    development: newestVersion(db, modelByName(db, model).id) ?? null,
    staging: holderOf(db, model, 'staging'),
    production: holderOf(db, model, 'production'),
  }));
  const known = new Map<number, Promise<PlacedVersion>>();
  const placed = async (place: (typeof matrixPlaces)[number]): Promise<PlacedVersion | null> => {
    const number = numbers[place];
    if (number === null) return null;
    const found = known.get(number) ?? placedVersion(comparing, model, number);
    known.set(number, found);
    return found;
  };
  const versions = {
    development: await placed('development'),
    staging: await placed('staging'),
    production: await placed('production'),
  };
  const reference =
    versions.production !== null ? 'production' : versions.staging !== null ? 'staging' : null;
  const places: MatrixPlace[] = [];
  for (const place of matrixPlaces) {
    const own = versions[place];
    places.push({
      place,
      version: own?.version.version ?? null,
      run: own?.run ? { id: own.run.id, name: own.run.name, projectId: own.run.projectId } : null,
      cells:
        own === null
          ? []
          : await cellsOf(comparing, own, {
              other: reference === null ? null : versions[reference],
              isReference: place === reference,
              signal,
            }),
    });
  }
  return { model, reference, places };
}

async function placedVersion(
  { store, rooms }: Comparing,
  model: string,
  number: number,
): Promise<PlacedVersion> {
  const version = store.now((db) => registeredVersion(db, model, number));
  const run = version.runId === null ? null : rooms.run(version.runId);
  return {
    version,
    run,
    snapshot: run === null ? null : await rooms.snapshotOf(run.id),
    environment: run === null ? null : await rooms.environmentOf(run.id),
    data: run === null ? [] : rooms.dataOf(run.id),
    digest: store.now((db) => filesDigest(db, version.storageLocation)?.sha256 ?? null),
    content: await rooms.contentOf(model, number),
  };
}

async function cellsOf(
  { rooms }: Comparing,
  own: PlacedVersion,
  { other, isReference, signal }: { other: PlacedVersion | null; isReference: boolean; signal: AbortSignal },
): Promise<MatrixCell[]> {
  const isSame = other !== null && other.version.version === own.version.version;
  const causes =
    other === null || isSame || other.run === null || own.run === null
      ? null
      : (await rooms.compareRuns(other.run.id, own.run.id, signal)).causes;
  return matrixParts.map((part) => {
    const cell = { part, value: valueOf[part](own), problem: problemOf[part](own) };
    if (isReference || other === null)
      return { ...cell, state: 'reference', differences: [], differenceCount: 0 };
    const compared = isSame
      ? { state: 'same' as const, differences: [] }
      : part === 'model'
        ? modelAgainst(own, other)
        : part === 'environment' && isSameLock(own, other)
          ? { state: 'same' as const, differences: [] }
          : partAgainst(part, causes ?? []);
    return {
      ...cell,
      state: compared.state,
      differences: compared.differences.slice(0, differencesShown),
      differenceCount: compared.differences.length,
    };
  });
}

/** Equal for two runs whose environments cannot have made a difference. */
const isSameLock = (own: PlacedVersion, other: PlacedVersion): boolean =>
  own.environment !== null && own.environment.lockId === other.environment?.lockId;

interface Against {
  readonly state: 'same' | 'differs' | 'unknown';
  readonly differences: readonly string[];
}

function partAgainst(part: Exclude<MatrixPart, 'model'>, causes: readonly CauseComparison[]): Against {
  const own = causes.filter((cause) => causesOf[part].includes(cause.part));
  const differences = own.flatMap((cause) =>
    cause.differences.map((each) => differenceText(cause.part, each)),
  );
  if (differences.length > 0) return { state: 'differs', differences };
  // Of code, the command or params alone being the same says nothing of the files.
  const isKnown = own.length > 0 && own.every(({ state }) => state === 'same');
  if (isKnown) return { state: 'same', differences };
  return {
    state: 'unknown',
    differences: own.flatMap(({ state, why }) => (state === 'unknown' && why !== null ? [why] : [])),
  };
}

const namedByItself: ReadonlySet<CausePart> = new Set(['code', 'command', 'data']);

function differenceText(part: CausePart, { name, a, b, detail }: Difference): string {
  const sides = a === null && b === null ? '' : ` ${a ?? 'none'} → ${b ?? 'none'}`;
  return `${namedByItself.has(part) ? '' : `${part}: `}${name}${sides}${detail === null ? '' : ` (${detail})`}`;
}

function modelAgainst(own: PlacedVersion, other: PlacedVersion): Against {
  if (own.digest === null || other.digest === null)
    return { state: 'unknown', differences: ['Its files are not stored here.'] };
  if (own.digest === other.digest) return { state: 'same', differences: [] };
  return {
    state: 'differs',
    differences: [`version ${other.version.version} → version ${own.version.version}`],
  };
}

const inputsOf = ({ data }: PlacedVersion) => data.filter(({ role }) => role === 'input');

const valueOf: Readonly<Record<MatrixPart, (own: PlacedVersion) => string>> = {
  code: ({ snapshot }) => snapshot?.commitId?.slice(0, 8) ?? 'not stored',
  model: ({ digest, content: { fileCount } }) =>
    `${digest?.slice(0, 8) ?? 'elsewhere'}, ${fileCount} ${fileCount === 1 ? 'file' : 'files'}`,
  data: (own) =>
    inputsOf(own)
      .map(
        ({ path, version }) =>
          `${path.split(/[\\/]/).at(-1) ?? path} ${version?.version.slice(0, 8) ?? 'no version'}`,
      )
      .slice(0, 3)
      .join(', ') || 'none seen',
  environment: ({ environment }) =>
    environment === null
      ? 'not recorded'
      : `${environment.interpreter?.language ?? 'program'} ${environment.interpreter?.version ?? ''}`.trim() +
        `, lock ${environment.lockId.slice(0, 8)}`,
};

const problemOf: Readonly<Record<MatrixPart, (own: PlacedVersion) => string | null>> = {
  code: ({ run, snapshot }) =>
    snapshot?.commitId
      ? null
      : run === null
        ? 'No run here made it.'
        : (snapshot?.problem ?? 'Its code is not stored.'),
  model: ({ content: { sinceRegistered } }) =>
    sinceRegistered === 'changed' ? 'Its files have changed since it was registered.' : null,
  data: (own) => {
    const loose = inputsOf(own).filter(({ version, state }) => version === null || state !== 'recorded');
    return loose.length === 0
      ? null
      : `Not known for sure: ${loose
          .map(({ path }) => path)
          .slice(0, 3)
          .join(', ')}.`;
  },
  environment: ({ run, environment }) =>
    environment !== null || run === null ? null : 'What its run ran with is not recorded.',
};
