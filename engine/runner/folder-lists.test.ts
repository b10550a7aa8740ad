import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFolderLists } from './folder-lists.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-lists-'));
  for (let index = 0; index < 100; index++) writeFileSync(join(folder, `f${index}`), '');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder with many names is listed anew when something came, went or has another name', () => {
  const later = Date.now() + 1000;
  const lists = createFolderLists(() => later);
  const first = lists.namesIn(folder);
  expect(first).toHaveLength(100);
  // The same list, not one like it: the folder was not read again.
  expect(lists.namesIn(folder)).toBe(first);
  writeFileSync(join(folder, 'f0'), 'more');
  expect(lists.namesIn(folder)).toBe(first);
  writeFileSync(join(folder, 'new'), '');
  expect(lists.namesIn(folder)).toContain('new');
  renameSync(join(folder, 'new'), join(folder, 'renamed'));
  expect(lists.namesIn(folder)).toContain('renamed');
  rmSync(join(folder, 'renamed'));
  expect(lists.namesIn(folder)).toHaveLength(100);
  rmSync(folder, { recursive: true });
  expect(lists.namesIn(folder)).toEqual([]);
});

test('a folder that changed just now is not remembered: it may change again within the same tick', () => {
  const lists = createFolderLists();
  expect(lists.namesIn(folder)).not.toBe(lists.namesIn(folder));
  // Nor does a time that somebody set hide that it changed.
  utimesSync(folder, new Date(0), new Date(0));
  expect(lists.namesIn(folder)).not.toBe(lists.namesIn(folder));
});
