import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, sep } from 'node:path';
import {
  BenchtopError,
  checkNames,
  type CheckResult,
  type GateEnvironment,
  type GateReport,
  type ImportanceQuestion,
  type JudgeEvent,
  type ModelImportance,
  type PredictionSource,
  type RoomHandlers,
  type Run,
  type SkippedCheck,
  type Snapshot,
  type StreamItem,
} from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';
import { columnImportance } from './column-importance.ts';
import { filesAt, versionByReference } from '../registry/index.ts';
import { compareVersions } from './comparison/compare-versions.ts';
import { versionMatrix } from './comparison/version-matrix.ts';
import { createApprovals, noteSkips } from './create-approvals.ts';
import { checksFileName, readChecks, type Checks } from './definition/read-checks.ts';
import { createEvaluator } from './create-evaluator.ts';
import { disagreementsAfter, saveDisagreements } from './disagreement-rows.ts';
import { latestReport, savePredictions, saveReport } from './gate-records.ts';
import type { GateGround } from './gate-rooms.ts';
import { blockersIn, judgeVersion } from './judge-version.ts';
import { judgeCard } from './judges/judge-card.ts';
import { judgeLicences } from './judges/judge-licences.ts';
import { judgeTests } from './judges/judge-tests.ts';
import type { JudgedFile, JudgedVersion } from './judged-version.ts';
import { holderOf, registeredVersion, type RegisteredVersion } from './registered-version.ts';

export interface Gates {
  readonly handlers: RoomHandlers<'gates'>;
  /**
   * How much the answers of a version rest on each column of a table; asked once for its content.
   * @param reference as `late`, `late@champion` or `late/3`
   * @throws {BenchtopError} as `askModel`; `not-found`.
   */
  importanceOf(
    reference: string,
    asked: Pick<ImportanceQuestion, 'table' | 'part'>,
    signal: AbortSignal,
  ): Promise<ModelImportance>;
}

/** What judges a version before it is promoted. */
export function createGates({ store, now, rooms }: GateGround): Gates {
  const versionOf = (name: string, version: number) =>
    store.now((db) => registeredVersion(db, name, version));
  const holderIn = (name: string, environment: GateEnvironment) =>
    store.now((db) => holderOf(db, name, environment));

  const evaluator = createEvaluator({ store, now, rooms });

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
    const [{ files }, snapshot, environment, data] = await Promise.all([
      filesAt(store, version.storageLocation),
      run === null ? null : rooms.snapshotOf(run.id),
      run === null ? null : rooms.environmentOf(run.id),
      run === null ? [] : rooms.recordedDataOf(run.id),
    ]);
    const left = run === null ? [] : rooms.artifacts(run.id);
    const known = new Set(files.map(({ objectId }) => objectId));
    return {
      ...version,
      run,
      snapshot,
      environment,
      data,
      files: [...files, ...left.filter(({ objectId }) => !known.has(objectId))],
      made: madeBy(run, snapshot, left),
    };
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
    const heldOut = once(() => evaluator.heldOutOf(projectOf(version)?.path ?? null, checks, signal));
    const evaluated = once(async () =>
      evaluator.evaluate(
        version,
        champion === null ? null : versionOf(version.name, champion),
        { checks, heldOut: await heldOut.asked() },
        signal,
      ),
    );
    const latency = once(async () => {
      const rows = await heldOut.asked();
      return rows === null
        ? null
        : ((await evaluator.predictions(version, rows, checks, signal))?.latency ?? null);
    });
    const card = once(() => rooms.cardOf(version.name, version.version));
    const results: CheckResult[] = [];
    const events = judgeVersion(
      judged,
      { environment, champion, checks, skips, who: rooms.registry.causeOf('').who },
      {
        now,
        readFile: rooms.readObject,
        async evaluation() {
          const found = await evaluated.asked();
          return 'why' in found ? found : found.evaluation;
        },
        latency: latency.asked,
        licences: async () =>
          judgeLicences(
            judged,
            judged.environment === null ? [] : await rooms.licences(judged.environment),
            (await card.asked()).baseModel,
            checks.licences,
          ),
        card: async () => judgeCard(await card.asked()),
        tests: () => judgeTests(rooms, judged, checks.tests, signal),
      },
      signal,
    );
    for await (const event of events) {
      if (event.kind === 'check') results.push(event.result);
      yield { cursor: String(results.length), event };
    }
    const found = await evaluated.outcome();
    const measured = found === null || 'why' in found ? null : found;
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
      evaluation: measured?.evaluation ?? null,
      latency: await latency.outcome(),
      blockers: blockersIn(results),
    };
    const cause = rooms.registry.causeOf('');
    await rooms.registry.change('gates.report', (db) => {
      saveReport(db, version, report);
      saveDisagreements(db, version, report, measured?.disagreements ?? []);
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
    const kept = {
      objectId,
      name: basename(path),
      runId: null,
      at: now(),
      dataVersion: null,
      asked: null,
      latency: null,
    };
    await store.write('gates.predictions', (db) => savePredictions(db, version, kept));
    return { objectId, name: kept.name, madeBy: 'file', runId: null, at: kept.at };
  }

  async function importance(asked: ImportanceQuestion, signal: AbortSignal): Promise<ModelImportance> {
    const version = versionOf(asked.model, asked.version);
    const { evaluation } = readChecks(projectOf(version)?.path ?? null);
    return columnImportance({ store, now, rooms }, version, { ...asked, evaluation }, signal);
  }

  const comparing = {
    store,
    rooms,
    checksOf,
    projectPathOf: (version: RegisteredVersion) => projectOf(version)?.path ?? null,
  };

  return {
    importanceOf(reference, asked, signal) {
      const { name, version } = store.now((db) => versionByReference(db, reference));
      return importance({ ...asked, model: name, version }, signal);
    },
    handlers: {
      importance: (asked, { signal }) => importance(asked, signal),
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
      compare: (asked, { signal }) => compareVersions(comparing, asked, signal),
      disagreements: ({ reportId, after, limit }) =>
        store.now((db) => disagreementsAfter(db, reportId, { after, limit })),
      matrix: ({ model }, { signal }) => versionMatrix(comparing, model, signal),
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
