import type Database from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { loggedModelJson } from '../mlflow-answers/index.ts';
import { comparators, type Comparator } from '../store/index.ts';
import {
  insertLoggedModel,
  loggedModelAttributes,
  loggedModelById,
  markLoggedModelDeleted,
  queries,
  removeLoggedModelTag,
  setLoggedModelPairs,
  setLoggedModelStatus,
  type LoggedModel,
  type LoggedModelAttribute,
  type LoggedModelField,
  type LoggedModelQuery,
} from '../tracking/index.ts';
import { endpoint, type Endpoint } from './endpoint.ts';
import { activeExperimentOf, tagMessage } from './experiments.ts';
import { listItems, parseFilter, refuseListFor, splitIdentifier } from './filter.ts';
import { boolean, choice, int32, int64, list, message, shape, string, strings } from './message.ts';
import { invalid, missing } from './mlflow-error.ts';
import { checkLoggedModelName, experimentNumber } from './names.ts';
import { pageToken, readPageToken } from './page-token.ts';
import { readFloat } from './python-literal.ts';
import { reprString, reprTuple } from './python-text.ts';
import { randomRunName } from './run-name.ts';

/** A logged model by the id of a request; deleted ones count where MLflow lets them. @throws {MlflowError} */
export function loggedModelOf(db: Database.Database, modelId: string, allowDeleted = true): LoggedModel {
  const model = loggedModelById(db, modelId);
  if (model === undefined || (model.isDeleted && !allowDeleted))
    throw missing(`Logged model with ID '${modelId}' not found.`);
  return model;
}

const status = choice(
  {
    LOGGED_MODEL_STATUS_UNSPECIFIED: 0,
    LOGGED_MODEL_PENDING: 1,
    LOGGED_MODEL_READY: 2,
    LOGGED_MODEL_UPLOAD_FAILED: 3,
  },
  int64.accepts,
);
const statuses = {
  LOGGED_MODEL_STATUS_UNSPECIFIED: 'unspecified',
  LOGGED_MODEL_PENDING: 'pending',
  LOGGED_MODEL_READY: 'ready',
  LOGGED_MODEL_UPLOAD_FAILED: 'upload_failed',
} as const;

const pairsOf = (pairs: readonly { key?: string; value?: string }[] = []) =>
  pairs.map(({ key = '', value = '' }) => [key, value] as const);

