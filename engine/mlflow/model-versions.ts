import { modelVersionJson } from '../mlflow-answers/index.ts';
import {
  deleteModelVersion,
  describeVersion,
  insertModelVersion,
  moveToStage,
  noteVersion,
  queries,
  registeredModel,
  removeVersionTag,
  setVersionTag,
} from '../registry/index.ts';
import { causeOf } from './cause-of.ts';
import { endpoint, type Endpoint } from './endpoint.ts';
import { tagMessage, tagRecord } from './experiments.ts';
import { loggedModelOf } from './logged-models.ts';
import { atMost, boolean, int64, list, shape, string, strings } from './message.ts';
import { invalid, missing } from './mlflow-error.ts';
import { checkedSource, originOf } from './model-source.ts';
import { checkRegisteredName, checkRegistryTag, checkTagKey, versionNumber } from './names.ts';
import { pageToken, readPageToken } from './page-token.ts';
import { versionFilter, versionOrder } from './registry-filter.ts';
import { canonicalStage, versionOf } from './registry-lookup.ts';

/** What prompts have for a source: they are texts and have no files. */
const promptSources = ['dummy-source', 'prompt-template', 'mlflow-artifacts:/prompt-template'];

const byVersion = { name: string, version: string };

export const modelVersionEndpoints: readonly Endpoint[] = [
  endpoint(
    'POST',
    'model-versions/create',
    shape(
      {
        name: string,
        source: string,
        run_id: string,
        tags: list(tagMessage),
        run_link: string,
        description: string,
        model_id: string,
      },
      ['name', 'source'],
    ),
    async (input, call) => {
      const tags = tagRecord(input.tags);
      const isPrompt = tags['mlflow.prompt.is_prompt']?.toLowerCase() === 'true';
      if (isPrompt && !promptSources.includes(input.source))
        throw invalid(
          `Invalid prompt source: '${input.source}'. Prompt sources must use an MLflow placeholder.`,
        );
      const version = await call.rooms.registry.change('createVersion', (db) => {
        // Checked in MLflow's order, so that the first mistake named is the same.
        const checked = isPrompt
          ? { source: input.source, runId: input.run_id ?? '', modelId: input.model_id ?? '' }
          : checkedSource(db, { source: input.source, runId: input.run_id, modelId: input.model_id });
        checkRegisteredName(input.name);
        for (const [key, value] of Object.entries(tags)) checkRegistryTag(key, value);
        const origin = isPrompt ? { ...checked, storageLocation: checked.source } : originOf(db, checked);
        const model = registeredModel(db, input.name);
        if (model === undefined) throw missing(`Registered Model with name=${input.name} not found`);
        if (!isPrompt && origin.modelId !== '') loggedModelOf(db, origin.modelId, false);
        const number = insertModelVersion(
          db,
          {
            ...origin,
            model: model.id,
            description: input.description ?? '',
            runLink: input.run_link ?? '',
            tags,
          },
          causeOf(call),
        );
        if (!isPrompt) noteVersion(db, origin.modelId, { name: input.name, version: number });
        return versionOf(db, input.name, String(number));
      });
      return { model_version: modelVersionJson(version) };
    },
  ),
  endpoint(
    'GET',
    'model-versions/get',
    shape(byVersion, ['name', 'version']),
    ({ name, version }, { rooms }) => ({
      model_version: modelVersionJson(rooms.store.now((db) => versionOf(db, name, version))),
    }),
  ),
  endpoint(
    'GET',
    'model-versions/get-download-uri',
    shape(byVersion),
    async ({ name = '', version = '' }, { rooms, user }) => {
      const found = rooms.store.now((db) => versionOf(db, name, version));
      await rooms.registry.used(found, user);
      return { artifact_uri: found.storageLocation };
    },
  ),
  endpoint(
    'PATCH',
    'model-versions/update',
    shape({ ...byVersion, description: string }, ['name', 'version']),
    async ({ name, version, description = '' }, call) => {
      const changed = await call.rooms.registry.change('updateVersion', (db) => {
        describeVersion(db, versionOf(db, name, version), description, causeOf(call));
        return versionOf(db, name, version);
      });
      return { model_version: modelVersionJson(changed) };
    },
  ),
  endpoint(
    'POST',
    'model-versions/transition-stage',
    shape({ ...byVersion, stage: string, archive_existing_versions: boolean }, ['name', 'version', 'stage']),
    async ({ name, version, stage, archive_existing_versions = false }, call) => {
      const target = canonicalStage(stage);
      if (archive_existing_versions && target !== 'Staging' && target !== 'Production')
        throw invalid(
          `Model version transition cannot archive existing model versions because '${stage}' is not an Active stage. Valid stages are ['Staging', 'Production']`,
        );
      const moved = await call.rooms.registry.change('moveToStage', (db) => {
        moveToStage(db, versionOf(db, name, version), target, archive_existing_versions, causeOf(call));
        return versionOf(db, name, version);
      });
      return { model_version: modelVersionJson(moved) };
    },
  ),
  endpoint(
    'DELETE',
    'model-versions/delete',
    shape(byVersion, ['name', 'version']),
    async ({ name, version }, call) => {
      await call.rooms.registry.change('deleteVersion', (db) =>
        deleteModelVersion(db, versionOf(db, name, version), causeOf(call)),
      );
      return {};
    },
  ),
  endpoint(
    'GET',
    'model-versions/search',
    shape({ filter: string, max_results: int64, order_by: strings, page_token: string }, [], {
      max_results: atMost(200_000),
    }),
    async ({ filter = '', max_results = 200_000, order_by = [], page_token }, { rooms }) => {
      if (max_results < 1)
        throw invalid(`Invalid value for max_results. It must be a positive integer, but got ${max_results}`);
      const { versions, next } = await rooms.store.query(queries, 'registry.versionQuery', {
        ...versionFilter(filter),
        order: versionOrder(
          order_by.length === 0
            ? ['last_updated_timestamp DESC', 'name ASC', 'version_number DESC']
            : order_by,
        ),
        after: readPageToken(page_token),
        limit: max_results,
      });
      return {
        ...(versions.length === 0
          ? {}
          : // As in MLflow, a search names no aliases.
            { model_versions: versions.map((version) => modelVersionJson({ ...version, aliases: [] })) }),
        ...(next === null ? {} : { next_page_token: pageToken(next) }),
      };
    },
  ),
  endpoint(
    'POST',
    'model-versions/set-tag',
    shape({ ...byVersion, key: string, value: string }, ['name', 'version', 'key']),
    async ({ name, version, key, value = '' }, call) => {
      checkRegisteredName(name);
      versionNumber(version);
      checkRegistryTag(key, value);
      await call.rooms.registry.change('setVersionTag', (db) =>
        setVersionTag(db, versionOf(db, name, version), key, value, causeOf(call)),
      );
      return {};
    },
  ),
  endpoint(
    'DELETE',
    'model-versions/delete-tag',
    shape({ ...byVersion, key: string }, ['name', 'version', 'key']),
    async ({ name, version, key }, call) => {
      checkRegisteredName(name);
      versionNumber(version);
      checkTagKey(key);
      await call.rooms.registry.change('deleteVersionTag', (db) =>
        removeVersionTag(db, versionOf(db, name, version), key, causeOf(call)),
      );
      return {};
    },
  ),
];
