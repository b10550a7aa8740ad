import { expect, test } from 'vitest';
import { absolutePath, contentText, knownByText, shownPath } from './data-texts.ts';

test('paths are told as seen from the project, and taken so', () => {
  expect(shownPath('/p/data/a.csv', '/p')).toBe('data/a.csv');
  expect(shownPath('/else/a.csv', '/p')).toBe('/else/a.csv');
  expect(shownPath('/pq/a.csv', '/p')).toBe('/pq/a.csv');
  expect(absolutePath('data', '/p')).toBe('/p/data');
  expect(absolutePath('/data', '/p')).toBe('/data');
});

test('what a version holds is told in words', () => {
  expect(contentText({ fileCount: 1, linkCount: 0, sizeBytes: 999 })).toBe('1 file, 999 B');
  expect(contentText({ fileCount: 20_000, linkCount: 2, sizeBytes: 8e7 })).toBe(
    '20,000 files, 2 links, 80 MB',
  );
  expect(knownByText(['declared', 'observed'])).toBe('declared, seen open');
});
