import type Database from 'better-sqlite3';
import { BenchtopError, type Pull, type RoomHandlers } from '../../../contract/index.ts';
import { versionAtLocation } from '../../registry/index.ts';
import { prepared, type Store } from '../../store/index.ts';
import { filesBelow, putFileAt, removeFilesAt, type FileBelow } from '../../tracking/index.ts';
import { versionId } from '../local-version.ts';
import { pulledLocation, pulledRoot } from './fetch-files.ts';
import { markRemoved, pullById } from './pull-rows.ts';

/** So many removed ones can come back. */
const removedKept = 20;

/** Forgetting what was fetched: nothing refers to its files then, so the next cleaning of the store takes them. */
export function createPullRemoval({
  store,
  now,
  onChange,
}: {
  store: Store;
  now: () => number;
  onChange: () => void;
}): Pick<RoomHandlers<'sync'>, 'removePull' | 'restorePull'> {
  /** The files of the latest removed ones. */
  const removed = new Map<number, readonly FileBelow[]>();
  return {
    async removePull({ pullId }) {
      const files = await store.write('sync.removePull', (db) => {
        const pull = pullById(db, pullId);
        if (pull.state === 'pulling')
          throw new BenchtopError({
            code: 'conflict',
            what: `${pull.name} is being fetched.`,
            next: 'Cancel that first.',
          });
        requireUnused(db, pullId);
        const its = filesBelow(db, pulledRoot(pullId));
        removeFilesAt(db, pulledRoot(pullId));
        markRemoved(db, pullId, now());
        return its;
      });
      removed.set(pullId, files);
      for (const id of [...removed.keys()].slice(0, -removedKept)) removed.delete(id);
      onChange();
      return {};
    },
    async restorePull({ pullId }) {
      const files = removed.get(pullId);
      if (files === undefined)
        throw new BenchtopError({ code: 'not-found', what: `There is no removed fetch ${pullId}.` });
      const pull = await store.write('sync.restorePull', (db): Pull => {
        requireKept(db, files);
        for (const { path, ...file } of files) putFileAt(db, `${pulledRoot(pullId)}/${path}`, file);
        markRemoved(db, pullId, null);
        return pullById(db, pullId);
      });
      removed.delete(pullId);
      onChange();
      return pull;
    },
  };
}

/** @throws {BenchtopError} `conflict` where a version of the registry has its files there. */
function requireUnused(db: Database.Database, pullId: number): void {
  const version = versionAtLocation(db, pulledLocation(pullId));
  if (version === undefined) return;
  const id = versionId(version.name, version.version);
  throw new BenchtopError({
    code: 'conflict',
    what: `${id} has its files there.`,
    next: `Delete ${id} first.`,
  });
}

/** @throws {BenchtopError} `not-found` where a cleaning has taken some of the files. */
function requireKept(db: Database.Database, files: readonly FileBelow[]): void {
  const isKept = prepared(db, 'SELECT 1 FROM object WHERE id = ?');
  const gone = files.find(({ objectId }) => isKept.get(objectId) === undefined);
  if (gone === undefined) return;
  throw new BenchtopError({
    code: 'not-found',
    what: `${gone.path} is not kept any more: the store was cleaned meanwhile.`,
    next: 'Pull it again.',
  });
}
