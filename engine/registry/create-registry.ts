import type Database from 'better-sqlite3';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { BenchtopError, type RoomHandlers, type StreamItem } from '../../contract/index.ts';
import type { Objects } from '../objects/index.ts';
import type { Store } from '../store/index.ts';
import { holderOn, subjectNamed } from './alias-history.ts';
import { modelsOfRun } from './candidates.ts';
import { compareSignatures } from './compare-signatures.ts';
import { createCards, type RunRecords } from './cards/create-cards.ts';
import { historyFormats } from './export-history.ts';
import { deleteRegisteredModel, restoreModelVersion, restoreRegisteredModel } from './deleted-models.ts';
import type { Cause } from './history.ts';
import { createModelCopies, type ModelCopies, type StoredModelFile } from './model-copies.ts';
import { newestVersions, shownModel, shownVersion } from './model-list.ts';
import {
  deleteModelVersion,
  describeVersion,
  moveToStage,
  removeVersionTag,
  setVersionTag,
  versionsOfRun,
  type ModelVersion,
} from './model-versions.ts';
import { promote, rollback } from './move-alias.ts';
import { queries } from './queries.ts';
import { registerModel } from './register-model.ts';
import {
  describeModel,
  registeredModel,
  removeAlias,
  removeModelTag,
  renameRegisteredModel,
  setModelTag,
} from './registered-models.ts';
import { recordUse } from './uses.ts';
import { versionContent } from './version-content.ts';
import { filesAt } from './version-files.ts';
import { modelByName, versionByNumber, versionByReference } from './version-reference.ts';

export interface Registry {
  readonly handlers: RoomHandlers<'registry'>;
  /** Changes the registry in one transaction, then tells the windows. */
  change<T>(name: string, work: (db: Database.Database) => T): Promise<T>;
  /** A change that the person at this laptop makes now. */
  causeOf(reason: string): Cause;
  /** Where the files of a version lie on this machine; written out where they are stored. @throws {BenchtopError} `not-found`. */
  pathOf(name: string, version: number): Promise<string>;
  /** Notes that a run asked for the files of a version; for a user that is no run, nothing. */
  used(version: Pick<ModelVersion, 'model' | 'version'>, user: string): Promise<void>;
  /** Gives the room of written-out models that nobody asked for lately back to the disk. */
  removeUnusedCopies: ModelCopies['removeUnused'];
}

const entriesPerPiece = 2000;