export const loggedModelEndpoints: readonly Endpoint[] = [
  endpoint(
    'POST',
    'logged-models',
    shape(
      {
        experiment_id: string,
        name: string,
        model_type: string,
        source_run_id: string,
        params: list(tagMessage),
        tags: list(tagMessage),
      },
      ['experiment_id'],
    ),
    async (input, { rooms }) => {
      const { name = '' } = input;
      if (name !== '') checkLoggedModelName(name);
      const modelId = `m-${randomBytes(16).toString('hex')}`;
      const model = await rooms.tracking.record('createLoggedModel', (db) => {
        insertLoggedModel(db, {
          modelId,
          experiment: activeExperimentOf(db, input.experiment_id).id,
          name: name || randomRunName(),
          modelType: input.model_type ?? '',
          sourceRunId: input.source_run_id ?? '',
          at: rooms.now(),
        });
        setLoggedModelPairs(db, 'param', modelId, pairsOf(input.params));
        setLoggedModelPairs(db, 'tag', modelId, pairsOf(input.tags));
        return { value: loggedModelOf(db, modelId) };
      });
      return { model: loggedModelJson(model) };
    },
  ),
  endpoint(
    'POST',
    'logged-models/search',
    shape(
      {
        experiment_ids: strings,
        filter: string,
        datasets: list(message({ dataset_name: string, dataset_digest: string })),
        max_results: int32,
        order_by: list(
          message({
            field_name: string,
            ascending: boolean,
            dataset_name: string,
            dataset_digest: string,
          }),
        ),
        page_token: string,
      },
      ['experiment_ids'],
    ),
    async (input, { rooms }) => {
      const datasets = (input.datasets ?? []).map(({ dataset_name = '', dataset_digest = '' }) => {
        if (dataset_name === '') throw invalid('`dataset_name` in the `datasets` clause must be specified.');
        return { name: dataset_name, digest: dataset_digest || null };
      });
      // Checked in MLflow's order, so that the first mistake named is the same.
      const read = readComparisons(input.filter ?? '');
      const experiments = input.experiment_ids.map(experimentNumber);
      const comparisons = read.map(judged);
      const order = (input.order_by ?? []).map(
        ({ field_name = '', ascending = true, dataset_name = '', dataset_digest = '' }) => ({
          field: orderField(field_name),
          isDescending: !ascending,
          dataset: dataset_name === '' ? null : { name: dataset_name, digest: dataset_digest || null },
        }),
      );
      for (const { comparator, value } of comparisons) refuseListFor(comparator, value);
      const limit = input.max_results === undefined || input.max_results === 0 ? 100 : input.max_results;
      if (limit < 1) throw invalid(`Invalid value ${limit} for parameter 'max_results' supplied.`);
      const { models, next } = await rooms.store.query(queries, 'tracking.loggedModelQuery', {
        experiments,
        comparisons,
        datasets,
        order,
        after: readPageToken(input.page_token),
        limit: Math.min(limit, 50_000),
      });
      return {
        ...(models.length === 0 ? {} : { models: models.map(loggedModelJson) }),
        ...(next === null ? {} : { next_page_token: pageToken(next) }),
      };
    },
  ),
  endpoint(
    'GET',
    'logged-models/:model_id',
    shape({ model_id: string, allow_deleted: string }, ['model_id']),
    ({ model_id, allow_deleted = '' }, { rooms }) => ({
      model: loggedModelJson(
        rooms.store.now((db) => loggedModelOf(db, model_id, allow_deleted.toLowerCase() === 'true')),
      ),
    }),
  ),
  endpoint(
    'PATCH',
    'logged-models/:model_id',
    shape({ model_id: string, status }, ['model_id', 'status']),
    async ({ model_id, status: word }, { rooms }) => {
      const model = await rooms.tracking.record('finalizeLoggedModel', (db) => {
        loggedModelOf(db, model_id);
        setLoggedModelStatus(db, model_id, statuses[word], rooms.now());
        return { value: loggedModelOf(db, model_id) };
      });
      return { model: loggedModelJson(model) };
    },
  ),
  endpoint(
    'DELETE',
    'logged-models/:model_id',
    shape({ model_id: string }, ['model_id']),
    async ({ model_id }, { rooms }) => {
      await rooms.tracking.record('deleteLoggedModel', (db) => {
        loggedModelOf(db, model_id);
        markLoggedModelDeleted(db, model_id, rooms.now());
        return { value: null };
      });
      return {};
    },
  ),
  endpoint(
    'POST',
    'logged-models/:model_id/params',
    shape({ model_id: string, params: list(tagMessage) }, ['model_id']),
    async ({ model_id, params }, { rooms }) => {
      await rooms.tracking.record('logLoggedModelParams', (db) => {
        const known = new Map(loggedModelOf(db, model_id).params);
        const pairs = pairsOf(params);
        const changed = pairs.find(([key, value]) => known.has(key) && known.get(key) !== value);
        if (changed !== undefined)
          throw invalid(
            `Changing param values is not allowed. Param with key='${changed[0]}' was already logged with value='${known.get(changed[0]) ?? ''}' for model ID='${model_id}'.`,
          );
        setLoggedModelPairs(db, 'param', model_id, pairs);
        return { value: null };
      });
      return {};
    },
  ),
  endpoint(
    'PATCH',
    'logged-models/:model_id/tags',
    shape({ model_id: string, tags: list(tagMessage) }, ['model_id']),
    async ({ model_id, tags }, { rooms }) => {
      await rooms.tracking.record('setLoggedModelTags', (db) => {
        loggedModelOf(db, model_id);
        setLoggedModelPairs(db, 'tag', model_id, pairsOf(tags));
        return { value: null };
      });
      return {};
    },
  ),
  endpoint(
    'DELETE',
    'logged-models/:model_id/tags/:tag_key',
    shape({ model_id: string, tag_key: string }, ['model_id', 'tag_key']),
    async ({ model_id, tag_key }, { rooms }) => {
      await rooms.tracking.record('deleteLoggedModelTag', (db) => {
        loggedModelOf(db, model_id);
        if (!removeLoggedModelTag(db, model_id, tag_key))
          throw missing(
            `No tag with key ${reprString(tag_key)} found for model with ID ${reprString(model_id)}.`,
          );
        return { value: null };
      });
      return {};
    },
  ),
];

const aliases: Readonly<Record<string, LoggedModelAttribute>> = {
  creation_time: 'creation_timestamp_ms',
  creation_timestamp: 'creation_timestamp_ms',
  last_updated_timestamp: 'last_updated_timestamp_ms',
};

function attributeOf(name: string, refuse: () => Error): LoggedModelField & { kind: 'attribute' } {
  const known = Object.hasOwn(aliases, name) ? aliases[name] : name;
  if (known === undefined || !Object.hasOwn(loggedModelAttributes, known)) throw refuse();
  return { kind: 'attribute', key: known as LoggedModelAttribute };
}

