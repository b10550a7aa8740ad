import { expect, test } from 'vitest';
import type { RegisteredModel } from '../../contract/index.ts';
import { openRegistry } from './fixture-registry.ts';
import { deleteModelVersion, insertModelVersion } from './model-versions.ts';
import { insertRegisteredModel } from './registered-models.ts';

test('models and versions are read page by page, none of them twice or left out', async () => {
  const { api, call, store, end } = await openRegistry();
  const files = { source: 's', storageLocation: 's', runId: '', runLink: '', modelId: '' };
  await store.write('test', (db) => {
    // Three at a time were changed in the same millisecond.
    for (let at = 0; at < 8; at++) {
      const cause = { at: 1000 + Math.floor(at / 3), who: 'ada', via: 'test', reason: '' };
      const model = insertRegisteredModel(db, { name: `model ${at}`, description: '', tags: {} }, cause);
      for (let left = at === 0 ? 5 : 0; left > 0; left--)
        insertModelVersion(db, { model, description: '', tags: {}, ...files }, cause);
      if (at === 0) deleteModelVersion(db, { model, version: 4, aliases: [] }, cause);
    }
  });

  const names: string[] = [];
  for (let after: Pick<RegisteredModel, 'updatedAt' | 'name'> | undefined; names.length < 20;) {
    const { models, total } = await api.models(
      { text: 'MODEL', limit: 2, ...(after === undefined ? {} : { after }) },
      call,
    );
    expect(total).toBe(8);
    if (models.length === 0) break;
    names.push(...models.map(({ name }) => name));
    after = models.at(-1);
  }
  expect(names).toEqual([7, 6, 5, 4, 3, 2, 1, 0].map((at) => `model ${at}`));
  expect((await api.models({ text: '7', limit: 2 }, call)).total).toBe(1);

  const versions = async (before?: number) =>
    (
      await api.versions({ name: 'model 0', limit: 2, ...(before === undefined ? {} : { before }) }, call)
    ).map(({ version }) => version);
  expect(await versions()).toEqual([5, 3]);
  expect(await versions(3)).toEqual([2, 1]);
  expect(await versions(1)).toEqual([]);
  await end();
});
