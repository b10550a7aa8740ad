import type { Database } from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BenchtopError } from '../../contract/index.ts';

/** One step of the schema. A released step is never edited: a change is a new step with the next number. */
export interface Migration {
  readonly number: number;
  /** The room and the reason, for the log and for backups' names. */
  readonly name: string;
  readonly sql: string;
  /** What SQL alone cannot do, after `sql`, in the same transaction. */
  readonly run?: (db: Database) => void;
}

/** All rooms' steps in order. Throws when a number is missing or given twice: that is a defect of the program. */
export function orderedMigrations(migrations: readonly Migration[]): Migration[] {
  const ordered = migrations.toSorted((a, b) => a.number - b.number);
  ordered.forEach((migration, index) => {
    if (migration.number !== index + 1)
      throw new Error(
        `Migration ${index + 1} is missing or given twice (found ${migration.number} ${migration.name}).`,
      );
  });
  return ordered;
}

/** The schema's version in the file: the number of its last migration, 0 for an empty file. */
export function schemaVersion(db: Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/**
 * Brings the store up to the program's schema. A store that holds data is copied to `backups/` first,
 * and each step is one transaction, so a failure leaves the last good version.
 * @throws {BenchtopError} `store-damaged` when a step fails; names the step and the backup.
 */
export async function migrate(
  db: Database,
  migrations: readonly Migration[],
  backupsPath: string,
): Promise<void> {
  const ordered = orderedMigrations(migrations);
  const from = schemaVersion(db);
  const steps = ordered.slice(from);
  if (steps.length === 0) return;
  let backup: string | undefined;
  if (from > 0) {
    mkdirSync(backupsPath, { recursive: true });
    backup = join(backupsPath, `before-${ordered.length}-${new Date().toISOString().replaceAll(':', '')}.db`);
    await db.backup(backup);
  }
  const take = db.transaction((taken: readonly Migration[]) => {
    for (const step of taken) takeStep(db, step, backup);
  });
  // A new store has no good version to fall back to: one commit, not one a step.
  if (from === 0) take(steps);
  else for (const step of steps) take([step]);
}

function takeStep(db: Database, step: Migration, backup: string | undefined): void {
  try {
    db.exec(step.sql);
    step.run?.(db);
    db.pragma(`user_version = ${step.number}`);
  } catch (error) {
    throw new BenchtopError(
      {
        code: 'store-damaged',
        what: `The store could not be brought from version ${step.number - 1} to ${step.number} (${step.name}).`,
        evidence: error instanceof Error ? error.message : String(error),
        next:
          backup === undefined
            ? 'Report this with the message above.'
            : `Nothing was lost: the store before the attempt is ${backup}.`,
      },
      { cause: error },
    );
  }
}
