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
import { filesAt } from '../registry/index.ts';
import type { Store } from '../store/index.ts';
import { createApprovals, noteSkips } from './create-approvals.ts';
import { checksFileName, readChecks, type Checks } from './definition/read-checks.ts';
import { evaluatePredictions, type ComparedPredictions } from './evaluation/evaluate-predictions.ts';
import {
  latestReport,
  predictionsOf,
  savePredictions,
  saveReport,
  type KeptPredictions,
} from './gate-records.ts';
import type { GateRooms } from './gate-rooms.ts';
import { blockersIn, judgeVersion } from './judge-version.ts';
import { judgeCard } from './judges/judge-card.ts';
import { judgeLicences } from './judges/judge-licences.ts';
import { judgeTests } from './judges/judge-tests.ts';
import { predictRows } from './predict-rows.ts';
import type { JudgedFile, JudgedVersion } from './judged-version.ts';
import { holderOf, registeredVersion, type RegisteredVersion } from './registered-version.ts';

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
  const versionOf = (name: string, version: number) =>
    store.now((db) => registeredVersion(db, name, version));
  const holderIn = (name: string, environment: GateEnvironment) =>
    store.now((db) => holderOf(db, name, environment));

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
    const [{ files }, snapshot, environment] = await Promise.all([
      filesAt(store, version.storageLocation),
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

  /**
   * What a version says of the held-out rows: what it answered itself, now or earlier, or else what a file told. Null where nobody
   * tells. @throws {BenchtopError} why it cannot answer itself, where there is no file either.
   */
  async function predictions(
    version: RegisteredVersion,
    heldOut: ComparedPredictions['heldOut'],
    checks: Checks,
    signal: AbortSignal,
  ): Promise<KeptPredictions | null> {
    const given = store.now((db) => predictionsOf(db, version, 'file'));
    if (heldOut === null) return given;
    const { dataVersion } = heldOut;
    const known = store.now((db) => predictionsOf(db, version, { dataVersion }));
    if (known !== null) return known;
    try {
      const made = await predictRows(rooms, version, heldOut, checks, now, signal);
      await store.write('gates.predictions', (db) => savePredictions(db, version, made));
      return { ...made, madeBy: 'model' };
    } catch (error) {
      if (!(error instanceof BenchtopError) || signal.aborted || given === null) throw error;
      return given;
    }
  }

  async function evaluate(
    version: RegisteredVersion,
    championNumber: number | null,
    { checks, heldOut }: { checks: Checks; heldOut: ComparedPredictions['heldOut'] },
    signal: AbortSignal,
  ): Promise<Evaluation | { why: string; next: string }> {
    const lacking = (number: number) => ({
      why: `Nothing tells what version ${number} says of held-out rows.`,
      next: `Name the held-out data in ${checksFileName}, or give predictions: \`benchtop gate ${version.name}/${version.version} --predictions FILE\`.`,
    });
    const candidate = await predictions(version, heldOut, checks, signal);
    if (candidate === null) return lacking(version.version);
    const champion =
      championNumber === null
        ? null
        : await predictions(versionOf(version.name, championNumber), heldOut, checks, signal);
    if (championNumber !== null && champion === null) return lacking(championNumber);
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
    const version = versionOf(asked.model, asked.version);
    const checks = checksOf(version);
    const holder = holderIn(version.name, environment);
    const champion = holder === version.version ? null : holder;
    const judged = await judgedVersion(version);
    const heldOut = once(() => heldOutOf(version, checks, signal));
    const evaluation = once(async () =>
      evaluate(version, champion, { checks, heldOut: await heldOut.asked() }, signal),
    );
    const latency = once(async () => {
      const table = await heldOut.asked();
      return table === null ? null : ((await predictions(version, table, checks, signal))?.latency ?? null);
    });
    const results: CheckResult[] = [];
    const events = judgeVersion(
      judged,
      { environment, champion, checks, skips, who: rooms.registry.causeOf('').who },
      {
        now,
        readFile: rooms.readObject,
        evaluation: evaluation.asked,
        latency: latency.asked,
        licences: async () =>
          judgeLicences(
            judged,
            judged.environment === null ? [] : await rooms.licences(judged.environment),
            checks.licences,
          ),
        card: async () => judgeCard(await rooms.cardOf(version.name, version.version)),
        tests: () => judgeTests(rooms, judged, checks.tests, signal),
      },
      signal,
    );
    for await (const event of events) {
      if (event.kind === 'check') results.push(event.result);
      yield { cursor: String(results.length), event };
    }
    const found = await evaluation.outcome();
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
      latency: await latency.outcome(),
      blockers: blockersIn(results),
    };
    const cause = rooms.registry.causeOf('');
    await rooms.registry.change('gates.report', (db) => {
      saveReport(db, version, report);
      noteSkips(
        db,
        version,
        skips.filter((skip) => results.some(({ check }) => check === skip.check)),
        cause,
      );
    });
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
      addPredictions: ({ model, version, path }) => addPredictions(versionOf(model, version), path),
      holder: ({ model, environment }) => ({ version: holderIn(model, environment) }),
      judge: (asked, { signal }) => judge(asked, signal),
      ...createApprovals({
        store,
        registry: rooms.registry,
        checksSha256: (name, version) => checksOf(versionOf(name, version)).file?.sha256 ?? null,
      }),
      report: ({ model, version, environment }) =>
        store.now((db) => latestReport(db, versionOf(model, version), environment)),
    },
  };
}

/** Work that is done when it is first asked for, and once. */
function once<Value>(work: () => Promise<Value>) {
  let begun: Promise<Value> | undefined;
  return {
    asked: () => (begun ??= work()),
    /** Null where nobody asked, and where it failed, which those who asked were told. */
    outcome: () => begun?.catch(() => null) ?? Promise.resolve(null),
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
