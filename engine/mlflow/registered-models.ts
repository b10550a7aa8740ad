import { modelStages } from '../../contract/index.ts';
import { modelVersionJson, registeredModelJson } from '../mlflow-answers/index.ts';
import {
  deleteRegisteredModel,
  describeModel,
  insertRegisteredModel,
  queries,
  registeredModel,
  removeAlias,
  removeModelTag,
  renameRegisteredModel,
  setAlias,
  setModelTag,
  type RegisteredModel,
} from '../registry/index.ts';
import { causeOf } from './cause-of.ts';
import { endpoint, type Endpoint } from './endpoint.ts';
import { tagMessage, tagRecord } from './experiments.ts';
import { atMost, int64, list, shape, string, strings } from './message.ts';
import { invalid, missing, MlflowError } from './mlflow-error.ts';
import { checkAlias, checkAliasIsFree, checkRegisteredName, checkRegistryTag, checkTagKey } from './names.ts';
import { pageToken, readPageToken } from './page-token.ts';
import { reprString } from './python-text.ts';
import { modelSearch } from './registry-filter.ts';
import { canonicalStage, registeredModelOf, versionOf } from './registry-lookup.ts';

const isPrompt = (tags: Readonly<Record<string, string>>) =>
  tags['mlflow.prompt.is_prompt']?.toLowerCase() === 'true';

function refuseTakenName(existing: RegisteredModel, tags: Readonly<Record<string, string>>): never {
  const kind = (prompt: boolean) => (prompt ? 'Prompt' : 'Registered Model');
  const [old, fresh] = [kind(isPrompt(Object.fromEntries(existing.tags))), kind(isPrompt(tags))];
  throw new MlflowError(
    'RESOURCE_ALREADY_EXISTS',
    old === fresh
      ? `${fresh} (name=${existing.name}) already exists.`
      : `Tried to create a ${fresh.toLowerCase()} with name ${reprString(existing.name)}, but the name is already taken by a ${old.toLowerCase()}. MLflow does not allow creating a model and a prompt with the same name.`,
  );
}

const byName = { name: string };

