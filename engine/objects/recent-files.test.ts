import { hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileOperations } from './file-operations.ts';
import { openObjects } from './fixture-objects.ts';
import { createRecentFiles } from './recent-files.ts';
import { identityAt } from './source-file.ts';
import { statCacheReader } from './stat-cache.ts';

let fixture: Awaited<ReturnType<typeof openObjects>>;
beforeEach(async () => {
  fixture = await openObjects();
});
afterEach(() => fixture.remove());

const identity = (inode: number) => ({ device: 1, inode, sizeBytes: 3, mtimeMs: 1000, ctimeMs: 1000 });
const content = hash('sha256', 'one', 'buffer');

test('a file that was read is known as long as it is the same, and many are remembered together', async () => {
  const { store } = fixture;
  const recent = createRecentFiles(store, Date.now);
  recent.add({ identity: identity(7), content });
  expect(recent.contentOf(identity(7))).toEqual(content);
  expect(recent.contentOf({ ...identity(7), ctimeMs: 1001 })).toBeNull();
  expect(recent.contentOf(identity(8))).toBeNull();
  const remembered = (inode: number) =>
    store.now((db) => statCacheReader(db, Date.now()).contentOf(identity(inode)));
  expect(remembered(7)).toBeNull();
  await recent.flush();
  expect(remembered(7)).toEqual(content);
  expect(recent.contentOf(identity(7))).toEqual(content);
  for (let inode = 100; inode < 200; inode++) recent.add({ identity: identity(inode), content });
  await expect.poll(() => remembered(100)).toEqual(content);
  // Whoever leaves puts down the rest.
  await recent.flush();
  expect(remembered(199)).toEqual(content);
  expect(recent.contentOf(identity(7))).toBeNull();
});

test('what was read is known to the next engine', async () => {
  const { folder, objects, close } = fixture;
  const path = join(folder, 'read');
  writeFileSync(path, 'one');
  // A file that was written just now may change again unnoticed.
  await sleep(50);
  await objects.hashFiles([path]);
  await close();
  fixture = await openObjects({ folder });
  const known = fixture.store.now((db) =>
    statCacheReader(db, Date.now()).contentOf(identityAt(fileOperations, path)),
  );
  expect(known).toEqual(content);
});
