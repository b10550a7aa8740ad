import type Database from 'better-sqlite3';
import { BenchtopError, aliasName, type HistoryEntry, type HistoryEvidence } from '../../contract/index.ts';
import { recordedRunById } from '../tracking/index.ts';
import { earlierHolder } from './alias-history.ts';
import type { Cause } from './history.ts';
import { modelVersion } from './model-versions.ts';
import { aliasHolder, setAlias } from './registered-models.ts';
import { modelByName, versionByNumber } from './version-reference.ts';

export interface Promotion {
  readonly name: string;
  readonly version: number;
  readonly alias: string;
}

/**
 * Gives an alias to a version. The evidence holds the metrics of its run and of the run behind the version that had it.
 * @throws {BenchtopError} `not-found`, `invalid-input` for what cannot be an alias, `conflict` where it has it already.
 */
export function promote(
  db: Database.Database,
  { name, version, alias }: Promotion,
  cause: Cause,
): { entry: HistoryEntry; previousVersion: number | null } {
  refuseBadAlias(alias);
  const { model } = versionByNumber(db, { name, version });
  const previousVersion = aliasHolder(db, model, alias);
  if (previousVersion === version)
    throw new BenchtopError({
      code: 'conflict',
      what: `Version ${version} of ${name} has the alias ${alias} already.`,
    });
  const evidence = { ...cause.evidence, ...runsBehind(db, name, [version, previousVersion]) };
  return { entry: setAlias(db, { id: model, alias, version }, { ...cause, evidence }), previousVersion };
}

/**
 * Gives an alias back to the version that had it before.
 * @throws {BenchtopError} `not-found` where there is no model, or no version had it before.
 */
export function rollback(
  db: Database.Database,
  { name, alias }: Omit<Promotion, 'version'>,
  cause: Cause,
): { entry: HistoryEntry; version: number; previousVersion: number | null } {
  const { id } = modelByName(db, name);
  const subject = db.prepare('SELECT history FROM registered_model WHERE id = ?').pluck().get(id) as number;
  const previousVersion = aliasHolder(db, id, alias);
  const version = earlierHolder(
    db,
    { subject, alias },
    (number) => modelVersion(db, name, number) !== undefined,
  );
  if (version === null)
    throw new BenchtopError({
      code: 'not-found',
      what: `No version of ${name} had the alias ${alias} before${previousVersion === null ? '' : ` version ${previousVersion}`}.`,
      next: `\`benchtop model history ${name}\` shows who had it when.`,
    });
  const evidence = { ...cause.evidence, ...runsBehind(db, name, [version, previousVersion]) };
  const entry = setAlias(db, { id, alias, version }, { ...cause, evidence }, 'alias-rolled-back');
  return { entry, version, previousVersion };
}

/** The runs behind versions with their last metrics; versions without a recorded run are left out. */
export function runsBehind(
  db: Database.Database,
  name: string,
  versions: readonly (number | null)[],
): Required<Pick<HistoryEvidence, 'runs'>> {
  const runs = versions.flatMap((version) => {
    const runId = version === null ? undefined : modelVersion(db, name, version)?.runId;
    const run = runId === undefined || runId === '' ? undefined : recordedRunById(db, runId);
    if (version === null || run === undefined) return [];
    const finite = run.metrics.filter(({ value }) => Number.isFinite(value));
    const metrics = Object.fromEntries(finite.map(({ key, value }) => [key, value]));
    return [{ version, runId: run.runId, runName: run.name, metrics }];
  });
  return { runs };
}

function refuseBadAlias(alias: string): void {
  const checked = aliasName.safeParse(alias);
  if (checked.success) return;
  throw new BenchtopError({
    code: 'invalid-input',
    what: `"${alias}" cannot be an alias.`,
    evidence: checked.error.issues.map(({ message }) => message).join(' '),
  });
}
