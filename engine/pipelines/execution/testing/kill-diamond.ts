import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCrashes, diamond, type KillMoment } from '../fixture-crashes.ts';

/** What is left of a diamond of six stages, of which each writes its name when it runs. */
export interface DiamondEnd {
  /** False where the first engine was through before the moment at which it was to be killed. */
  readonly wasKilled: boolean;
  readonly status: string | undefined;
  readonly states: readonly string[];
  readonly ran: readonly string[];
  /** The last stage's output. */
  readonly output: string;
}

/** How a diamond ends that is whole: every stage has run once. */
export const wholeDiamond: Omit<DiamondEnd, 'wasKilled'> = {
  status: 'finished',
  states: Array<string>(6).fill('finished'),
  ran: ['a', 'b', 'c', 'd', 'e', 'f'],
  output: 'a\na\n',
};

/** For tests: runs the diamond with an engine that is killed at the n-th such moment, and lets the next engine go on by itself. */
export async function killDiamond(killAt: number, moment: KillMoment): Promise<DiamondEnd> {
  const crashes = createCrashes(diamond);
  try {
    const first = await crashes.engine(killAt, moment);
    const end = first ?? (await crashes.engine(0, 'before'));
    return {
      wasKilled: first === null,
      status: end?.status,
      states: end?.stages.map(({ state }) => state) ?? [],
      ran: crashes.ran(),
      output: readFileSync(join(crashes.project, 'f.out'), 'utf8'),
    };
  } finally {
    crashes.remove();
  }
}
