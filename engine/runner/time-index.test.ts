import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTimeIndex } from './time-index.ts';

let root: string;
let path: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'benchtop-times-'));
  path = join(root, 'times.bin');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a byte has the time of the look that first saw it, in any order of asking, also after a restart', async () => {
  const index = await openTimeIndex(path, 1000);
  await index.grow(0, 1000);
  await index.grow(10, 1100);
  await index.grow(10, 1150);
  await index.grow(30, 9000);
  const asked = [0, 9, 10, 29, 3, 30];
  const times = asked.map((offset) => index.timeAt(offset));
  expect(times).toEqual([1100, 1100, 9000, 9000, 1100, 9000]);
  await index.close();
  const again = await openTimeIndex(path, 1000);
  expect(asked.map((offset) => again.timeAt(offset))).toEqual(times);
  expect(again.estimated).toEqual([]);
  await again.close();
});

test('what was written while nobody looked is spread over that time, and said to be', async () => {
  const index = await openTimeIndex(path, 1000);
  await index.grow(100, 11_000);
  expect(index.estimated).toEqual([{ from: 1000, to: 11_000 }]);
  expect(index.timeAt(0)).toBe(1100);
  expect(index.timeAt(49)).toBe(6000);
  expect(index.timeAt(99)).toBe(11_000);
  await index.close();
});

test('a record cut short by a power failure is dropped, and time never runs backwards', async () => {
  const index = await openTimeIndex(path, 1000);
  await index.grow(0, 1000);
  await index.grow(10, 2000);
  await index.grow(20, 1500);
  expect(index.timeAt(15)).toBe(2000);
  await index.close();
  truncateSync(path, 20);
  const again = await openTimeIndex(path, 1000);
  await again.grow(20, 2500);
  expect(again.timeAt(5)).toBe(2000);
  expect(again.timeAt(15)).toBe(2500);
  await again.close();
});

test('a program that is silent at first is not mistaken for one that nobody watched', async () => {
  const index = await openTimeIndex(path, 1000);
  await index.grow(0, 1000);
  await index.grow(100, 11_000);
  expect(index.estimated).toEqual([]);
  expect(index.timeAt(0)).toBe(11_000);
  await index.close();
});
