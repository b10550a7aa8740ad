import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataHouse } from '../fixture-data.ts';
import { dataSetNumber, knownDataSet } from './data-sets.ts';

let house: Awaited<ReturnType<typeof openDataHouse>>;
beforeEach(async () => {
  house = await openDataHouse();
});
afterEach(() => house.close());

test('a data set keeps its number and its project, and comes into another where one is named', async () => {
  const path = '/somewhere/raw.csv';
  const note = (projectId: string | null) =>
    house.store.write('test.set', (db) => {
      const changes = () => db.prepare('SELECT total_changes()').pluck().get() as number;
      const before = changes();
      const id = dataSetNumber(db, { path, projectId, at: 1 });
      return { id, isWritten: changes() > before, ...knownDataSet(db, path) };
    });
  const first = await note(null);
  expect(first).toMatchObject({ projectId: null, isWritten: true });
  expect(await note('one')).toEqual({ id: first.id, projectId: 'one', isWritten: true });
  expect(await note('one')).toEqual({ id: first.id, projectId: 'one', isWritten: false });
  expect(await note(null)).toEqual({ id: first.id, projectId: 'one', isWritten: false });
  expect(await note('two')).toEqual({ id: first.id, projectId: 'two', isWritten: true });
});
