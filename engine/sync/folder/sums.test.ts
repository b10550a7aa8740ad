import { expect, test } from 'vitest';
import { readSums, sumsText } from './sums.ts';

test('names with line breaks and backslashes come back as they were, as sha256sum escapes them', () => {
  const paths = ['a b', 'back\\slash', 'line\nbreak', 'both\\n\n', 'é'];
  const files = paths.map((path, at) => ({ path, sizeBytes: 1, sha256: String(at).repeat(64) }));
  const text = sumsText(files);
  expect(text.split('\n').length).toBe(paths.length + 1);
  expect(text).toContain(`\\${'2'.repeat(64)}  line\\nbreak\n`);
  expect(readSums(text)).toEqual(new Map(files.map(({ path, sha256 }) => [path, sha256])));
});
