import type Database from 'better-sqlite3';
import type { GateEnvironment } from '../../contract/index.ts';
import { modelByName, versionByNumber } from '../registry/index.ts';
import type { VersionKey } from './gate-records.ts';

/** A version as the registry has it. */
export interface RegisteredVersion extends VersionKey {
  readonly name: string;
  /** Null where no run here made it. */
  readonly runId: string | null;
  readonly storageLocation: string;
}

/** @throws {BenchtopError} `not-found`. */
export function registeredVersion(db: Database.Database, name: string, version: number): RegisteredVersion {
  const { model, runId, storageLocation } = versionByNumber(db, { name, version });
  return { model, name, version, runId: runId === '' ? null : runId, storageLocation };
}

/** What marks the version that is in an environment: an alias, and MLflow's stage where nobody has the alias. */
export const placeOf = {
  staging: { alias: 'challenger', stage: 'Staging' },
  production: { alias: 'champion', stage: 'Production' },
} as const;

/** The version that is in an environment now; null when none is. @throws {BenchtopError} `not-found`. */
export function holderOf(db: Database.Database, name: string, environment: GateEnvironment): number | null {
  const { aliases, latestVersions } = modelByName(db, name);
  const { alias, stage } = placeOf[environment];
  return (
    aliases.find((each) => each.alias === alias)?.version ??
    latestVersions.find((each) => each.stage === stage)?.version ??
    null
  );
}
