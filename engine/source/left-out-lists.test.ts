import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LeftOutFile, Snapshot } from '../../contract/index.ts';
import { openHome } from '../fixture-home.ts';
import { migrations } from '../migrations.ts';
import { leftOutLists } from './left-out-lists.ts';
import { keepSnapshot, objectReferences, snapshotOf } from './snapshot-records.ts';

const large: LeftOutFile = { path: 'w.bin', reason: 'large', why: 'L', sizeBytes: 7, objectId: 'an object' };
const secret: LeftOutFile = { path: '.env', reason: 'secret', why: 'S', sizeBytes: null, objectId: null };

test('lists of files left out are kept once, those of an older store too, until the last run that has them is erased', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-left-out-'));
  const old = await openHome(
    folder,
    migrations.filter(({ number }) => number < leftOutLists.number),
  );
  await old.store.write('test.old', (db) =>
    db.exec(`
      INSERT INTO run (run_id, experiment, name, status, created_at, command, source)
        SELECT value, 0, value, 'finished', 1, '[]', 'runner' FROM json_each('["a", "b", "other", "none", "new"]');
      INSERT INTO snapshot (run_id, repository, repository_path, ref, root_path, commit_id, began_at)
        SELECT run_id, 'own', '/p/.git', run_id, '/p', 'c', 1 FROM run WHERE run_id != 'new';
      INSERT INTO snapshot_left_out VALUES
        ('a', 'w.bin', 'large', 'L', 7, 'an object'), ('a', '.env', 'secret', 'S', NULL, NULL),
        ('b', 'w.bin', 'large', 'L', 7, 'an object'), ('b', '.env', 'secret', 'S', NULL, NULL),
        ('other', '.env', 'secret', 'S', NULL, NULL);
    `),
  );
  await old.close();
  const { store, close } = await openHome(folder);
  try {
    const leftOut = (runId: string) => store.now((db) => snapshotOf(db, runId))?.leftOut;
    const listCount = () => store.now((db) => db.prepare('SELECT count(*) FROM left_out_list').pluck().get());
    const objects = () => store.now((db) => db.prepare(objectReferences.join(' UNION ALL ')).pluck().all());
    const erase = (...runIds: string[]) =>
      store.write('test.erase', (db) => {
        for (const runId of runIds) db.prepare('DELETE FROM run WHERE run_id = ?').run(runId);
      });
    expect(['a', 'b', 'other', 'none'].map(leftOut)).toEqual([
      [secret, large],
      [secret, large],
      [secret],
      [],
    ]);
    const taken = store.now((db) => snapshotOf(db, 'a')) as Snapshot;
    await store.write('test.new', (db) => {
      keepSnapshot(db, { ...taken, runId: 'new', leftOut: [] });
      keepSnapshot(db, { ...taken, runId: 'new', leftOut: [large, secret] });
    });
    expect([leftOut('new'), listCount()]).toEqual([[secret, large], 2]);
    await erase('a', 'b', 'other');
    expect([leftOut('new'), listCount(), objects()]).toEqual([[secret, large], 1, ['an object']]);
    await erase('new');
    expect([listCount(), objects()]).toEqual([0, []]);
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
});
