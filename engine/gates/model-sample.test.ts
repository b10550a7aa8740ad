import { expect, test } from 'vitest';
import { firstRecords } from './model-sample.ts';

test('a record ends at a line break that is not quoted', () => {
  const text = 'a,b\n1,"two\nlines, ""quoted"""\n3,4\n';
  expect(firstRecords(text, 2)).toBe('a,b\n1,"two\nlines, ""quoted"""\n');
  expect(firstRecords(text, 9)).toBe(text);
});
