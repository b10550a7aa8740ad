import type Database from 'better-sqlite3';
import {
  BenchtopError,
  type ApprovalRequest,
  type GateEnvironment,
  type GateReport,
  type RoomHandlers,
  type SkippedCheck,
} from '../../contract/index.ts';
import { appendHistory, promote, type Registry } from '../registry/index.ts';
import type { Store } from '../store/index.ts';
import { staleEvidence } from './comparison/stale-evidence.ts';
import { latestReport, saveReport, type VersionKey } from './gate-records.ts';
import { blockersIn, skippedResult } from './judge-version.ts';
import { holderOf, placeOf, registeredVersion } from './registered-version.ts';
import { approvalRequests, decideRequest, insertRequest, waitingRequest } from './request-rows.ts';

interface Asked {
  readonly model: string;
  readonly version: number;
  readonly environment: GateEnvironment;
}

/**
 * Requests to promote, and what comes of them. On one laptop the one who asks and the one who decides are often the same person: that is
 * allowed, and told.
 */
export function createApprovals({
  store,
  registry,
  checksSha256,
}: {
  store: Pick<Store, 'now'>;
  registry: Pick<Registry, 'change' | 'causeOf'>;
  /** Of the file that a version is judged by now; null where there is none. */
  checksSha256: (name: string, version: number) => string | null;
}): Pick<RoomHandlers<'gates'>, 'requests' | 'request' | 'approve' | 'refuse'> {
  function waiting(db: Database.Database, version: VersionKey, asked: Asked): ApprovalRequest {
    const found = waitingRequest(db, version, asked.environment);
    if (found !== null) return found;
    throw new BenchtopError({
      code: 'not-found',
      what: `Nobody waits for version ${asked.version} of ${asked.model} in ${asked.environment}.`,
      next: `Ask first: \`benchtop request ${asked.model}/${asked.version} --to ${asked.environment}\`.`,
    });
  }

  return {
    requests: (wanted) => store.now((db) => approvalRequests(db, wanted)),

    request: ({ comment, ...asked }) =>
      registry.change('gates.request', (db) => {
        const { environment } = asked;
        const version = registeredVersion(db, asked.model, asked.version);
        if (holderOf(db, asked.model, environment) === asked.version)
          throw conflict(`Version ${asked.version} of ${asked.model} is in ${environment} already.`);
        if (waitingRequest(db, version, environment) !== null)
          throw conflict(`Version ${asked.version} of ${asked.model} waits for ${environment} already.`);
        const cause = registry.causeOf(comment);
        const made = insertRequest(db, version, {
          environment,
          requestedBy: cause.who,
          requestedAt: cause.at,
          comment,
        });
        appendHistory(db, version.model, cause, {
          kind: 'promotion-requested',
          version: asked.version,
          item: environment,
        });
        return made;
      }),

    approve({ comment, skips, ...asked }) {
      const sha256 = checksSha256(asked.model, asked.version);
      return registry.change('gates.approve', (db) => {
        const { model, environment } = asked;
        const version = registeredVersion(db, model, asked.version);
        const { id, requestedBy } = waiting(db, version, asked);
        const holder = holderOf(db, model, environment);
        const cause = registry.causeOf(comment);
        const report = skipChecks(
          db,
          version,
          currentReport(db, version, asked, { sha256, holder }),
          skips,
          cause,
        );
        const isSelf = cause.who === requestedBy;
        const decided = decideRequest(db, id, {
          state: 'approved',
          decidedBy: cause.who,
          decidedAt: cause.at,
          decision: comment,
          reportId: report.id,
        });
        const evidence = { report: report.id, results: outcomesOf(report), isSelfApproved: isSelf };
        appendHistory(
          db,
          version.model,
          { ...cause, evidence },
          { kind: 'promotion-approved', version: asked.version, item: environment },
        );
        const { alias } = placeOf[environment];
        promote(db, { name: model, version: asked.version, alias }, { ...cause, evidence });
        return decided;
      });
    },

    refuse: ({ comment, ...asked }) =>
      registry.change('gates.refuse', (db) => {
        const version = registeredVersion(db, asked.model, asked.version);
        const { id } = waiting(db, version, asked);
        const cause = registry.causeOf(comment);
        const report = latestReport(db, version, asked.environment);
        appendHistory(
          db,
          version.model,
          report === null
            ? cause
            : { ...cause, evidence: { report: report.id, results: outcomesOf(report) } },
          { kind: 'promotion-refused', version: asked.version, item: asked.environment },
        );
        return decideRequest(db, id, {
          state: 'refused',
          decidedBy: cause.who,
          decidedAt: cause.at,
          decision: comment,
          reportId: report?.id ?? null,
        });
      }),
  };
}

/** The latest report, if it is about what there is now. @throws {BenchtopError} `conflict`. */
function currentReport(
  db: Database.Database,
  version: VersionKey,
  { model, version: number, environment }: Asked,
  now: { sha256: string | null; holder: number | null },
): GateReport {
  const report = latestReport(db, version, environment);
  const outdated = staleEvidence(report, {
    model,
    version: number,
    environment,
    champion: now.holder,
    checksSha256: now.sha256,
    // What only is told and blocks nothing is not looked for.
    dataVersion: null,
    givenAt: { candidate: null, champion: null },
  }).find(({ isBlocking }) => isBlocking);
  if (outdated !== undefined) throw conflict(outdated.what, outdated.next);
  if (report === null) throw new Error('A version without a report was taken for judged.');
  return report;
}

/** Sets checks of a report aside, and notes who did and why. @throws {BenchtopError} `conflict` while a check still blocks. */
function skipChecks(
  db: Database.Database,
  version: VersionKey,
  report: GateReport,
  skips: readonly SkippedCheck[],
  cause: ReturnType<Registry['causeOf']>,
): GateReport {
  const results = report.results.map((result) => {
    const skip = skips.find(({ check }) => check === result.check);
    return skip === undefined
      ? result
      : skippedResult(
          result.check,
          result.level,
          { reason: skip.reason, who: cause.who, at: cause.at },
          result,
        );
  });
  const blockers = blockersIn(results);
  if (blockers.length > 0)
    throw new BenchtopError({
      code: 'conflict',
      what: `Version ${report.version} of ${report.model} is kept from ${report.environment} by ${blockers.join(', ')}.`,
      evidence: results
        .filter(({ check }) => blockers.includes(check))
        .map(({ check, what }) => `${check}: ${what}`)
        .join('\n'),
      next: `Mend it and judge again; or skip a check with a reason: \`--skip ${blockers[0] ?? ''} --reason TEXT\`.`,
    });
  noteSkips(db, version, skips, cause);
  const kept = { ...report, results, blockers };
  if (skips.length > 0) saveReport(db, version, kept);
  return kept;
}

/** Skips stand in the history, each with its reason. */
export function noteSkips(
  db: Database.Database,
  { model, version }: VersionKey,
  skips: readonly SkippedCheck[],
  cause: ReturnType<Registry['causeOf']>,
): void {
  for (const { check, reason } of skips)
    appendHistory(db, model, { ...cause, reason }, { kind: 'check-skipped', version, item: check });
}

const outcomesOf = ({ results }: GateReport): Record<string, string> =>
  Object.fromEntries(results.map(({ check, state }) => [check, state]));

const conflict = (what: string, next?: string) =>
  new BenchtopError({ code: 'conflict', what, ...(next === undefined ? {} : { next }) });
