import Database from 'better-sqlite3';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openEngine } from './fixture-engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchtop-later-rooms-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what rooms have to go on with is gone on with, though nobody asks them', async () => {
  const home = join(folder, 'home');
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'train.csv'), 'fare\n1\n2\n');
  const first = await openEngine(home);
  const { id: projectId } = await first.api.projects.open({ path: project });
  const { id: monitorId } = await first.api.monitoring.add({
    projectId,
    name: 'removed',
    reference: { kind: 'file', path: 'train.csv' },
    source: { path: 'in', chunks: { by: 'file' } },
  });
  await first.api.monitoring.remove({ monitorId });
  await first.close();

  const monitors = () => {
    const db = new Database(join(home, 'benchtop.db'), { readonly: true });
    try {
      return db.prepare('SELECT count(*) FROM monitor').pluck().get();
    } finally {
      db.close();
    }
  };
  expect(monitors()).toBe(1);
  // An engine erases what the one before it had removed.
  const second = await openEngine(home);
  await expect.poll(monitors, { timeout: 10_000 }).toBe(0);
  await second.close();
});

test('an engine ends well, whether it has loaded nothing yet or is just loading', async () => {
  const nothing = await openEngine(join(folder, 'nothing'));
  await nothing.close();
  const home = join(folder, 'loading');
  const loading = await openEngine(home);
  const answer = loading.api.sql.views({});
  await new Promise((resolve) => setImmediate(resolve));
  await Promise.all([expect(answer).rejects.toMatchObject({ code: 'disconnected' }), loading.close()]);
  // Made with the first thing that nobody expected.
  expect(existsSync(join(home, 'engine.log'))).toBe(false);
  await expect(loading.engine.fetch(new Request('http://engine/version'))).rejects.toMatchObject({
    code: 'cancelled',
  });
});
