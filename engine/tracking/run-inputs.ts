import type Database from 'better-sqlite3';

/** A data set as MLflow describes it. Schema and profile are JSON texts of the client's. */
export interface Dataset {
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  readonly source: string;
  readonly schema: string | null;
  readonly profile: string | null;
}

export interface DatasetInput {
  readonly dataset: Dataset;
  readonly tags: readonly (readonly [key: string, value: string])[];
}

export interface ModelLink {
  readonly modelId: string;
  readonly step: number | null;
}

/** What a run read and produced. */
export interface RunLinks {
  readonly datasets: readonly DatasetInput[];
  readonly modelInputs: readonly ModelLink[];
  readonly modelOutputs: readonly ModelLink[];
}

/** Records data sets as inputs of a run. One that is already an input of it stays as it is, tags included. */
export function insertDatasetInputs(
  db: Database.Database,
  run: { id: number; experiment: number },
  inputs: readonly DatasetInput[],
): void {
  for (const { dataset, tags } of inputs) {
    const known = db
      .prepare('SELECT id FROM dataset WHERE experiment = ? AND name = ? AND digest = ?')
      .pluck()
      .get(run.experiment, dataset.name, dataset.digest) as number | undefined;
    const id =
      known ??
      Number(
        db
          .prepare(
            'INSERT INTO dataset (experiment, name, digest, source_type, source, schema, profile) VALUES (?, ?, ?, ?, ?, ?, ?)',
          )
          .run(
            run.experiment,
            dataset.name,
            dataset.digest,
            dataset.sourceType,
            dataset.source,
            dataset.schema,
            dataset.profile,
          ).lastInsertRowid,
      );
    const isNew = db.prepare('INSERT OR IGNORE INTO run_dataset VALUES (?, ?)').run(run.id, id).changes === 1;
    if (!isNew) continue;
    const insertTag = db.prepare('INSERT OR REPLACE INTO run_dataset_tag VALUES (?, ?, ?, ?)');
    for (const [key, value] of tags) insertTag.run(run.id, id, key, value);
  }
}

export function insertModelLinks(
  db: Database.Database,
  run: number,
  direction: 'input' | 'output',
  links: readonly ModelLink[],
): void {
  const insert = db.prepare(
    'INSERT OR IGNORE INTO run_model (run, model_id, direction, step) VALUES (?, ?, ?, ?)',
  );
  for (const { modelId, step } of links) insert.run(run, modelId, direction, step);
}

/** The links of several runs, by the runs' numbers: three look-ups, however many runs. */
export function linksOf(db: Database.Database, runs: readonly number[]): Map<number, RunLinks> {
  const ids = JSON.stringify(runs);
  const datasets = db
    .prepare(
      `SELECT rd.run, d.id, d.name, d.digest, d.source_type AS sourceType, d.source, d.schema, d.profile
       FROM run_dataset rd JOIN dataset d ON d.id = rd.dataset
       WHERE rd.run IN (SELECT value FROM json_each(?)) ORDER BY d.id`,
    )
    .all(ids) as (Dataset & { run: number; id: number })[];
  const tags = db
    .prepare(
      'SELECT run, dataset, key, value FROM run_dataset_tag WHERE run IN (SELECT value FROM json_each(?)) ORDER BY key',
    )
    .all(ids) as { run: number; dataset: number; key: string; value: string }[];
  const models = db
    .prepare(
      'SELECT run, model_id AS modelId, direction, step FROM run_model WHERE run IN (SELECT value FROM json_each(?)) ORDER BY id',
    )
    .all(ids) as (ModelLink & { run: number; direction: 'input' | 'output' })[];
  const modelsOf = (run: number, direction: 'input' | 'output') =>
    models
      .filter((link) => link.run === run && link.direction === direction)
      .map(({ modelId, step }) => ({ modelId, step }));
  return new Map(
    runs.map((run) => [
      run,
      {
        datasets: datasets
          .filter((dataset) => dataset.run === run)
          .map(({ run: _run, id, ...dataset }) => ({
            dataset,
            tags: tags
              .filter((tag) => tag.run === run && tag.dataset === id)
              .map((tag) => [tag.key, tag.value] as const),
          })),
        modelInputs: modelsOf(run, 'input'),
        modelOutputs: modelsOf(run, 'output'),
      },
    ]),
  );
}

/** One line for each distinct (experiment, name, digest, context) of data sets in use. */
export function datasetSummaries(
  db: Database.Database,
  experiments: readonly number[],
): { experiment: number; name: string; digest: string; context: string | null }[] {
  return db
    .prepare(
      `SELECT DISTINCT d.experiment, d.name, d.digest, t.value AS context
       FROM dataset d JOIN run_dataset rd ON rd.dataset = d.id
       LEFT JOIN run_dataset_tag t ON t.run = rd.run AND t.dataset = d.id AND t.key = 'mlflow.data.context'
       WHERE d.experiment IN (SELECT value FROM json_each(?)) LIMIT 1000`,
    )
    .all(JSON.stringify(experiments)) as {
    experiment: number;
    name: string;
    digest: string;
    context: string | null;
  }[];
}
