import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome, type OpenHome } from '../../fixture-home.ts';
import { createTracking } from '../../tracking/index.ts';
import { recordResult, resultByKey } from './results.ts';

let folder: string;
let opened: OpenHome;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-results-'));
  opened = await openHome(folder);
});
afterEach(async () => {
  await opened.close();
  rmSync(folder, { recursive: true, force: true });
});

async function record(projectId: string, key: string | null): Promise<string> {
  const { store } = opened;
  const { id } = await createTracking(store, Date.now).createRun({
    projectId,
    status: 'finished',
    command: ['true'],
    workingFolder: null,
    source: 'runner',
    createdAt: 1,
    startedAt: 1,
  });
  await store.write('test.result', (db) =>
    recordResult(db, projectId, {
      stage: 'train',
      key,
      runId: id,
      recordedAt: 1,
      inputs: {
        commands: ['true'],
        workingFolder: '.',
        deps: [],
        params: [],
        env: [],
        environmentId: null,
        outputs: [],
      },
      outputs: [],
      reasons: [],
      undeclared: [],
      lockEntry: null,
      elapsedMs: 1,
    }),
  );
  return id;
}

test('a key finds the newest result of its own project, by an index', async () => {
  await record('one', 'same');
  const newest = await record('one', 'same');
  const copied = await record('copy', 'same');
  await record('one', null);
  const { store } = opened;
  const found = (projectId: string, key: string) => store.now((db) => resultByKey(db, projectId, key)?.runId);
  expect(found('one', 'same')).toBe(newest);
  expect(found('copy', 'same')).toBe(copied);
  expect(found('other', 'same')).toBeUndefined();
  expect(found('one', 'another')).toBeUndefined();
  const plan = store.now((db) =>
    db
      .prepare(
        'EXPLAIN QUERY PLAN SELECT * FROM stage_result WHERE project_id = +? AND key = +? ORDER BY id DESC LIMIT 1',
      )
      .all('one', 'same'),
  );
  expect(plan).toMatchObject([{ detail: 'SEARCH stage_result USING INDEX stage_result_by_key (key=?)' }]);
});
