import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createCrashes, diamond } from '../fixture-crashes.ts';

/**
 * For tests: runs the diamond with an engine that is killed at a commit, lets the next engine go on by itself, and expects that
 * every stage has run once. Resolves to false where the engine was through before that commit.
 */
export async function killDiamond(killAt: number, moment: 'before' | 'after'): Promise<boolean> {
  const crashes = createCrashes(diamond);
  try {
    const story = `killed ${moment} commit ${killAt}`;
    const whole = await crashes.engine(killAt, moment);
    const end = whole ?? (await crashes.engine(0, 'before'));
    expect(end?.status, story).toBe('finished');
    expect(
      end?.stages.map(({ state }) => state),
      story,
    ).toEqual(Array(6).fill('finished'));
    expect(crashes.ran(), story).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(readFileSync(join(crashes.project, 'f.out'), 'utf8'), story).toBe('a\na\n');
    return whole === null;
  } finally {
    crashes.remove();
  }
}
