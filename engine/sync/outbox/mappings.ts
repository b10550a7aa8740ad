import type Database from 'better-sqlite3';
import { prepared } from '../../store/index.ts';

/** What can be called otherwise at a target. */
export type MappedKind = 'experiment' | 'run' | 'model' | 'version' | 'alias';

export function remoteIdOf(
  db: Database.Database,
  target: number,
  kind: MappedKind,
  localId: string,
): string | undefined {
  return prepared(db, 'SELECT remote_id FROM sync_mapping WHERE target = ? AND kind = ? AND local_id = ?')
    .pluck()
    .get(target, kind, localId) as string | undefined;
}

export function setRemoteId(
  db: Database.Database,
  target: number,
  kind: MappedKind,
  localId: string,
  remoteId: string,
): void {
  prepared(
    db,
    `INSERT INTO sync_mapping VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET remote_id = excluded.remote_id`,
  ).run(target, kind, localId, remoteId);
}

/** Who this home is, for what leaves it. */
export const deviceId = (db: Database.Database): string =>
  prepared(db, 'SELECT id FROM sync_device').pluck().get() as string;
