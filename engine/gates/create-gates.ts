import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, sep } from 'node:path';
import {
  BenchtopError,
  checkNames,
  type CheckResult,
  type Evaluation,
  type GateEnvironment,
  type GateReport,
  type JudgeEvent,
  type PredictionSource,
  type RoomHandlers,
  type Run,
  type SkippedCheck,
  type Snapshot,
  type StreamItem,
} from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';
import type { Store } from '../store/index.ts';
import { checksFileName, readChecks, type Checks } from './definition/read-checks.ts';
import { evaluatePredictions, type ComparedPredictions } from './evaluation/evaluate-predictions.ts';
import {
  latestReport,
  predictionsOf,
  savePredictions,
  saveReport,
  type KeptPredictions,
} from './gate-records.ts';
import type { GateRooms, RegisteredVersion } from './gate-rooms.ts';
import { blockersIn, judgeVersion } from './judge-version.ts';
import type { JudgedFile, JudgedVersion } from './judged-version.ts';

export interface Gates {
  readonly handlers: RoomHandlers<'gates'>;
}

/** What judges a version before it is promoted. */
export function createGates({
  store,
  now,
  rooms,
}: {
  store: Store;
  now: () => number;
  rooms: GateRooms;
}): Gates {
  const { registry } = rooms;

  const projectOf = (version: RegisteredVersion) => {
    const projectId = version.runId === null ? null : (rooms.run(version.runId)?.projectId ?? null);
    return projectId === null ? null : rooms.project(projectId);
  };

  function checksOf(version: RegisteredVersion): Checks {
    const checks = readChecks(projectOf(version)?.path ?? null);
    const [first] = checks.problems;
    if (first === undefined) return checks;
    throw new BenchtopError({
      code: 'invalid-input',
      what: `${checksFileName} cannot be followed: ${first.message}`,
      evidence: checks.problems
        .map(({ file, line, column, message }) => `${file}, line ${line}, column ${column}: ${message}`)
        .join('\n'),
      next: first.fix,
    });
  }

  async function judgedVersion(version: RegisteredVersion): Promise<JudgedVersion> {
    const { runId } = version;
    const run = runId === null ? null : rooms.run(runId);
    const [files, snapshot, environment] = await Promise.all([
      registry.filesOf(version),
      run === null ? null : rooms.snapshotOf(run.id),
      run === null ? null : rooms.environmentOf(run.id),
    ]);
    const left = run === null ? [] : rooms.artifacts(run.id);
    const known = new Set(files.map(({ objectId }) => objectId));
    return {
      ...version,
      run,
      snapshot,
      environment,
      data: run === null ? [] : rooms.dataOf(run.id),
      files: [...files, ...left.filter(({ objectId }) => !known.has(objectId))],
      made: madeBy(run, snapshot, left),
    };
  }

  /** The held-out table of a project as it is now, recorded as a data version. */
  async function heldOutOf(
    version: RegisteredVersion,
    { evaluation: { data } }: Checks,
    signal: AbortSignal,
  ): Promise<ComparedPredictions['heldOut']> {
    const project = projectOf(version);
    if (data === null || project === null) return null;
    const dataVersion = await rooms.keepData(join(project.path, data), signal);
    if (dataVersion === null)
      throw new BenchtopError({
        code: 'file-unreadable',
        what: `The held-out data ${data} could not be read whole.`,
      });
    return { ...(await rooms.tableOf(dataVersion)), dataVersion };
  }

  /** What a version says of the held-out rows; null where nobody has told yet. */
  function predictions(
    version: RegisteredVersion,
    heldOut: ComparedPredictions['heldOut'],
  ): KeptPredictions | null {
    return store.now(
      (db) =>
        (heldOut === null ? null : predictionsOf(db, version, { dataVersion: heldOut.dataVersion })) ??
        predictionsOf(db, version, 'file'),
    );
  }

  async function evaluate(
    version: RegisteredVersion,
    championNumber: number | null,
    checks: Checks,
    signal: AbortSignal,
  ): Promise<Evaluation | { why: string; next: string }> {
    const heldOut = await heldOutOf(version, checks, signal);
    const lacking = (name: string, number: number) => ({
      why: `Nothing tells what version ${number} says of held-out rows.`,
      next: `Give a file of predictions: \`benchtop gate ${name}/${number} --predictions FILE\`.`,
    });
    const candidate = predictions(version, heldOut);
    if (candidate === null) return lacking(version.name, version.version);
    const champion =
      championNumber === null ? null : predictions(registry.version(version.name, championNumber), heldOut);
    if (championNumber !== null && champion === null) return lacking(version.name, championNumber);
    const found = await evaluatePredictions(rooms.tables, { candidate, champion, heldOut }, checks, signal);
    if (!('why' in found)) return found;
    return { why: found.why, next: 'docs/gates.md says what a file of predictions has to hold.' };
  }

  async function* judge(
    asked: { model: string; version: number; environment: GateEnvironment; skips: readonly SkippedCheck[] },
    signal: AbortSignal,
  ): AsyncGenerator<StreamItem<JudgeEvent>> {
    const { environment, skips } = asked;
    const startedAt = now();
    const version = registry.version(asked.model, asked.version);
    const checks = checksOf(version);
    const holder = registry.holder(version.name, environment);
    const champion = holder === version.version ? null : holder;
    const judged = await judgedVersion(version);
    let evaluation: ReturnType<typeof evaluate> | undefined;
    const evaluated = () => (evaluation ??= evaluate(version, champion, checks, signal));
    const results: CheckResult[] = [];
    const events = judgeVersion(
      judged,
      { environment, champion, checks, skips, who: registry.who() },
      {
        now,
        readFile: rooms.readObject,
        evaluation: evaluated,
        latency: async () => null,
        licences: async () => ({ state: 'could not judge', what: 'Not yet.' }),
        card: () => registry.judgeCard(version),
        tests: async () => ({ state: 'could not judge', what: 'Not yet.' }),
      },
      signal,
    );
    for await (const event of events) {
      if (event.kind === 'check') results.push(event.result);
      yield { cursor: String(results.length), event };
    }
    const found = evaluation === undefined ? null : await evaluation.catch(() => null); // its check told why
    const report: GateReport = {
      id: randomBytes(8).toString('hex'),
      model: version.name,
      version: version.version,
      environment,
      startedAt,
      endedAt: now(),
      checksFile: checks.file,
      champion,
      results,
      evaluation: found === null || 'why' in found ? null : found,
      latency: null,
      blockers: blockersIn(results),
    };
    await store.write('gates.report', (db) => saveReport(db, version, report));
    yield { cursor: 'done', event: { kind: 'done', report } };
  }

  async function addPredictions(version: RegisteredVersion, path: string): Promise<PredictionSource> {
    refuseUnreadable(path);
    const { objectId } = await rooms.putFile(path);
    const kept = { objectId, name: basename(path), runId: null, at: now(), dataVersion: null, latency: null };
    await store.write('gates.predictions', (db) => savePredictions(db, version, kept));
    return { objectId, name: kept.name, madeBy: 'file', runId: null, at: kept.at };
  }

  return {
    handlers: {
      checks({ projectId }) {
        const { file, levels, problems } = readChecks(rooms.project(projectId).path);
        return {
          file: file?.path ?? null,
          levels: checkNames.map((check) => ({ check, ...levels[check] })),
          problems: [...problems],
        };
      },
      addPredictions: ({ model, version, path }) => addPredictions(registry.version(model, version), path),
      holder: ({ model, environment }) => ({ version: registry.holder(model, environment) }),
      judge: (asked, { signal }) => judge(asked, signal),
      report: ({ model, version, environment }) =>
        store.now((db) => latestReport(db, registry.version(model, version), environment)),
    },
  };
}

/** The files that a run left, by their paths in the folder that its snapshot is of. */
function madeBy(run: Run | null, snapshot: Snapshot | null, left: readonly JudgedFile[]): Set<string> {
  const folder = run?.workingFolder ?? null;
  if (snapshot === null || folder === null) return new Set();
  return new Set(
    left.map(({ path }) => relative(snapshot.rootPath, join(folder, path)).split(sep).join('/')),
  );
}

function refuseUnreadable(path: string): void {
  if (!isAbsolute(path))
    throw new BenchtopError({ code: 'invalid-input', what: `${path} is no absolute path.` });
  if (!/\.(csv|tsv|parquet)(\.gz)?$/i.test(path))
    throw new BenchtopError({
      code: 'unsupported',
      what: `${basename(path)} is no table that can be read.`,
      next: 'Predictions are CSV, TSV (also with .gz) or Parquet.',
    });
  try {
    if (statSync(path).isFile()) return;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  throw new BenchtopError({ code: 'not-found', what: `There is no file ${path}.` });
}
