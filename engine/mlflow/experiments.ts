import type Database from 'better-sqlite3';
import { experimentJson } from '../mlflow-answers/index.ts';
import { comparators } from '../store/index.ts';
import {
  experimentById,
  experimentByName,
  insertExperiment,
  removeExperimentTag,
  renameExperiment,
  setExperimentDeleted,
  setExperimentTag,
  queries,
  type Experiment,
  type ExperimentAttribute,
  type ExperimentField,
  type ExperimentQuery,
} from '../tracking/index.ts';
import { endpoint, type Endpoint } from './endpoint.ts';
import {
  bareName,
  listItems,
  parseFilter,
  quotedText,
  refuseListFor,
  setText,
  splitIdentifier,
  type RawValue,
} from './filter.ts';
import { choice, int64, list, message, shape, string } from './message.ts';
import { invalid, missing, MlflowError } from './mlflow-error.ts';
import { checkArtifactLocation, checkExperimentName, checkExperimentTag, experimentNumber } from './names.ts';
import { parseOrderBy } from './order-by.ts';
import { pageToken, readPageToken } from './page-token.ts';
import { floatText } from './python-text.ts';

export const tagMessage = message({ key: string, value: string });

/** Tags of a request as an object; a key given twice keeps its last value. */
export const tagRecord = (tags: readonly { key?: string; value?: string }[] = []): Record<string, string> =>
  Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));

