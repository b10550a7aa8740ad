import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import type {
  Readiness,
  ReadinessItem,
  Run,
  RunData,
  RunEnvironment,
  Snapshot,
} from '../../contract/index.ts';
import { environmentDifferences, type CapturedEnvironment } from '../environments/index.ts';
import { isWithin } from '../is-within.ts';
import { isSeedName } from './reseed.ts';

/** All that is known of what a run ran on, then and now. */
export interface RunGround {
  readonly run: Run;
  readonly snapshot: Snapshot | null;
  readonly environment: RunEnvironment | null;
  /** What the same command would run with now; null when nothing was recorded to ask it by. */
  readonly current: CapturedEnvironment | null;
  readonly inputs: readonly RunData[];
}

/** What is there to run a run once more, part by part. */
export function readinessOf(ground: RunGround): Readiness {
  const items = [
    commandItem(ground),
    codeItem(ground),
    environmentItem(ground),
    dataItem(ground),
    seedsItem(ground),
    hardwareItem(ground),
  ];
  return { canRun: items.every(({ state }) => state !== 'missing'), items };
}

function commandItem({ run }: RunGround): ReadinessItem {
  const item = (state: ReadinessItem['state'], what: string, next: string | null = null) =>
    ({ part: 'command', state, what, next }) as const;
  if (run.status === 'queued' || run.status === 'running')
    return item('missing', 'The run has not ended yet.', 'Wait for its end.');
  if (run.command.length === 0 || run.workingFolder === null || run.projectId === null)
    return item(
      'missing',
      'The command is not known: another program logged this run.',
      'Start the script with `benchtop run` or from the window; then it is recorded.',
    );
  if (run.command.some((word) => word.includes('[redacted]')))
    return item(
      'missing',
      'A secret stood in the command and was not recorded.',
      'Give secrets through the environment, and run it again.',
    );
  return item('ready', run.command.join(' '));
}

function codeItem({ snapshot }: RunGround): ReadinessItem {
  const item = (state: ReadinessItem['state'], what: string, next: string | null = null) =>
    ({ part: 'code', state, what, next }) as const;
  if (snapshot === null || snapshot.commitId === null)
    return item(
      'missing',
      `The code was not kept: ${snapshot?.problem ?? 'Benchtop did not start this run'}.`,
      'Code is kept for runs that Benchtop starts.',
    );
  const leftOut = (isIt: (file: Snapshot['leftOut'][number]) => boolean) =>
    snapshot.leftOut.filter(isIt).map(({ path }) => path);
  const secret = leftOut(({ reason }) => reason === 'secret');
  const lacking = leftOut(
    ({ reason, objectId }) => reason === 'unreadable' || (reason === 'large' && objectId === null),
  );
  const repositories = leftOut(({ reason }) => reason === 'repository');
  const doubts = [
    ...(secret.length === 0
      ? []
      : [`left out whole for a secret, so the reproduction goes without: ${someOf(secret)}`]),
    ...(lacking.length === 0 ? [] : [`left out: ${someOf(lacking)}`]),
    ...(repositories.length === 0
      ? []
      : [`repositories within, not kept beyond their commit: ${someOf(repositories)}`]),
    ...(snapshot.changedMeanwhile.length === 0
      ? []
      : [`changed while the run began: ${someOf(snapshot.changedMeanwhile)}`]),
    ...(snapshot.problem === null ? [] : [snapshot.problem]),
  ];
  const commit = `commit ${snapshot.commitId.slice(0, 10)} on ${snapshot.ref}`;
  if (doubts.length === 0) return item('ready', commit);
  return item(
    'differs',
    `${commit}; ${doubts.join('; ')}`,
    secret.length === 0
      ? null
      : 'Keep secrets in a file of their own, or give them through the environment: then the code beside them is kept.',
  );
}

