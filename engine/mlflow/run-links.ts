import { insertDatasetInputs, insertModelLinks, queries, type DatasetInput } from '../tracking/index.ts';
import { endpoint, type Endpoint } from './endpoint.ts';
import { tagMessage } from './experiments.ts';
import { int64, list, message, shape, string, type Read } from './message.ts';
import { invalid } from './mlflow-error.ts';
import { checkLength, checkRunId, experimentNumber } from './names.ts';
import { activeRunOf } from './run-lookup.ts';

const datasetFields = {
  name: string,
  digest: string,
  source_type: string,
  source: string,
  schema: string,
  profile: string,
};
const datasetInput = message({ tags: list(tagMessage), dataset: message(datasetFields) });
const modelLink = message({ model_id: string, step: int64 });

/** What a run read and produced. */
export const linkEndpoints: readonly Endpoint[] = [
  endpoint(
    'POST',
    'runs/log-inputs',
    shape({ run_id: string, datasets: list(datasetInput), models: list(modelLink) }, ['run_id']),
    async ({ run_id, datasets = [], models = [] }, { rooms }) => {
      checkRunId(run_id);
      const inputs = datasets.map(({ dataset = {}, tags = [] }) => checkedInput(dataset, tags));
      await rooms.tracking.record('logInputs', (db) => {
        const run = activeRunOf(db, run_id);
        insertDatasetInputs(db, run, inputs);
        insertModelLinks(
          db,
          run.id,
          'input',
          models.map(({ model_id = '' }) => ({ modelId: model_id, step: 0 })),
        );
        return { value: null, runIds: [run_id] };
      });
      rooms.onSourcesLogged(
        run_id,
        inputs.flatMap(({ dataset }) => sourceAddress(dataset.source) ?? []),
      );
      return {};
    },
  ),
  endpoint(
    'POST',
    'runs/outputs',
    shape({ run_id: string, models: list(modelLink) }, ['run_id', 'models']),
    async ({ run_id, models }, { rooms }) => {
      await rooms.tracking.record('logOutputs', (db) => {
        const run = activeRunOf(db, run_id);
        insertModelLinks(
          db,
          run.id,
          'output',
          models.map(({ model_id = '', step = 0 }) => ({ modelId: model_id, step })),
        );
        return { value: null, runIds: [run_id] };
      });
      return {};
    },
  ),
  endpoint(
    'POST',
    'experiments/search-datasets',
    shape({ experiment_ids: list(string) }),
    async ({ experiment_ids = [] }, { rooms }) => {
      if (experiment_ids.length === 0)
        throw invalid('SearchDatasets request must specify at least one experiment_id.');
      if (experiment_ids.length > 20)
        throw invalid(
          `SearchDatasets request cannot specify more than 20 experiment_ids. Received ${experiment_ids.length} experiment_ids.`,
        );
      const summaries = await rooms.store.query(
        queries,
        'tracking.datasetSummaries',
        experiment_ids.map(experimentNumber),
      );
      return summaries.length === 0
        ? {}
        : {
            dataset_summaries: summaries.map(({ experiment, name, digest, context }) => ({
              experiment_id: String(experiment),
              name,
              digest,
              ...(context === null ? {} : { context }),
            })),
          };
    },
  ),
];

function checkedInput(
  dataset: Read<typeof datasetFields>,
  tags: readonly { key?: string; value?: string }[],
): DatasetInput {
  const { name = '', digest = '', source_type = '', source = '', schema, profile } = dataset;
  checkLength('name', 500, name);
  checkLength('digest', 36, digest);
  checkLength('source', 65_535, source);
  checkLength('schema', 1_048_575, schema ?? '');
  checkLength('profile', 16_777_215, profile ?? '');
  for (const { key = '', value = '' } of tags) {
    checkLength('key', 255, key);
    checkLength('value', 500, value);
  }
  return {
    dataset: {
      name,
      digest,
      sourceType: source_type,
      source,
      schema: schema ?? null,
      profile: profile ?? null,
    },
    tags: tags.map(({ key = '', value = '' }) => [key, value] as const),
  };
}

/** Sources are JSON of their own kinds; those of files have their address as `uri`, those of tables elsewhere have none. */
function sourceAddress(source: string): string | null {
  try {
    const { uri } = JSON.parse(source) as { uri?: unknown };
    return typeof uri === 'string' && uri !== '' ? uri : null;
  } catch {
    return null; // A client may say what it likes here.
  }
}