export const viewType = choice({ ACTIVE_ONLY: 1, DELETED_ONLY: 2, ALL: 3 }, (json) =>
  /^\d+$/.test(String(json)),
);
export const lifecycleOf = (view: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL' = 'ACTIVE_ONLY') =>
  view === 'ALL' ? 'all' : view === 'ACTIVE_ONLY' ? 'active' : 'deleted';

/** An experiment by the id of a request. @throws {MlflowError} */
export function experimentOf(db: Database.Database, id: string): Experiment {
  const number = experimentNumber(id === '' ? '0' : id);
  const experiment = experimentById(db, number);
  if (experiment === undefined) throw missing(`No Experiment with id=${number} exists`);
  return experiment;
}

export function activeExperimentOf(db: Database.Database, id: string): Experiment {
  const experiment = experimentOf(db, id);
  if (!experiment.isActive)
    throw invalid(`The experiment ${experiment.id} must be in the 'active' state. Current state is deleted.`);
  return experiment;
}

function refuseTakenName(db: Database.Database, name: string): void {
  if (experimentByName(db, name) !== undefined)
    throw new MlflowError(
      'RESOURCE_ALREADY_EXISTS',
      `Experiment(name=${name}) already exists. A deleted experiment keeps its name.`,
    );
}

export function checkMaxResults(maxResults: number, limit = 50_000): void {
  const wrong = `Invalid value ${maxResults} for parameter 'max_results' supplied. It must be`;
  if (maxResults < 1) throw invalid(`${wrong} a positive integer`);
  if (maxResults > limit) throw invalid(`${wrong} at most ${limit}`);
}

const byId = shape({ experiment_id: string }, ['experiment_id']);

export const experimentEndpoints: readonly Endpoint[] = [
  endpoint(
    'POST',
    'experiments/create',
    shape({ name: string, artifact_location: string, tags: list(tagMessage) }, ['name']),
    async ({ name, artifact_location = '', tags }, { rooms }) => {
      if (artifact_location !== '') checkArtifactLocation(artifact_location);
      checkExperimentName(name);
      const record = tagRecord(tags);
      for (const [key, value] of Object.entries(record)) checkExperimentTag(key, value);
      const id = await rooms.tracking.record('createExperiment', (db) => {
        refuseTakenName(db, name);
        return {
          value: insertExperiment(db, {
            name,
            artifactLocation: artifact_location === '' ? null : artifact_location,
            artifactRoot: rooms.artifactRoot,
            at: rooms.now(),
            tags: record,
          }),
        };
      });
      return { experiment_id: String(id) };
    },
  ),
  endpoint('GET', 'experiments/get', byId, ({ experiment_id }, { rooms }) => ({
    experiment: experimentJson(rooms.store.now((db) => experimentOf(db, experiment_id))),
  })),
  endpoint(
    'GET',
    'experiments/get-by-name',
    shape({ experiment_name: string }, ['experiment_name']),
    ({ experiment_name }, { rooms }) => {
      const experiment = rooms.store.now((db) => experimentByName(db, experiment_name));
      if (experiment === undefined) throw missing(`Could not find experiment with name '${experiment_name}'`);
      return { experiment: experimentJson(experiment) };
    },
  ),
  ...[true, false].map((isDeleting) =>
    endpoint(
      'POST',
      `experiments/${isDeleting ? 'delete' : 'restore'}`,
      byId,
      async ({ experiment_id }, { rooms }) => {
        await rooms.tracking.record(`${isDeleting ? 'delete' : 'restore'}Experiment`, (db) => {
          const experiment = experimentOf(db, experiment_id);
          if (experiment.isActive !== isDeleting)
            throw missing(`No Experiment with id=${experiment.id} exists`);
          return {
            value: null,
            runIds: setExperimentDeleted(db, experiment.id, isDeleting, rooms.now()),
          };
        });
        return {};
      },
    ),
  ),
  endpoint(
    'POST',
    'experiments/update',
    shape({ experiment_id: string, new_name: string }, ['experiment_id', 'new_name']),
    async ({ experiment_id, new_name }, { rooms }) => {
      checkExperimentName(new_name);
      await rooms.tracking.record('renameExperiment', (db) => {
        const experiment = experimentOf(db, experiment_id);
        // MLflow answers 500 here, which its client would repeat for minutes.
        if (!experiment.isActive) throw invalid('Cannot rename a non-active experiment.');
        if (new_name !== experiment.name) refuseTakenName(db, new_name);
        renameExperiment(db, experiment.id, new_name, rooms.now());
        return { value: null };
      });
      return {};
    },
  ),
  endpoint(
    'POST',
    'experiments/set-experiment-tag',
    shape({ experiment_id: string, key: string, value: string }, ['experiment_id', 'key']),
    async ({ experiment_id, key, value = '' }, { rooms }) => {
      checkExperimentTag(key, value);
      await rooms.tracking.record('setExperimentTag', (db) => {
        setExperimentTag(db, activeExperimentOf(db, experiment_id).id, key, value);
        return { value: null };
      });
      return {};
    },
  ),
  endpoint(
    'POST',
    'experiments/delete-experiment-tag',
    shape({ experiment_id: string, key: string }, ['experiment_id', 'key']),
    async ({ experiment_id, key }, { rooms }) => {
      await rooms.tracking.record('deleteExperimentTag', (db) => {
        const { id } = activeExperimentOf(db, experiment_id);
        if (!removeExperimentTag(db, id, key))
          throw missing(`No tag with name: ${key} in experiment with id ${experiment_id}`);
        return { value: null };
      });
      return {};
    },
  ),
  ...(['GET', 'POST'] as const).map((method) =>
    endpoint(
      method,
      'experiments/search',
      shape({
        max_results: int64,
        page_token: string,
        filter: string,
        order_by: list(string),
        view_type: viewType,
      }),
      async (input, { rooms }) => {
        const { max_results = 0, order_by = [] } = input;
        checkMaxResults(max_results);
        const { experiments, next } = await rooms.store.query(queries, 'tracking.experimentQuery', {
          comparisons: experimentComparisons(input.filter ?? ''),
          order: experimentOrder(
            order_by.length === 0 ? ['creation_time DESC', 'experiment_id ASC'] : order_by,
          ),
          after: readPageToken(input.page_token),
          lifecycle: lifecycleOf(input.view_type),
          limit: max_results,
        });
        return {
          ...(experiments.length === 0 ? {} : { experiments: experiments.map(experimentJson) }),
          ...(next === null ? {} : { next_page_token: pageToken(next) }),
        };
      },
    ),
  ),
];

const attributes = ['name', 'experiment_id', 'creation_time', 'last_update_time'] as const;
const numbers: readonly ExperimentAttribute[] = ['creation_time', 'last_update_time'];

function fieldOf(identifier: string): ExperimentField {
  const { type, name } = splitIdentifier(identifier);
  if (type !== null && !['attribute', 'attributes', 'tag', 'tags'].includes(type))
    throw invalid(
      `Invalid entity type '${type}'. Valid entity types are ('attribute', 'attributes', 'tag', 'tags')`,
    );
  const key = bareName(name);
  if (type === 'tag' || type === 'tags') return { kind: 'tag', key };
  const attribute = attributes.find((own) => own === key);
  if (attribute === undefined)
    throw invalid(`Invalid attribute key '${key}' specified. Valid keys are '${setText(attributes)}'`);
  return { kind: 'attribute', key: attribute };
}

/** All fields and values are read before the first comparator is judged, as in MLflow: that decides which mistake is named. */
function experimentComparisons(filter: string): ExperimentQuery['comparisons'] {
  return parseFilter(filter)
    .map(({ identifier, comparator, value }) => {
      const field = fieldOf(identifier);
      return { field, comparator, raw: value, value: valueOf(field, value) };
    })
    .map(({ field, comparator, raw, value }) => {
      const known = comparators.find((own) => own === comparator);
      if (field.kind === 'tag') {
        const allowed = ['=', '!=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'];
        if (known === undefined || !allowed.includes(known))
          throw invalid(`Invalid comparator for tag: ${comparator}`);
        return { field, comparator: known, value };
      }
      const isNumber = numbers.includes(field.key);
      const isId = field.key === 'experiment_id';
      const allowed = isNumber
        ? ['=', '!=', '<', '<=', '>', '>=']
        : isId
          ? ['=', '!=', 'IN', 'NOT IN']
          : ['=', '!=', 'LIKE', 'ILIKE'];
      const ofTexts = ['!=', '=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'];
      if (field.key === 'name' && !ofTexts.includes(comparator))
        throw invalid(`Invalid comparator '${comparator}' not one of '${setText(ofTexts)}'`);
      if (known === undefined || !allowed.includes(known))
        throw invalid(
          isNumber
            ? // As MLflow has it: the comparators of texts, and a quote that nothing closes.
              `Invalid comparator '${comparator}' not one of '${setText(ofTexts)}`
            : `Invalid comparator for ${isId ? 'experiment_id' : 'string attribute'}: ${comparator}`,
        );
      if (isNumber && raw.kind === 'float')
        throw invalid(`Invalid value for numeric attribute '${field.key}': '${floatText(Number(raw.text))}'`);
      refuseListFor(known, value);
      if (!isId) return { field, comparator: known, value };
      return {
        field,
        comparator: known,
        value: Array.isArray(value) ? value.map(experimentNumber) : experimentNumber(String(value)),
      };
    });
}

function valueOf(field: ExperimentField, value: RawValue): string | number | string[] | null {
  if (value.kind === 'none') {
    if (field.kind === 'tag') return null;
    throw invalid(`IS NULL / IS NOT NULL is only supported for tags, not for attribute '${field.key}'`);
  }
  if (field.kind === 'tag') {
    if (value.kind === 'text' || value.kind === 'identifier') return quotedText(value.text);
    throw invalid(`Expected a quoted string value for tag (e.g. 'my-value'). Got value ${value.text}`);
  }
  if (numbers.includes(field.key)) {
    if (value.kind === 'integer' || value.kind === 'float') return Number(value.text);
    throw invalid(`Expected numeric value type for numeric attribute: ${field.key}. Found ${value.text}`);
  }
  return value.kind === 'list' ? listOf(field.key, value) : textOf(value);
}

function listOf(key: string, value: Parameters<typeof listItems>[0]): string[] {
  if (key !== 'experiment_id')
    throw invalid(
      "Only ['experiment_id'] attributes support comparison with a list of quoted string values.",
    );
  return listItems(value);
}

function textOf(value: { kind: string; text: string }): string {
  if (value.kind === 'text' || value.kind === 'identifier') return quotedText(value.text);
  throw invalid(`Expected a quoted string value for attributes. Got value ${value.text}`);
}

/** A field named twice counts where it stands first, as in MLflow. */
function experimentOrder(clauses: readonly string[]): ExperimentQuery['order'] {
  return clauses.map((clause) => {
    const { identifier, isDescending } = parseOrderBy(clause);
    const field = fieldOf(identifier);
    if (field.kind === 'tag') throw invalid('Invalid order_by entity: tag');
    return { key: field.key, isDescending };
  });
}