const kinds = { metrics: 'metric', params: 'param', tags: 'tag' } as const;

/** What a filter names; whether there is such an attribute is asked last, since MLflow only fails in its query there. */
function filterField(identifier: string): { kind: LoggedModelField['kind']; key: string } {
  const [, type = null, name = identifier] = /^([a-z]+)\.(.+)$/s.exec(identifier) ?? [];
  const key = name.replaceAll(/^`+|`+$/g, '');
  if (type === null || type === 'attributes') {
    return { kind: 'attribute', key: Object.hasOwn(aliases, key) ? (aliases[key] ?? key) : key };
  }
  if (!Object.hasOwn(kinds, type))
    throw invalid(
      `Invalid entity type: '${type}'. Expected one of ['attributes', 'metrics', 'params', 'tags'].`,
    );
  return { kind: kinds[type as keyof typeof kinds], key };
}

function orderField(name: string): LoggedModelField {
  const { type, name: key } = splitIdentifier(name);
  if (type === null)
    return attributeOf(key, () =>
      invalid(`Invalid order by field name: ${name}`, {
        errorClass: 'ATTRIBUTE_NOT_FOUND',
        sqlState: 'KAM04',
      }),
    );
  if (type !== 'metrics') throw invalid(`Invalid order by field name: ${name}. Only metrics are supported.`);
  return { kind: 'metric', key };
}

/** A comparison of which it is not asked yet whether there is such an attribute or status. */
interface ReadComparison {
  readonly field: ReturnType<typeof filterField>;
  readonly comparator: Comparator;
  readonly value: string | number | string[];
}

function readComparisons(filter: string): ReadComparison[] {
  const raw = parseFilter(
    filter,
    (clauses) =>
      invalid(
        clauses.length === 0
          ? `Invalid filter string: ${reprString(filter)}. Expected a single SQL expression.`
          : `Invalid filter string: ${reprString(filter)}. Expected a list of comparisons separated by 'AND' (e.g. 'metrics.loss > 0.1 AND params.lr = 0.01').`,
      ),
    true,
  );
  return raw.map(({ identifier, comparator, value }) => {
    if (value.kind === 'none')
      throw invalid(`Invalid comparison: ${identifier}${comparator}. Expected a comparison with 3 tokens.`);
    const field = filterField(identifier);
    const isNumeric =
      field.kind === 'metric' || (field.kind === 'attribute' && field.key.endsWith('_timestamp_ms'));
    const allowed = isNumeric
      ? ['<', '<=', '>', '>=', '=', '!=']
      : ['=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'];
    const known = comparators.find((own) => own === comparator && allowed.includes(own));
    if (known === undefined)
      throw invalid(
        `Invalid comparison operator for ${field.kind}s.${field.key}: ${reprString(comparator)}. Expected one of (${allowed.map(reprString).join(', ')}).`,
      );
    if (isNumeric) {
      const number = readFloat(value.text);
      if (number === null) throw invalid(`could not convert string to float: ${reprString(value.text)}`);
      return { field, comparator: known, value: number };
    }
    const isEmpty = value.kind === 'list' && /^\(\s*\)$/.test(value.text);
    const compared = isEmpty
      ? []
      : value.kind === 'list'
        ? listItems(value)
        : value.text.replaceAll(/^'+|'+$/g, '');
    return { field, comparator: known, value: compared };
  });
}

function judged({
  field: { kind, key },
  comparator,
  value,
}: ReadComparison): LoggedModelQuery['comparisons'][number] {
  const field =
    kind === 'attribute'
      ? attributeOf(key, () => invalid(`Invalid attribute key '${key}' specified.`))
      : { kind, key };
  const isStatus = field.kind === 'attribute' && field.key === 'status';
  return { field, comparator, value: isStatus ? statusNumber(comparator, value) : value };
}

const statusWords = ['UNSPECIFIED', 'PENDING', 'READY', 'FAILED'];

/** The number behind a word for a status, or those behind several. @throws {MlflowError} */
function statusNumber(comparator: Comparator, value: string | number | string[]): number | number[] {
  if (!['=', '!=', 'IN', 'NOT IN'].includes(comparator))
    throw invalid(`Invalid comparison operator for status: ${comparator}`);
  const numbers = [value].flat().map((word) => statusWords.indexOf(String(word)));
  if (numbers.includes(-1))
    throw invalid(
      `Unknown model status in filter: ${Array.isArray(value) ? reprTuple(value) : reprString(String(value))}`,
    );
  return Array.isArray(value) ? numbers : (numbers[0] ?? -1);
}
