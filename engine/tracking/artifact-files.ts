import type Database from 'better-sqlite3';
import { artifactUri } from './recorded-run.ts';

/** A file or a folder below `mlflow-artifacts:/`, by its last name. */
export interface ProxiedEntry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly sizeBytes: number;
}

export interface StoredFile {
  readonly objectId: string;
  readonly sizeBytes: number;
}

/** The part of a proxied path that may name a run: `…/<run id>/artifacts/<path>`. */
const runPath = /(?:^|\/)([0-9a-f]{32})\/artifacts(?:\/(.*))?$/s;

/**
 * The path below the proxy of an `mlflow-artifacts:` URI, or of the proxy's own address; host and slashes gone. Null for
 * another location.
 */
export function proxiedPath(uri: string): string | null {
  const [, path] =
    /^(?:mlflow-artifacts:(?:\/\/[^/]*)?|https?:\/\/[^/]*\/api\/2\.0\/mlflow-artifacts\/artifacts(?=\/|$))\/*(.*)$/s.exec(
      uri,
    ) ?? [];
  return path === undefined ? null : path.replace(/\/+$/, '');
}

/** Where a proxied path is kept: with a run's artifacts, or among the files of no run. */
function placeOf(db: Database.Database, path: string): { run: number; runId: string; rest: string } | null {
  const match = runPath.exec(path);
  const [, runId, rest = ''] = match ?? [];
  if (match === null || runId === undefined) return null;
  const run = db
    .prepare(
      `SELECT r.id, ${artifactUri} AS uri FROM run r JOIN experiment e ON e.id = r.experiment WHERE r.run_id = ?`,
    )
    .get(runId) as { id: number; uri: string } | undefined;
  const root = path.slice(0, path.length - (rest === '' ? 0 : rest.length + 1)).replace(/\/$/, '');
  return run !== undefined && proxiedPath(run.uri) === root ? { run: run.id, runId, rest } : null;
}

export function fileAt(db: Database.Database, path: string): StoredFile | undefined {
  const place = placeOf(db, path);
  const columns = 'object_id AS objectId, size_bytes AS sizeBytes';
  return (
    place === null
      ? db.prepare(`SELECT ${columns} FROM proxied_file WHERE path = ?`).get(path)
      : db.prepare(`SELECT ${columns} FROM artifact WHERE run = ? AND path = ?`).get(place.run, place.rest)
  ) as StoredFile | undefined;
}

/** Puts a file at a path, in place of one that is there. Returns the run it belongs to. */
export function putFileAt(db: Database.Database, path: string, file: StoredFile): string | null {
  const place = placeOf(db, path);
  if (place === null) {
    db.prepare('INSERT OR REPLACE INTO proxied_file (path, object_id, size_bytes) VALUES (?, ?, ?)').run(
      path,
      file.objectId,
      file.sizeBytes,
    );
  } else {
    db.prepare('INSERT OR REPLACE INTO artifact (run, path, object_id, size_bytes) VALUES (?, ?, ?, ?)').run(
      place.run,
      place.rest,
      file.objectId,
      file.sizeBytes,
    );
  }
  return place?.runId ?? null;
}

/** Whether a file cannot stand at a path: a folder is there, or a file where the path needs a folder. */
export function isTaken(db: Database.Database, path: string): boolean {
  const parts = path.split('/');
  return (
    parts.some((_, index) => index > 0 && fileAt(db, parts.slice(0, index).join('/')) !== undefined) ||
    entriesBelow(db, path).length > 0
  );
}

/** Removes the file at a path, or everything below it. */
export function removeFilesAt(
  db: Database.Database,
  path: string,
): { removed: number; runId: string | null } {
  const place = placeOf(db, path);
  // Everything below `a` lies between `a/` and `a0`, the next character: an index finds it.
  const below = (rest: string) => [rest, `${rest}/`, `${rest}0`, rest] as const;
  const where = "(path = ? OR (path >= ? AND path < ?) OR ? = '')";
  const removed =
    place === null
      ? db.prepare(`DELETE FROM proxied_file WHERE ${where}`).run(...below(path)).changes
      : db.prepare(`DELETE FROM artifact WHERE run = ? AND ${where}`).run(place.run, ...below(place.rest))
          .changes;
  return { removed, runId: place?.runId ?? null };
}

/** A stored file by its path below a folder. */
export interface FileBelow extends StoredFile {
  readonly path: string;
}

/** All files below a folder, by path; of a file that one, under its own name. At most 100,000. */
export function filesBelow(db: Database.Database, path: string): FileBelow[] {
  const single = fileAt(db, path);
  if (single !== undefined) return [{ path: path.slice(path.lastIndexOf('/') + 1), ...single }];
  const place = placeOf(db, path);
  const rest = place === null ? path : place.rest;
  const prefix = rest === '' ? '' : `${rest}/`;
  const columns = 'substr(path, ?) AS path, object_id AS objectId, size_bytes AS sizeBytes';
  const range = [prefix.length + 1, prefix, rest === '' ? '\u{10ffff}' : `${rest}0`];
  return (
    place === null
      ? db
          .prepare(
            `SELECT ${columns} FROM proxied_file WHERE path >= ? AND path < ? ORDER BY path LIMIT 100000`,
          )
          .all(range)
      : db
          .prepare(
            `SELECT ${columns} FROM artifact WHERE path >= ? AND path < ? AND run = ? ORDER BY path LIMIT 100000`,
          )
          .all(range, place.run)
  ) as FileBelow[];
}

/** The direct children of a folder, by name; of a file or of nothing, none. */
export function entriesBelow(db: Database.Database, folder: string): ProxiedEntry[] {
  const place = placeOf(db, folder);
  const rest = place === null ? folder : place.rest;
  const prefix = rest === '' ? '' : `${rest}/`;
  const end = rest === '' ? '\u{10ffff}' : `${rest}0`;
  const rows = (
    place === null
      ? db
          .prepare(
            'SELECT substr(path, ?) AS path, size_bytes AS sizeBytes FROM proxied_file WHERE path >= ? AND path < ? ORDER BY path LIMIT 100000',
          )
          .all(prefix.length + 1, prefix, end)
      : db
          .prepare(
            'SELECT substr(path, ?) AS path, size_bytes AS sizeBytes FROM artifact WHERE run = ? AND path >= ? AND path < ? ORDER BY path LIMIT 100000',
          )
          .all(prefix.length + 1, place.run, prefix, end)
  ) as { path: string; sizeBytes: number }[];
  const entries = new Map<string, ProxiedEntry>();
  for (const { path, sizeBytes } of rows) {
    const slash = path.indexOf('/');
    const name = slash < 0 ? path : path.slice(0, slash);
    if (!entries.has(name)) entries.set(name, { name, isFolder: slash >= 0, sizeBytes });
  }
  return [...entries.values()].toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
