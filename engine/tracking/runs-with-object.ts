import type Database from 'better-sqlite3';

/** Query for the path at which a run left the file that became an artifact with a content (`@object`). */
export const artifactOriginals =
  "SELECT r.working_folder || '/' || a.path FROM artifact a JOIN run r ON r.id = a.run WHERE a.object_id = @object AND r.working_folder IS NOT NULL LIMIT 20";

/** Objects, each with the runs whose artifact it is, at most 20. */
export function runsWithObject<T extends { readonly objectId: string }>(
  db: Database.Database,
  objects: readonly T[],
): (T & { runs: { id: string; name: string; path: string }[] })[] {
  const runs = db.prepare(
    'SELECT r.run_id AS id, r.name, a.path FROM artifact a JOIN run r ON r.id = a.run WHERE a.object_id = ? LIMIT 20',
  );
  return objects.map((object) => ({
    ...object,
    runs: runs.all(object.objectId) as { id: string; name: string; path: string }[],
  }));
}
