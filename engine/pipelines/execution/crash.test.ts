import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCrashes, diamond } from './fixture-crashes.ts';

// All moments are in crash.long.test.ts; these differ from day to day.
const first = 3 + (Math.floor(Date.now() / 86_400_000) % 20);
test.each([
  [first, 'before'],
  [first + 20, 'after'],
] as const)(
  'an engine killed at its commit %i, %s it: the next goes on by itself, and every stage has run once',
  async (killAt, moment) => {
    const crashes = createCrashes(diamond);
    try {
      const story = `killed ${moment} commit ${killAt}`;
      expect(await crashes.engine(killAt, moment), story).toBeNull();
      const end = await crashes.engine(0, 'before');
      expect(end?.status, story).toBe('finished');
      expect(
        end?.stages.map(({ state }) => state),
        story,
      ).toEqual(Array(6).fill('finished'));
      expect(crashes.ran(), story).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
      expect(readFileSync(join(crashes.project, 'f.out'), 'utf8')).toBe('a\na\n');
    } finally {
      crashes.remove();
    }
  },
  60_000,
);
