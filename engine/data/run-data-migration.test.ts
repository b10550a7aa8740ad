import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openHome } from '../fixture-home.ts';
import { migrations } from '../migrations.ts';
import { runDataOf } from './run-data.ts';

test('what runs read and wrote before it was kept by their numbers is brought over whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-run-data-'));
  const own = migrations.find(
    ({ name }) => name === 'data: what runs read and wrote, by the numbers of runs',
  )!.number;
  const old = await openHome(
    folder,
    migrations.filter(({ number }) => number < own),
  );
  await old.store.write('test.old', (db) =>
    db.exec(`
      INSERT INTO run (run_id, experiment, name, status, created_at, command, source)
        VALUES ('b', 0, 'b', 'finished', 1, '[]', 'runner'), ('a', 0, 'a', 'finished', 2, '[]', 'runner');
      INSERT INTO data_set VALUES (1, '/p/raw.csv', NULL, 1), (2, '/p/out.csv', NULL, 1);
      INSERT INTO data_version (id, kind, file_count, link_count, size_bytes, created_at) VALUES ('v', 'file', 1, 0, 5, 1);
      INSERT INTO run_data VALUES
        ('a', 1, 'input', '["declared","observed"]', 'recorded', 'v', NULL),
        ('a', 2, 'output', '["declared"]', 'recorded', 'v', NULL),
        ('b', 1, 'input', '["named"]', 'failed', NULL, 'gone');
    `),
  );
  await old.close();
  const { store, close } = await openHome(folder);
  try {
    const told = (runId: string) =>
      store
        .now((db) => runDataOf(db, runId))
        .map(({ path, role, knownBy, state, version, note }) => [
          path,
          role,
          knownBy.join(),
          state,
          version?.version ?? null,
          note,
        ]);
    expect(told('a')).toEqual([
      ['/p/raw.csv', 'input', 'declared,observed', 'recorded', 'v', null],
      ['/p/out.csv', 'output', 'declared', 'recorded', 'v', null],
    ]);
    expect(told('b')).toEqual([['/p/raw.csv', 'input', 'named', 'failed', null, 'gone']]);
    await store.write('test.erase', (db) => db.exec("DELETE FROM run WHERE run_id = 'a'"));
    expect([told('a').length, told('b').length]).toEqual([0, 1]);
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
});
