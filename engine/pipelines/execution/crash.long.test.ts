import { expect, test } from 'vitest';
import { createCrashes, type KillMoment } from './fixture-crashes.ts';
import { killDiamond, wholeDiamond } from './testing/kill-diamond.ts';

test('an engine killed at each of its commits, before and after it, and at each moment between two: every stage has run once', async () => {
  /** Most of a round is waiting for the disk: the walks go on at once. */
  const walk = async (moment: KillMoment): Promise<number> => {
    for (let killAt = 1; ; killAt++) {
      const { wasKilled, ...end } = await killDiamond(killAt, moment);
      expect(end, `killed ${moment} ${killAt}`).toEqual(wholeDiamond);
      if (!wasKilled) return killAt - 1;
    }
  };
  const startedAt = performance.now();
  const [before, after, between] = await Promise.all([walk('before'), walk('after'), walk('between')]);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(
    `killed at ${before + after} commits of a diamond of 6 stages and ${between} times between two: each stage ran once each time (${seconds} s)`,
  );
  expect(before + after).toBeGreaterThan(20);
  expect(between).toBeGreaterThan(20);
}, 1_200_000);

test('an engine killed three times in the middle of a hundred stages: exactly the rest runs', async () => {
  const names = Array.from({ length: 100 }, (_, at) => `s${String(at).padStart(2, '0')}`);
  const crashes = createCrashes(
    `stages:\n${names
      .map((name, at) => {
        const above = at < 5 ? '' : `deps: [${names[at - 5]!}.out], `;
        return `  ${name}: {cmd: echo ${name} >> ran; echo > ${name}.out, ${above}outs: [${name}.out]}\n`;
      })
      .join('')}`,
  );
  try {
    for (const killAt of [20, 30, 25]) expect(await crashes.engine(killAt, 'before')).toBeNull();
    const before = crashes.ran().length;
    expect(before).toBeGreaterThan(10);
    const end = await crashes.engine(0, 'before');
    expect(end?.status).toBe('finished');
    expect(crashes.ran()).toEqual(names);
    console.log(
      `killed three times; ${before} of 100 stages had run by then, the last engine ran the other ${100 - before}`,
    );
  } finally {
    crashes.remove();
  }
}, 300_000);
