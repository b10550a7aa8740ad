import type { SqlView } from '../../contract/index.ts';

interface View extends SqlView {
  /** The SELECT behind it. `within_time()` ends a query that takes too long. */
  readonly select: string;
}

const column = (name: string, about: string) => ({ name, about });

/** The views of `benchtop sql` and the window's SQL page. docs/sql.md has them too; a test holds the two together. */
export const views: readonly View[] = [
  {
    name: 'runs',
    about: 'One row a run, those in the bin too.',
    columns: [
      column('run_id', '32 hex'),
      column('name', ''),
      column('experiment_id', ''),
      column('experiment', 'the name of the experiment'),
      column('project', 'the name of the project, or NULL'),
      column('parent_run_id', 'of a nested run'),
      column('status', 'queued, running, finished, failed, killed or lost'),
      column('ending', 'how it ended, in words'),
      column('exit_code', ''),
      column('created_at', 'milliseconds UTC, as all times'),
      column('started_at', ''),
      column('ended_at', ''),
      column('duration_s', 'seconds from start to end, without pauses and sleep; NULL while it goes on'),
      column('command', 'JSON array'),
      column('source', 'runner, mlflow or recording'),
      column('user', 'who logged it'),
      column('is_starred', '0 or 1'),
      column('note', ''),
      column('deleted_at', 'when it went into the bin'),
    ],
    select: `SELECT r.run_id, r.name, r.experiment AS experiment_id, e.name AS experiment, p.name AS project, r.parent_run_id,
      r.status, r.ending, r.exit_code, r.created_at, r.started_at, r.ended_at, (r.ended_at - r.started_at - r.still_ms) / 1000.0 AS duration_s,
      r.command, r.source, r.user_id AS user, r.is_starred, r.note, r.deleted_at
      FROM run r JOIN experiment e ON e.id = r.experiment LEFT JOIN project p ON p.id = r.project_id WHERE within_time()`,
  },
  ...(['param', 'tag'] as const).map((kind): View => ({
    name: `${kind}s`,
    about: kind === 'param' ? 'What runs were given.' : 'What was written on runs.',
    columns: [column('run_id', ''), column('key', ''), column('value', 'text')],
    select: `SELECT r.run_id, n.text AS key, v.value FROM ${kind} v JOIN run r ON r.id = v.run JOIN name n ON n.id = v.name WHERE within_time()`,
  })),
  {
    name: 'metrics',
    about: 'One row a metric of a run, summed up.',
    columns: [
      column('run_id', ''),
      column('key', ''),
      column('last', "of the greatest step; NaN is the text 'NaN'"),
      column('last_step', ''),
      column('last_time', ''),
      column('min', 'over finite values'),
      column('max', 'over finite values'),
      column('points', 'how many'),
      column('origin', 'told by the program, or read from its console or from a file'),
    ],
    select: `SELECT r.run_id, n.text AS key, s.last_value AS last, s.last_step, s.last_time, s.min_value AS min, s.max_value AS max,
      s.point_count AS points, s.origin FROM series s JOIN run r ON r.id = s.run JOIN name n ON n.id = s.name WHERE s.is_ignored = 0 AND within_time()`,
  },
  {
    name: 'artifacts',
    about: 'One row a file of a run.',
    columns: [
      column('run_id', ''),
      column('path', ''),
      column('size_bytes', ''),
      column('object_id', 'sha256 of the content'),
    ],
    select:
      'SELECT r.run_id, a.path, a.size_bytes, a.object_id FROM artifact a JOIN run r ON r.id = a.run WHERE within_time()',
  },
  {
    name: 'experiments',
    about: 'One row an experiment.',
    columns: [
      column('experiment_id', ''),
      column('name', ''),
      column('lifecycle', 'active or deleted'),
      column('artifact_location', ''),
      column('created_at', ''),
      column('updated_at', ''),
    ],
    select: `SELECT e.id AS experiment_id, e.name, e.lifecycle, coalesce(e.artifact_location, 'mlflow-artifacts:/' || e.id) AS artifact_location,
      e.created_at, e.updated_at FROM experiment e WHERE within_time()`,
  },
  {
    name: 'models',
    about: 'One row a version of a registered model.',
    columns: [
      column('name', ''),
      column('version', ''),
      column('stage', ''),
      column('run_id', "the run it came from, or ''"),
      column('source', 'where its files are'),
      column('description', ''),
      column('created_at', ''),
      column('updated_at', ''),
    ],
    select: `SELECT m.name, v.version, v.stage, v.run_id, v.source, v.description, v.created_at, v.updated_at
      FROM model_version v JOIN registered_model m ON m.id = v.model WHERE v.is_deleted = 0 AND within_time()`,
  },
  {
    name: 'model_history',
    about: 'One row a change of the registry; docs/models.md says how the hashes are made.',
    columns: [
      column('seq', '1, 2, 3 … over all models'),
      column('at', ''),
      column('who', 'the user, run <id> for a program of a run, or nothing'),
      column('via', 'benchtop, or what an MLflow client calls itself'),
      column('kind', 'alias-set, version-created …'),
      column('model', 'its name then'),
      column('version', ''),
      column('item', 'the alias, or the key of a tag'),
      column('before', ''),
      column('after', ''),
      column('reason', ''),
      column('evidence', 'JSON, or NULL'),
      column('hash', ''),
    ],
    select: `SELECT h.seq, h.at_ms AS at, h.who, h.via, h.kind, h.model, h.version, h.item, h.before_value AS before, h.after_value AS after,
      h.reason, h.evidence, h.hash FROM registry_history h WHERE within_time()`,
  },
];

/** Not a view but called like one, with the run and the metric in brackets. */
export const metricPoints: SqlView = {
  name: 'metric_points',
  about:
    "The points of one metric: metric_points(run_id, key), as in SELECT * FROM metric_points('3f2a…', 'loss').",
  columns: [
    column('step', ''),
    column('time', ''),
    column('value', "NaN is the text 'NaN', infinities are 9e999"),
  ],
};
