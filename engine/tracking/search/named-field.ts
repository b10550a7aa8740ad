import type { RunAttribute, RunField } from './run-condition.ts';

const kinds: Readonly<Record<string, 'metric' | 'param' | 'tag' | 'attribute' | 'dataset'>> = {
  metric: 'metric',
  metrics: 'metric',
  param: 'param',
  params: 'param',
  parameter: 'param',
  parameters: 'param',
  tag: 'tag',
  tags: 'tag',
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute',
  dataset: 'dataset',
  datasets: 'dataset',
};

/** Words for attributes: MLflow's, and shorter ones. */
const attributes: Readonly<Record<string, RunAttribute>> = {
  id: 'run_id',
  run_id: 'run_id',
  name: 'run_name',
  run_name: 'run_name',
  'run name': 'run_name',
  user: 'user_id',
  user_id: 'user_id',
  status: 'state',
  started: 'start_time',
  start_time: 'start_time',
  ended: 'end_time',
  end_time: 'end_time',
  created: 'created_at',
  duration: 'duration',
  note: 'note',
  command: 'command',
  source: 'source',
  experiment: 'experiment',
  artifact_uri: 'artifact_uri',
  starred: 'starred',
};

const datasetKeys = ['name', 'digest', 'context'] as const;

/** What a field may be called, for messages. */
export const fieldWords =
  'params.NAME, metrics.NAME, tags.NAME, name, note, command, status, started, ended, created, duration, user, experiment, source, id, dataset.name, dataset.digest or dataset.context';

/** The field of `before.name`, or null where there is none of that name. */
export function namedField(before: string | null, name: string): RunField | null {
  const kind = before === null ? 'attribute' : own(kinds, before.toLowerCase());
  if (kind === undefined || name === '') return null;
  if (kind === 'attribute') {
    const key = own(attributes, name.toLowerCase());
    return key === undefined ? null : { kind, key };
  }
  if (kind === 'dataset') {
    const key = datasetKeys.find((known) => known === name);
    return key === undefined ? null : { kind, key };
  }
  return { kind, key: name };
}

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