/** The registry of models: what there is, who may be asked for by which alias, and how all of it came about. */
export function createRegistry({
  homePath,
  store,
  objects,
  records,
  onChange,
  now,
}: {
  homePath: string;
  store: Store;
  objects: Objects;
  records: RunRecords;
  /** Told when something in the registry has changed and is on disk. */
  onChange: () => void;
  now: () => number;
}): Registry {
  const rooms = { store, objects };
  const copies = createModelCopies(join(homePath, 'models'), objects, now);
  const causeOf = (reason: string): Cause => ({
    at: now(),
    who: userInfo().username,
    via: 'benchtop',
    reason,
  });

  async function change<T>(name: string, work: (db: Database.Database) => T): Promise<T> {
    const value = await store.write(`registry.${name}`, work);
    onChange();
    return value;
  }

  async function resolve(
    version: ModelVersion,
  ): Promise<{ path: string; isFolder: boolean; sizeBytes: number }> {
    const { where, local, isFolder, files } = await filesAt(store, version.storageLocation);
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    if (files.length === 0)
      throw new BenchtopError({
        code: 'not-found',
        what: `The files of ${version.name}, version ${version.version}, are not on this machine.`,
        evidence: version.storageLocation,
        next:
          where === 'elsewhere' ? 'Only its client reaches them; --uri prints where.' : 'They were removed.',
      });
    if (local !== null) return { path: local.path, isFolder, sizeBytes };
    const stored = files.filter((file): file is StoredModelFile => file.objectId !== null);
    return { path: await copies.place(stored, isFolder), isFolder, sizeBytes };
  }

  async function* exportHistory(
    name: string | null,
    format: keyof typeof historyFormats,
  ): AsyncGenerator<StreamItem<{ text: string }>> {
    const { begin, row, end } = historyFormats[format];
    const title = name === null ? 'History of the registry' : `History of ${name}`;
    yield { cursor: '0', event: { text: begin(title) } };
    for (let after = 0; ;) {
      const rows = await store.query(queries, 'registry.historyAfter', {
        name,
        after,
        limit: entriesPerPiece,
      });
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.seq;
      yield { cursor: String(after), event: { text: rows.map(row).join('') } };
    }
    yield { cursor: 'end', event: { text: end } };
  }

  const handlers: RoomHandlers<'registry'> = {
    models: ({ projectId = null, after = null, text, limit }) =>
      store.query(queries, 'registry.modelList', { projectId, after, text, limit }),
    model: ({ name }) => store.now((db) => shownModel(db, modelByName(db, name))),
    versions: ({ name, before, limit }) =>
      store.now((db) => newestVersions(db, modelByName(db, name).id, { before, limit }).map(shownVersion)),
    version: ({ reference }) => store.now((db) => shownVersion(versionByReference(db, reference))),
    content: (key) =>
      versionContent(
        rooms,
        store.now((db) => versionByNumber(db, key)),
      ),
    resolve: (key) => resolve(store.now((db) => versionByNumber(db, key))),
    async compareSignatures({ before, after }) {
      const [old, fresh] = await Promise.all(
        [before, after].map((key) =>
          versionContent(
            rooms,
            store.now((db) => versionByNumber(db, key)),
          ),
        ),
      );
      return compareSignatures(old?.signature ?? null, fresh?.signature ?? null);
    },
    async candidates({ runId }) {
      const found = await modelsOfRun(rooms, runId);
      return found.map(({ source: _source, storageUri: _storageUri, ...candidate }) => candidate);
    },
    registeredFrom: ({ runId }) =>
      store.now((db) =>
        versionsOfRun(db, runId).map(({ name, version }) => ({
          name,
          version,
          aliases: [...versionByNumber(db, { name, version }).aliases],
        })),
      ),
    async register({ runId, model, reason, ...given }) {
      const found = (await modelsOfRun(rooms, runId)).find((candidate) =>
        'modelId' in model ? candidate.modelId === model.modelId : isAt(candidate, model.path),
      );
      if (found === undefined)
        throw new BenchtopError({
          code: 'not-found',
          what: `The run ${runId} has no model ${'modelId' in model ? model.modelId : model.path}.`,
          next: 'A model is a logged model, a folder with an MLmodel file, or a file that a library names as one.',
        });
      return shownVersion(
        await change('register', (db) => registerModel(db, runId, found, given, causeOf(reason))),
      );
    },
    changeModel: ({ name, newName, description, setTags = {}, removeTags = [], reason }) =>
      change('changeModel', (db) => {
        const { id } = modelByName(db, name);
        const cause = causeOf(reason);
        if (description !== undefined) describeModel(db, id, description, cause);
        for (const [key, value] of Object.entries(setTags)) setModelTag(db, id, key, value, cause);
        for (const key of removeTags) removeModelTag(db, id, key, cause);
        if (newName !== undefined && newName !== name) {
          if (registeredModel(db, newName) !== undefined)
            throw new BenchtopError({
              code: 'already-exists',
              what: `There is a registered model "${newName}" already.`,
            });
          renameRegisteredModel(db, id, newName, cause);
        }
        return shownModel(db, modelByName(db, newName ?? name));
      }),
    async deleteModel({ name, reason }) {
      await change('deleteModel', (db) =>
        deleteRegisteredModel(db, modelByName(db, name).id, causeOf(reason)),
      );
      return {};
    },
    restoreModel: ({ name, reason }) =>
      change('restoreModel', (db) => {
        restoreRegisteredModel(db, name, causeOf(reason));
        return shownModel(db, modelByName(db, name));
      }),
    changeVersion: ({ description, stage, archiveOthers, setTags = {}, removeTags = [], reason, ...key }) =>
      change('changeVersion', (db) => {
        const version = versionByNumber(db, key);
        const cause = causeOf(reason);
        if (description !== undefined) describeVersion(db, version, description, cause);
        if (stage !== undefined) moveToStage(db, version, stage, archiveOthers, cause);
        for (const [tag, value] of Object.entries(setTags)) setVersionTag(db, version, tag, value, cause);
        for (const tag of removeTags) removeVersionTag(db, version, tag, cause);
        return shownVersion(versionByNumber(db, key));
      }),
    async deleteVersion({ reason, ...key }) {
      await change('deleteVersion', (db) =>
        deleteModelVersion(db, versionByNumber(db, key), causeOf(reason)),
      );
      return {};
    },
    restoreVersion: ({ reason, ...key }) =>
      change('restoreVersion', (db) => {
        restoreModelVersion(db, { ...key, model: modelByName(db, key.name).id }, causeOf(reason));
        return shownVersion(versionByNumber(db, key));
      }),
    promote: ({ reason, ...promotion }) => change('promote', (db) => promote(db, promotion, causeOf(reason))),
    rollback: ({ reason, ...asked }) => change('rollback', (db) => rollback(db, asked, causeOf(reason))),
    async removeAlias({ name, alias, reason }) {
      await change('removeAlias', (db) => {
        const model = modelByName(db, name);
        if (!model.aliases.some((each) => each.alias === alias))
          throw new BenchtopError({
            code: 'not-found',
            what: `No version of ${name} has the alias ${alias}.`,
          });
        removeAlias(db, model.id, alias, causeOf(reason));
      });
      return {};
    },
    holderOn: ({ name, alias, atMs }) =>
      store.now((db) => {
        const subject = subjectNamed(db, name);
        if (subject === null)
          throw new BenchtopError({ code: 'not-found', what: `There never was a model "${name}" here.` });
        return holderOn(db, { subject, alias, atMs });
      }),
    history: ({ name = null, version = null, before = null, kinds = null, text, limit }) =>
      store.query(queries, 'registry.historyBefore', { name, version, before, kinds, text, limit }),
    verifyHistory: () => store.query(queries, 'registry.verifyHistory', null),
    exportHistory: ({ name = null, format }) => exportHistory(name, format),
    ...createCards({ store, objects, records, change, causeOf }),
  };

  return {
    handlers,
    change,
    causeOf,
    pathOf: async (name, version) =>
      (await resolve(store.now((db) => versionByNumber(db, { name, version })))).path,
    async used({ model, version }, user) {
      if (!/^[0-9a-f]{32}$/.test(user) || store.readOnlyReason !== null) return;
      await store.write('registry.used', (db) => recordUse(db, { model, version, runId: user, at: now() }));
    },
    removeUnusedCopies: copies.removeUnused,
  };
}

/** A path as a person gives it: of the folder, or of the MLmodel file in it. */
const isAt = ({ kind, path }: { kind: string; path: string }, given: string): boolean =>
  kind !== 'logged-model' && path === given.replace(/^\.?\/|\/$/g, '').replace(/(^|\/)MLmodel$/, '');
