import type Database from 'better-sqlite3';

/** An experiment as it is stored, with its tags. Times are milliseconds UTC. */
export interface Experiment {
  readonly id: number;
  readonly name: string;
  /** Where its runs keep their artifacts, as URI. */
  readonly artifactLocation: string;
  readonly isActive: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: readonly (readonly [key: string, value: string])[];
}

export interface ExperimentRow {
  id: number;
  name: string;
  artifact_location: string | null;
  lifecycle: 'active' | 'deleted';
  created_at: number;
  updated_at: number;
}

/**
 * SQL for a path (SQL too) below an experiment's artifact location: before the location's query, and without a second slash
 * where the location ends with one.
 */
export function belowLocation(alias: string, path: string): string {
  const own = `${alias}.artifact_location`;
  const query = `instr(${own}, '?')`;
  return `(CASE
    WHEN ${own} IS NULL THEN 'mlflow-artifacts:/' || ${alias}.id || '/' || ${path}
    WHEN ${query} = 0 THEN rtrim(${own}, '/') || '/' || ${path}
    ELSE rtrim(substr(${own}, 1, ${query} - 1), '/') || '/' || ${path} || substr(${own}, ${query})
  END)`;
}

export function experimentsOf(db: Database.Database, rows: readonly ExperimentRow[]): Experiment[] {
  const tags = db.prepare('SELECT key, value FROM experiment_tag WHERE experiment = ? ORDER BY key').raw();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    artifactLocation: row.artifact_location ?? `mlflow-artifacts:/${row.id}`,
    isActive: row.lifecycle === 'active',
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    tags: tags.all(row.id) as [string, string][],
  }));
}

export function experimentById(db: Database.Database, id: number): Experiment | undefined {
  const row = db.prepare('SELECT * FROM experiment WHERE id = ?').get(id) as ExperimentRow | undefined;
  return row === undefined ? undefined : experimentsOf(db, [row])[0];
}

export function experimentByName(db: Database.Database, name: string): Experiment | undefined {
  const row = db.prepare('SELECT * FROM experiment WHERE name = ?').get(name) as ExperimentRow | undefined;
  return row === undefined ? undefined : experimentsOf(db, [row])[0];
}

/** Returns the number given out. The caller has made sure that the name is free, deleted experiments included. */
export function insertExperiment(
  db: Database.Database,
  experiment: {
    name: string;
    artifactLocation: string | null;
    /** Where experiments without a location of their own keep their artifacts, as URI; null for the proxy. */
    artifactRoot: string | null;
    at: number;
    tags: Readonly<Record<string, string>>;
  },
): number {
  const id = Number(
    db
      .prepare('INSERT INTO experiment (name, artifact_location, created_at, updated_at) VALUES (?, ?, ?, ?)')
      .run(experiment.name, experiment.artifactLocation, experiment.at, experiment.at).lastInsertRowid,
  );
  if (experiment.artifactLocation === null && experiment.artifactRoot !== null)
    setArtifactRoot(db, id, experiment.artifactRoot);
  for (const [key, value] of Object.entries(experiment.tags)) setExperimentTag(db, id, key, value);
  return id;
}

/** Moves an experiment that has neither a location of its own nor runs to a folder of a root. */
export function setArtifactRoot(db: Database.Database, id: number, root: string): void {
  db.prepare(
    `UPDATE experiment SET artifact_location = ? WHERE id = ? AND artifact_location IS NULL
       AND NOT EXISTS (SELECT 1 FROM run WHERE run.experiment = experiment.id)`,
  ).run(`${root.replace(/\/+$/, '')}/${id}`, id);
}

export function renameExperiment(db: Database.Database, id: number, name: string, at: number): void {
  db.prepare('UPDATE experiment SET name = ?, updated_at = ? WHERE id = ?').run(name, at, id);
}

/** Deletes or restores an experiment together with its runs. Returns the ids of the runs. */
export function setExperimentDeleted(
  db: Database.Database,
  id: number,
  isDeleted: boolean,
  at: number,
): string[] {
  db.prepare('UPDATE experiment SET lifecycle = ?, updated_at = ? WHERE id = ?').run(
    isDeleted ? 'deleted' : 'active',
    at,
    id,
  );
  return db
    .prepare('UPDATE run SET deleted_at = ? WHERE experiment = ? RETURNING run_id')
    .pluck()
    .all(isDeleted ? at : null, id) as string[];
}

export function setExperimentTag(db: Database.Database, id: number, key: string, value: string): void {
  db.prepare(
    'INSERT INTO experiment_tag (experiment, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  ).run(id, key, value);
}

/** False when there was no such tag. */
export function removeExperimentTag(db: Database.Database, id: number, key: string): boolean {
  return db.prepare('DELETE FROM experiment_tag WHERE experiment = ? AND key = ?').run(id, key).changes === 1;
}
