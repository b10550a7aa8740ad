import { join } from 'node:path';
import {
  BenchtopError,
  type ComparedVersion,
  type GateEnvironment,
  type GateReport,
  type StaleEvidence,
  type VersionComparison,
} from '../../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { Checks } from '../definition/read-checks.ts';
import { disagreementsAfter } from '../disagreement-rows.ts';
import { recordedPath } from '../evaluation/held-out.ts';
import { latencyOf, latestReport, predictionsOf } from '../gate-records.ts';
import type { GateRooms } from '../gate-rooms.ts';
import { holderOf, registeredVersion, type RegisteredVersion } from '../registered-version.ts';
import { approvalRequests } from '../request-rows.ts';
import { staleEvidence, type PresentEvidence } from './stale-evidence.ts';
import { versionVerdict } from './version-verdict.ts';

/** What comparing needs of the room. */
export interface Comparing {
  readonly store: Pick<Store, 'now'>;
  readonly rooms: GateRooms;
  /** @throws {BenchtopError} `invalid-input` where checks.yaml cannot be followed. */
  readonly checksOf: (version: RegisteredVersion) => Checks;
  readonly projectPathOf: (version: RegisteredVersion) => string | null;
}

const firstDisagreements = 10;
const requestsShown = 20;

/** A version beside the one that is in an environment, from what was kept. Nothing is measured here. @throws {BenchtopError} `not-found`. */
export async function compareVersions(
  comparing: Comparing,
  asked: { model: string; version: number; environment: GateEnvironment },
  signal: AbortSignal,
): Promise<VersionComparison> {
  const { store, rooms } = comparing;
  const { model, environment } = asked;
  const found = store.now((db) => {
    const version = registeredVersion(db, model, asked.version);
    const holder = holderOf(db, model, environment);
    const isThere = holder === asked.version;
    const report = latestReport(db, version, environment);
    return {
      version,
      isThere,
      champion: holder === null || isThere ? null : registeredVersion(db, model, holder),
      report,
      disagreements:
        report === null
          ? { rows: [], keptCount: 0 }
          : disagreementsAfter(db, report.id, { after: 0, limit: firstDisagreements }),
      requests: approvalRequests(db, { ...asked, isWaiting: false, limit: requestsShown }),
    };
  });
  const { version, isThere, champion, report } = found;
  const [candidateSide, championSide, stale, causes] = await Promise.all([
    sideOf(comparing, version, report?.evaluation?.candidate ?? null),
    champion === null
      ? null
      : sideOf(
          comparing,
          champion,
          report?.champion === champion.version ? (report.evaluation?.champion ?? null) : null,
        ),
    staleNow(comparing, { version, champion, report, environment }, signal),
    champion === null || champion.runId === null || version.runId === null
      ? null
      : causesOf(rooms, champion.runId, version.runId, signal),
  ]);
  return {
    model,
    environment,
    candidate: candidateSide,
    champion: championSide,
    isThere,
    verdict: versionVerdict({
      version: version.version,
      environment,
      champion: champion?.version ?? null,
      report,
      stale,
      latency: { candidate: candidateSide.latency, champion: championSide?.latency ?? null },
    }),
    report,
    stale,
    disagreements: found.disagreements,
    causes,
    requests: found.requests,
    who: rooms.registry.causeOf('').who,
  };
}

async function sideOf(
  { store, rooms }: Comparing,
  version: RegisteredVersion,
  predictions: ComparedVersion['predictions'],
): Promise<ComparedVersion> {
  const { fileCount, sizeBytes } = await rooms.contentOf(version.name, version.version);
  const run = version.runId === null ? null : rooms.run(version.runId);
  return {
    version: version.version,
    run: run === null ? null : { id: run.id, name: run.name, projectId: run.projectId },
    fileCount,
    sizeBytes,
    latency: predictions === null ? null : store.now((db) => latencyOf(db, version, predictions.objectId)),
    predictions,
  };
}

/** Null where one of the runs was erased. */
async function causesOf(
  rooms: GateRooms,
  before: string,
  after: string,
  signal: AbortSignal,
): Promise<VersionComparison['causes']> {
  if (rooms.run(before) === null || rooms.run(after) === null) return null;
  return (await rooms.compareRuns(before, after, signal)).causes;
}

async function staleNow(
  comparing: Comparing,
  {
    version,
    champion,
    report,
    environment,
  }: {
    version: RegisteredVersion;
    champion: RegisteredVersion | null;
    report: GateReport | null;
    environment: GateEnvironment;
  },
  signal: AbortSignal,
): Promise<StaleEvidence[]> {
  const { store } = comparing;
  let checks: Checks;
  try {
    checks = comparing.checksOf(version);
  } catch (error) {
    if (!(error instanceof BenchtopError)) throw error;
    return [{ what: error.message, next: error.next ?? 'Mend checks.yaml.', isBlocking: true }];
  }
  const givenAt = (side: RegisteredVersion | null) =>
    side === null ? null : (store.now((db) => predictionsOf(db, side, 'file'))?.at ?? null);
  const present: PresentEvidence = {
    model: version.name,
    version: version.version,
    environment,
    champion: champion?.version ?? null,
    checksSha256: checks.file?.sha256 ?? null,
    dataVersion: await heldOutNow(comparing, version, checks, signal),
    givenAt: { candidate: givenAt(version), champion: givenAt(champion) },
  };
  return staleEvidence(report, present);
}

async function heldOutNow(
  { rooms, projectPathOf }: Comparing,
  version: RegisteredVersion,
  { evaluation: { data } }: Checks,
  signal: AbortSignal,
): Promise<string | null> {
  const projectPath = projectPathOf(version);
  if (data === null || projectPath === null) return null;
  return rooms.dataVersionAt(join(projectPath, recordedPath(data)), signal);
}
