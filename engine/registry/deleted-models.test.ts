import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRegistry, type RegistryHouse } from './fixture-registry.ts';
import { verifyHistory } from './verify-history.ts';

let house: RegistryHouse;
beforeAll(async () => {
  house = await openRegistry();
});
afterAll(() => house.end());

async function register(name: string): Promise<void> {
  const runId = await house.runWith('run', 0.5, { 'model.pkl': name });
  await house.api.register(
    { runId, model: { path: 'model.pkl' }, name, description: '', tags: { k: 'v' }, reason: '' },
    house.call,
  );
}
const promote = (name: string, version: number, alias = 'champion') =>
  house.api.promote({ name, version, alias, reason: '' }, house.call);
async function aliasesOf(name: string): Promise<string[]> {
  const model = await house.api.model({ name }, house.call);
  return model.aliases.map(({ alias, version }) => `${alias} ${version}`);
}
const whole = async (name: string) => ({
  model: await house.api.model({ name }, house.call),
  versions: await house.api.versions({ name, limit: 10 }, house.call),
});
const isIntact = async () =>
  expect(await house.api.verifyHistory({}, house.call)).toMatchObject({ disagreements: [] });

test('a model that was deleted comes back with versions, tags, stages, cards and aliases', async () => {
  await register('back');
  await register('back');
  await register('back');
  await promote('back', 1);
  await promote('back', 2, 'challenger');
  const stage = { stage: 'Staging', archiveOthers: false, reason: '' } as const;
  await house.api.changeVersion({ name: 'back', version: 2, ...stage }, house.call);
  const answers = { intendedUse: 'a', limitations: 'b', license: 'mit', contact: 'c', baseLicense: '' };
  await house.api.answerCard({ name: 'back', version: 1, answers }, house.call);
  await house.api.deleteVersion({ name: 'back', version: 3, reason: '' }, house.call);
  const before = await whole('back');

  await house.api.deleteModel({ name: 'back', reason: 'by mistake' }, house.call);
  await isIntact();
  expect(await house.api.models({ text: '', limit: 10 }, house.call)).toEqual({ models: [], total: 0 });
  for (const name of ['back', '/deleted/1'])
    await expect((async () => house.api.model({ name }, house.call))(), name).rejects.toMatchObject({
      code: 'not-found',
    });
  expect(await house.api.registeredFrom({ runId: before.versions[0]!.runId! }, house.call)).toEqual([]);

  await house.api.restoreModel({ name: 'back', reason: 'it was one' }, house.call);
  await isIntact();
  const after = await whole('back');
  const { updatedAt: _then, latest: _was, ...model } = before.model;
  expect(after.model).toMatchObject(model);
  expect(after.versions).toEqual(before.versions);
  expect(await house.api.card({ name: 'back', version: 1 }, house.call)).toMatchObject({ answers });
  await expect(house.api.restoreModel({ name: 'back', reason: '' }, house.call)).rejects.toMatchObject({
    code: 'not-found',
    message: 'The model back is there.',
  });
});

test('a name that is taken by now keeps the old model away until it is free', async () => {
  await register('twice');
  await promote('twice', 1);
  await house.api.deleteModel({ name: 'twice', reason: '' }, house.call);
  await register('twice');
  const restore = () => house.api.restoreModel({ name: 'twice', reason: '' }, house.call);
  await expect(restore()).rejects.toMatchObject({ code: 'conflict' });
  await house.api.changeModel({ name: 'twice', newName: 'second', reason: '' }, house.call);
  await restore();
  expect([await aliasesOf('twice'), await aliasesOf('second')]).toEqual([['champion 1'], []]);
  // Twice deleted under one name: the last one is meant.
  await house.api.deleteModel({ name: 'twice', reason: '' }, house.call);
  await house.api.changeModel({ name: 'second', newName: 'twice', reason: '' }, house.call);
  await house.api.deleteModel({ name: 'twice', reason: '' }, house.call);
  await restore();
  expect(await aliasesOf('twice')).toEqual([]);
  await isIntact();
});

test('a version comes back with its stage and the aliases that nobody got meanwhile', async () => {
  for (let version = 1; version <= 2; version++) await register('one');
  await promote('one', 1);
  await promote('one', 1, 'night');
  const key = { name: 'one', version: 1 };
  await house.api.changeVersion(
    { ...key, stage: 'Production', archiveOthers: false, reason: '' },
    house.call,
  );
  await house.api.deleteVersion({ ...key, reason: '' }, house.call);
  await promote('one', 2);
  expect(await house.api.restoreVersion({ ...key, reason: 'needed' }, house.call)).toMatchObject({
    stage: 'Production',
    aliases: ['night'],
    tags: { k: 'v' },
  });
  expect(await aliasesOf('one')).toEqual(['champion 2', 'night 1']);
  for (const [version, code] of [
    [1, 'conflict'],
    [9, 'not-found'],
  ] as const)
    await expect(
      house.api.restoreVersion({ name: 'one', version, reason: '' }, house.call),
    ).rejects.toMatchObject({ code });
  await isIntact();
  const kinds = (await house.api.history({ name: 'one', version: 1, text: '', limit: 4 }, house.call)).map(
    ({ kind }) => kind,
  );
  expect(kinds).toEqual(['alias-set', 'version-restored', 'version-deleted', 'alias-removed']);
});

test('a model that is hidden, or shown again, past the registry is found', async () => {
  await register('hidden');
  const undone = new Error('undone');
  for (const [damage, found] of [
    [
      "UPDATE registered_model SET deleted_name = name, name = '/deleted/' || id WHERE name = 'hidden'",
      /is deleted/,
    ],
    [
      "UPDATE model_version SET is_deleted = 1 WHERE model = (SELECT id FROM registered_model WHERE name = 'hidden')",
      /hidden: version 1 is deleted/,
    ],
  ] as const) {
    let told: readonly string[] = [];
    await expect(
      house.store.write('damage', (db) => {
        db.exec(damage);
        told = verifyHistory(db, null).disagreements;
        throw undone;
      }),
    ).rejects.toBe(undone);
    expect(told.join(), damage).toMatch(found);
  }
});
