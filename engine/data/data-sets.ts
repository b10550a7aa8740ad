import type Database from 'better-sqlite3';
import { BenchtopError, type DataSet, type DataVersion } from '../../contract/index.ts';
import type { Objects } from '../objects/index.ts';
import { prepared } from '../store/index.ts';

interface VersionRow {
  readonly version: string;
  readonly kind: DataVersion['kind'];
  readonly fileCount: number;
  readonly linkCount: number;
  readonly sizeBytes: number;
}
export const versionColumns =
  'v.id AS version, v.kind, v.file_count AS fileCount, v.link_count AS linkCount, v.size_bytes AS sizeBytes';
export const versionOfRow = ({
  version,
  kind,
  fileCount,
  linkCount,
  sizeBytes,
}: VersionRow): DataVersion => ({
  version,
  kind,
  fileCount,
  linkCount,
  sizeBytes,
});

type SetRow = VersionRow & {
  readonly id: number;
  readonly path: string;
  readonly projectId: string | null;
  readonly momentCount: number;
  readonly seenAt: number;
  readonly problemCount: number;
};

const selectSet = `
  SELECT s.id, s.path, s.project_id AS projectId, ${versionColumns}, m.last_seen_at AS seenAt,
    m.problem_count AS problemCount, (SELECT count(*) FROM data_moment c WHERE c.data_set = s.id) AS momentCount
  FROM data_set s
  JOIN data_moment m ON m.id = (SELECT max(l.id) FROM data_moment l WHERE l.data_set = s.id)
  JOIN data_version v ON v.id = m.version`;

const setOfRow = (row: SetRow): DataSet => ({
  id: row.id,
  path: row.path,
  projectId: row.projectId,
  momentCount: row.momentCount,
  latest: { ...versionOfRow(row), seenAt: row.seenAt, problemCount: row.problemCount },
});

/** The data sets with a version, the one seen last first; of one project, or of all when it is null. */
export function dataSets(db: Database.Database, projectId: string | null, limit: number): DataSet[] {
  const where = projectId === null ? '' : 'WHERE s.project_id = ?';
  const values = projectId === null ? [limit] : [projectId, limit];
  const rows = prepared(db, `${selectSet} ${where} ORDER BY m.last_seen_at DESC, s.id LIMIT ?`).all(
    ...values,
  );
  return (rows as SetRow[]).map(setOfRow);
}

/** @throws {BenchtopError} `not-found` for one that no version was recorded of. */
export function dataSet(db: Database.Database, by: { path: string } | { dataSetId: number }): DataSet {
  const row =
    'path' in by
      ? prepared(db, `${selectSet} WHERE s.path = ?`).get(by.path)
      : prepared(db, `${selectSet} WHERE s.id = ?`).get(by.dataSetId);
  if (row === undefined)
    throw new BenchtopError({
      code: 'not-found',
      what: `No version of ${'path' in by ? by.path : `data set ${by.dataSetId}`} is recorded.`,
      next: 'Record what it holds now with `benchtop data snapshot PATH`.',
    });
  return setOfRow(row as SetRow);
}

/** The version of a path that was recorded last; null when none was. */
export function latestVersionOf(db: Database.Database, path: string): string | null {
  const row = prepared(db, `${selectSet} WHERE s.path = ?`).get(path) as SetRow | undefined;
  return row === undefined ? null : setOfRow(row).latest.version;
}

/** A data set as it is recorded. */
export interface KnownDataSet {
  readonly id: number;
  readonly projectId: string | null;
}

export const knownDataSet = (db: Database.Database, path: string): KnownDataSet | null =>
  (prepared(db, 'SELECT id, project_id AS projectId FROM data_set WHERE path = ?').get(path) as
    | KnownDataSet
    | undefined) ?? null;

/**
 * The number of a data set, made where it is new. One that is known is written again only where it has come into another project.
 * @param known as it was recorded a moment ago, or null: data sets stay.
 */
export function dataSetNumber(
  db: Database.Database,
  { path, projectId, at }: { path: string; projectId: string | null; at: number },
  known = knownDataSet(db, path),
): number {
  if (known !== null && (projectId === null || known.projectId === projectId)) return known.id;
  if (known !== null) {
    prepared(db, 'UPDATE data_set SET project_id = ? WHERE id = ?').run(projectId, known.id);
    return known.id;
  }
  const { changes, lastInsertRowid } = prepared(
    db,
    'INSERT INTO data_set (path, project_id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  ).run(path, projectId, at);
  // Somebody else has made it since it was looked for.
  return changes === 0 ? dataSetNumber(db, { path, projectId, at }) : Number(lastInsertRowid);
}

/** @throws {BenchtopError} `not-found`. */
export function versionById(db: Database.Database, version: string): DataVersion {
  const row = prepared(db, `SELECT ${versionColumns} FROM data_version v WHERE v.id = ?`).get(version);
  if (row === undefined)
    throw new BenchtopError({ code: 'not-found', what: `There is no data version ${version}.` });
  return versionOfRow(row as VersionRow);
}

/** The text of a version's manifest where that lies beside it; null where it is stored as an object. */
export const manifestBeside = (db: Database.Database, version: string): string | null =>
  (prepared(db, 'SELECT manifest FROM data_version WHERE id = ?').pluck().get(version) as
    | string
    | null
    | undefined) ?? null;

/** True when a version is recorded and its manifest is there; of a single file, its content as well. */
export function isListed(db: Database.Database, objects: Pick<Objects, 'has'>, version: string): boolean {
  const row = prepared(db, 'SELECT manifest, only_object AS onlyObject FROM data_version WHERE id = ?').get(
    version,
  ) as { manifest: string | null; onlyObject: string | null } | undefined;
  return row !== undefined && objects.has(row.manifest === null ? version : (row.onlyObject ?? version));
}

/** A version by the beginning of its id. @throws {BenchtopError} `not-found`, `too-many` where several begin so. */
export function versionByPrefix(db: Database.Database, prefix: string): DataVersion {
  const rows = prepared(
    db,
    `SELECT ${versionColumns} FROM data_version v WHERE v.id >= ? AND v.id < ? ORDER BY v.id LIMIT 2`,
  ).all(prefix, `${prefix}g`) as VersionRow[];
  const [row, second] = rows;
  if (row === undefined)
    throw new BenchtopError({
      code: 'not-found',
      what: `There is no data version that begins with ${prefix}.`,
      next: '`benchtop data log PATH` lists the versions of a file or folder.',
    });
  if (second !== undefined)
    throw new BenchtopError({
      code: 'too-many',
      what: `Several data versions begin with ${prefix}.`,
      evidence: `${row.version}, ${second.version}`,
      next: 'Give more of its letters.',
    });
  return versionOfRow(row);
}
