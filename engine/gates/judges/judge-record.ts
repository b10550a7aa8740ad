import { verdictTag } from '../../../contract/index.ts';
import { evidence, withoutRun, type JudgedVersion, type Judgement } from '../judged-version.ts';

/** Is the code of its run stored? */
export function judgeCodeSnapshot({ run, snapshot, made }: JudgedVersion): Judgement {
  if (run === null) return withoutRun;
  if (snapshot === null || snapshot.commitId === null)
    return {
      state: 'failed',
      what: `The code of ${run.name} is not stored: ${snapshot?.problem ?? 'Benchtop did not start it'}.`,
      evidence: [evidence(run.name, { runId: run.id })],
      next: 'Start the training with Benchtop: `benchtop run -- …` keeps the code of each run.',
    };
  const lost = snapshot.leftOut.filter(
    ({ reason, objectId }) =>
      objectId === null && (reason === 'large' || reason === 'unreadable' || reason === 'late'),
  );
  // What the run itself wrote is what came of it, and no part of what it was.
  const doubtful = [...lost.map(({ path }) => path), ...snapshot.changedMeanwhile].filter(
    (path) => !made.has(path),
  );
  const shown = [evidence(`commit ${snapshot.commitId.slice(0, 12)} at ${snapshot.ref}`, { runId: run.id })];
  if (doubtful.length === 0)
    return { state: 'passed', what: 'The code of its run is stored.', evidence: shown };
  return {
    state: 'warning',
    what: `The code of its run is stored, less ${doubtful.length} files that were left out or changed meanwhile: ${doubtful.slice(0, 3).join(', ')}.`,
    evidence: shown,
  };
}

/** Are interpreter and packages recorded, so that the environment can be built again? */
export function judgeEnvironment({ run, environment }: JudgedVersion): Judgement {
  if (run === null) return withoutRun;
  const interpreter = environment?.interpreter ?? null;
  if (environment === null || interpreter === null || interpreter.version === null)
    return {
      state: 'failed',
      what: `What ${run.name} ran with is not recorded.`,
      evidence: (environment?.problems ?? []).map((problem) => evidence(problem, { runId: run.id })),
      next: 'Start the training with Benchtop, with an interpreter that it knows (`benchtop env list`).',
    };
  const { packages, lockId } = environment;
  const name = `${interpreter.language ?? interpreter.path} ${interpreter.version}`;
  const loose = (packages ?? []).filter(({ origin }) => origin?.endsWith('(editable)') === true);
  const shown = [
    evidence(`lock ${lockId.slice(0, 12)}: ${name}, ${packages?.length ?? 0} packages`, { runId: run.id }),
  ];
  if (loose.length === 0) return { state: 'passed', what: `Its run is locked: ${name}.`, evidence: shown };
  return {
    state: 'warning',
    what: `Its run is locked, but for packages that lie in folders of their own and may change: ${loose.map((each) => each.name).join(', ')}.`,
    evidence: shown,
  };
}

/** Is everything that its run read recorded as data versions? */
export function judgeDataPinned({ run, data }: JudgedVersion): Judgement {
  if (run === null) return withoutRun;
  const read = data.filter(({ role }) => role === 'input');
  if (read.length === 0)
    return {
      state: 'warning',
      what: 'Its run was not seen to read data beside what its code holds.',
      next: 'Name what it reads with `benchtop run --input PATH -- …`.',
    };
  const loose = read.filter(({ version, state }) => version === null || state !== 'recorded');
  const shown = read.map(({ path, version, state, note }) =>
    evidence(
      `${path}: ${version === null ? `no version${note === null ? '' : ` (${note})`}` : `version ${version.version.slice(0, 12)}`}${state === 'changed' ? ', changed while it was read' : ''}`,
      { runId: run.id },
    ),
  );
  if (loose.length === 0)
    return {
      state: 'passed',
      what: `All ${read.length} inputs of its run are data versions.`,
      evidence: shown,
    };
  return {
    state: 'failed',
    what: `${loose.length} of ${read.length} inputs of its run are not known for sure: ${loose[0]?.path ?? ''}.`,
    evidence: shown,
    next: 'Train again while nothing writes to the data.',
  };
}

/** Did its run, run once more, come out the same? */
export function judgeReproduces({ run }: JudgedVersion, within: 'identical' | 'tolerance'): Judgement {
  if (run === null) return withoutRun;
  const verdict = run.tags[verdictTag];
  const next = `Run it once more: \`benchtop reproduce ${run.id.slice(0, 8)}\`.`;
  if (verdict === undefined)
    return { state: 'could not judge', what: 'Its run was never run once more.', next };
  const isClose = verdict === 'identical' || (within === 'tolerance' && verdict === 'within tolerance');
  return {
    state: verdict === 'could not run' ? 'could not judge' : isClose ? 'passed' : 'failed',
    what: `Run once more, its run came out: ${verdict}.`,
    evidence: [evidence(run.name, { runId: run.id })],
    ...(isClose ? {} : { next }),
  };
}
