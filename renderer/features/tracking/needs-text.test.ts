import { expect, test } from 'vitest';
import { needsText } from './needs-text.ts';

const learnt = { program: 'train.py', outOfMemoryCount: 0, freeBytes: 5e9 };

test('what earlier runs took, as far as they tell it, beside the memory that is free', () => {
  expect(needsText({ ...learnt, runCount: 3, durationMs: 250_000, memoryBytes: 1.2e9 })).toBe(
    'The last 3 runs of train.py took about 4 m 10 s and up to 1.2 GB of memory; 5 GB of memory are free.',
  );
  expect(needsText({ ...learnt, runCount: 1, durationMs: null, memoryBytes: 4e8 })).toBe(
    'The last run of train.py took up to 400 MB of memory; 5 GB of memory are free.',
  );
  expect(needsText({ ...learnt, runCount: 2, durationMs: null, memoryBytes: null })).toBe(
    '5 GB of memory are free.',
  );
});