export const registeredModelEndpoints: readonly Endpoint[] = [
  endpoint(
    'POST',
    'registered-models/create',
    shape({ ...byName, tags: list(tagMessage), description: string }, ['name']),
    async ({ name, tags, description = '' }, call) => {
      checkRegisteredName(name);
      const record = tagRecord(tags);
      for (const [key, value] of Object.entries(record)) checkRegistryTag(key, value);
      const model = await call.rooms.registry.change('createModel', (db) => {
        const existing = registeredModel(db, name);
        if (existing !== undefined) refuseTakenName(existing, record);
        insertRegisteredModel(db, { name, description, tags: record }, causeOf(call));
        return registeredModelOf(db, name);
      });
      return { registered_model: registeredModelJson(model) };
    },
  ),
  endpoint('GET', 'registered-models/get', shape(byName, ['name']), ({ name }, { rooms }) => ({
    registered_model: registeredModelJson(rooms.store.now((db) => registeredModelOf(db, name))),
  })),
  endpoint(
    'PATCH',
    'registered-models/update',
    shape({ ...byName, description: string }, ['name']),
    async ({ name, description = '' }, call) => {
      const model = await call.rooms.registry.change('updateModel', (db) => {
        const { id } = registeredModelOf(db, name);
        describeModel(db, id, description, causeOf(call));
        return registeredModelOf(db, name);
      });
      return { registered_model: registeredModelJson(model) };
    },
  ),
  endpoint(
    'POST',
    'registered-models/rename',
    shape({ ...byName, new_name: string }, ['name', 'new_name']),
    async ({ name, new_name }, call) => {
      checkRegisteredName(new_name, 'new_name');
      const model = await call.rooms.registry.change('renameModel', (db) => {
        const { id } = registeredModelOf(db, name);
        if (new_name !== name && registeredModel(db, new_name) !== undefined)
          throw new MlflowError(
            'RESOURCE_ALREADY_EXISTS',
            `Registered Model (name=${new_name}) already exists.`,
          );
        renameRegisteredModel(db, id, new_name, causeOf(call));
        return registeredModelOf(db, new_name);
      });
      return { registered_model: registeredModelJson(model) };
    },
  ),
  endpoint('DELETE', 'registered-models/delete', shape(byName, ['name']), async ({ name }, call) => {
    await call.rooms.registry.change('deleteModel', (db) =>
      deleteRegisteredModel(db, registeredModelOf(db, name).id, causeOf(call)),
    );
    return {};
  }),
  endpoint(
    'GET',
    'registered-models/search',
    shape({ filter: string, max_results: int64, order_by: strings, page_token: string }, [], {
      max_results: atMost(1000),
    }),
    async ({ filter = '', max_results = 100, order_by = [], page_token }, { rooms }) => {
      const search = modelSearch(filter, order_by);
      if (max_results < 1)
        throw invalid(`Invalid value for max_results. It must be a positive integer, but got ${max_results}`);
      const { models, next } = await rooms.store.query(queries, 'registry.modelQuery', {
        ...search,
        after: readPageToken(page_token),
        limit: max_results,
      });
      return {
        ...(models.length === 0 ? {} : { registered_models: models.map(registeredModelJson) }),
        ...(next === null ? {} : { next_page_token: pageToken(next) }),
      };
    },
  ),
  ...(['GET', 'POST'] as const).map((method) =>
    endpoint(
      method,
      'registered-models/get-latest-versions',
      shape({ ...byName, stages: strings }, ['name']),
      ({ name, stages: wanted = [] }, { rooms }) => {
        const model = rooms.store.now((db) => registeredModelOf(db, name));
        const expected = wanted.length === 0 ? modelStages : wanted.map(canonicalStage);
        const versions = model.latestVersions.filter(({ stage }) => expected.includes(stage));
        return versions.length === 0 ? {} : { model_versions: versions.map(modelVersionJson) };
      },
    ),
  ),
  endpoint(
    'POST',
    'registered-models/set-tag',
    shape({ ...byName, key: string, value: string }, ['name', 'key']),
    async ({ name, key, value = '' }, call) => {
      checkRegisteredName(name);
      checkRegistryTag(key, value);
      await call.rooms.registry.change('setModelTag', (db) =>
        setModelTag(db, registeredModelOf(db, name).id, key, value, causeOf(call)),
      );
      return {};
    },
  ),
  endpoint(
    'DELETE',
    'registered-models/delete-tag',
    shape({ ...byName, key: string }, ['name', 'key']),
    async ({ name, key }, call) => {
      checkRegisteredName(name);
      checkTagKey(key);
      await call.rooms.registry.change('deleteModelTag', (db) =>
        removeModelTag(db, registeredModelOf(db, name).id, key, causeOf(call)),
      );
      return {};
    },
  ),
  endpoint(
    'POST',
    'registered-models/alias',
    shape({ ...byName, alias: string, version: string }, ['name', 'alias', 'version']),
    async ({ name, alias, version }, call) => {
      checkRegisteredName(name);
      checkAlias(alias);
      checkAliasIsFree(alias);
      await call.rooms.registry.change('setAlias', (db) => {
        const found = versionOf(db, name, version);
        setAlias(db, { id: found.model, alias, version: found.version }, causeOf(call));
      });
      return {};
    },
  ),
  endpoint(
    'DELETE',
    'registered-models/alias',
    shape({ ...byName, alias: string }, ['name', 'alias']),
    async ({ name, alias }, call) => {
      checkRegisteredName(name);
      checkAlias(alias);
      await call.rooms.registry.change('deleteAlias', (db) =>
        removeAlias(db, registeredModelOf(db, name).id, alias, causeOf(call)),
      );
      return {};
    },
  ),
  endpoint(
    'GET',
    'registered-models/alias',
    shape({ ...byName, alias: string }, ['name', 'alias']),
    ({ name, alias }, { rooms }) => {
      checkRegisteredName(name);
      checkAlias(alias);
      return {
        model_version: modelVersionJson(
          rooms.store.now((db) => {
            const model = registeredModelOf(db, name);
            if (alias.toLowerCase() === 'latest') {
              const newest = model.latestVersions.at(-1);
              if (newest === undefined) throw missing(`Latest version not found for model ${name}.`);
              return newest;
            }
            const named = model.aliases.find((own) => own.alias === alias);
            if (named === undefined) throw invalid(`Registered model alias ${alias} not found.`);
            return versionOf(db, name, String(named.version));
          }),
        ),
      };
    },
  ),
];
