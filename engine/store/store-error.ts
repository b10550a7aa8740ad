import Database from 'better-sqlite3';
import { BenchtopError } from '../../contract/index.ts';

/** Turns what SQLite reports about the disk into the error a person can act on; everything else passes unchanged. */
export function storeError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (error.code === 'SQLITE_FULL') {
    return new BenchtopError(
      {
        code: 'disk-full',
        what: 'The disk is full; this was not recorded.',
        evidence: error.message,
        next: 'Free some space; recording goes on by itself.',
      },
      { cause: error },
    );
  }
  if (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB') {
    return new BenchtopError(
      {
        code: 'store-damaged',
        what: 'The store is damaged.',
        evidence: error.message,
        next: 'Close Benchtop and restore the newest file of backups/ in its home.',
      },
      { cause: error },
    );
  }
  return error;
}