function environmentItem({ environment, current }: RunGround): ReadinessItem {
  const item = (state: ReadinessItem['state'], what: string, next: string | null = null) =>
    ({ part: 'environment', state, what, next }) as const;
  if (environment?.interpreter === undefined || environment.interpreter === null || current === null)
    return item('missing', 'What the run ran with was not recorded.');
  const { interpreter, packages } = environment;
  const { packages: changed, interpreter: other } = environmentDifferences(environment, current);
  if (
    current.interpreter?.version === interpreter.version &&
    other.length === 0 &&
    (changed ?? []).length === 0
  ) {
    if (interpreter.language === null && !existsSync(interpreter.path))
      return item('missing', `The program ${interpreter.path} is gone.`);
    return item(
      'ready',
      packages === null
        ? `${interpreter.path}, as it was`
        : `Python ${interpreter.version ?? ''} at ${interpreter.path} with the same ${packages.length} packages`,
    );
  }
  const what =
    current.interpreter === null || current.interpreter.version === null
      ? `${interpreter.path} is not there or does not answer any more`
      : [
          ...other.map(({ name, a, b }) => `${name} ${a ?? 'unknown'} then, ${b ?? 'unknown'} now`),
          ...((changed ?? []).length === 0
            ? []
            : [
                `other packages: ${someOf((changed ?? []).map(({ name, a, b }) => `${name} ${a ?? 'none'} then, ${b ?? 'none'} now`))}`,
              ]),
        ].join('; ');
  return packages === null
    ? item(
        'missing',
        what,
        `Install ${interpreter.language ?? interpreter.path} ${interpreter.version ?? ''} again.`,
      )
    : item('differs', what, 'An environment of its own is built from the lock before the run.');
}

function dataItem({ inputs, snapshot }: RunGround): ReadinessItem {
  const item = (state: ReadinessItem['state'], what: string, next: string | null = null) =>
    ({ part: 'data', state, what, next }) as const;
  const read = inputs.filter(({ role }) => role === 'input');
  if (read.length === 0) return item('ready', 'No data was seen to be read beside what the code holds.');
  const unknown = read.filter(({ version }) => version === null);
  if (unknown.length > 0)
    return item(
      'missing',
      unknown.map(({ path, note }) => `${path}: ${note ?? 'its content was not recorded'}`).join('; '),
      'Record it with `benchtop data snapshot PATH` and run again.',
    );
  const changed = read.filter(({ state }) => state === 'changed');
  const outside = read.filter(({ path }) => snapshot === null || !isWithin(snapshot.rootPath, path));
  const nameOf = (path: string) =>
    snapshot !== null && isWithin(snapshot.rootPath, path) ? relative(snapshot.rootPath, path) || '.' : path;
  const what = read
    .map(({ path, version }) => `${nameOf(path)} (${version?.version.slice(0, 10) ?? ''})`)
    .join(', ');
  if (changed.length > 0)
    return item(
      'differs',
      `${what}; changed while the run read it: ${someOf(changed.map(({ path }) => nameOf(path)))}`,
    );
  if (outside.length > 0)
    return item(
      'ready',
      `${what}; ${someOf(outside.map(({ path }) => path))} is read where it lies, if it still holds the same`,
    );
  return item('ready', what);
}

function seedsItem({ run, environment }: RunGround): ReadinessItem {
  const seeds = [...Object.entries(run.params), ...Object.entries(environment?.variables ?? {})].filter(
    ([name]) => isSeedName(name),
  );
  return seeds.length > 0
    ? {
        part: 'seeds',
        state: 'ready',
        what: seeds.map(([name, value]) => `${name}=${value}`).join(', '),
        next: null,
      }
    : {
        part: 'seeds',
        state: 'differs',
        what: 'None of its params names a seed: it may draw other random numbers, unless it sets one in its code.',
        next: 'Reproduce it twice to learn whether it is deterministic.',
      };
}

function hardwareItem({ environment, current }: RunGround): ReadinessItem {
  if (environment === null || current === null)
    return { part: 'hardware', state: 'differs', what: 'The machine was not recorded.', next: null };
  const { machine } = environmentDifferences(environment, current);
  const changed = machine.filter(({ name }) => name !== 'kernel');
  return changed.length === 0
    ? {
        part: 'hardware',
        state: 'ready',
        what: `${current.host.cpuModel ?? 'the same CPU'}, ${current.host.cores} cores`,
        next: null,
      }
    : {
        part: 'hardware',
        state: 'differs',
        what: changed
          .map(({ name, a, b }) => `${name} ${a ?? 'unknown'} then, ${b ?? 'unknown'} now`)
          .join('; '),
        next: null,
      };
}

const someOf = (names: readonly string[]) =>
  names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
