import { expect, test } from 'vitest';
import { createCrashes, diamond } from './fixture-crashes.ts';

test('an engine killed at each of its commits, before and after it: every stage has run once', async () => {
  let kills = 0;
  for (const moment of ['before', 'after'] as const) {
    for (let killAt = 1; ; killAt++) {
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
        if (whole !== null) break;
        kills++;
      } finally {
        crashes.remove();
      }
    }
  }
  console.log(`killed at ${kills} commits of a diamond of 6 stages: each stage ran once each time`);
  expect(kills).toBeGreaterThan(40);
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
    for (const killAt of [80, 120, 97]) expect(await crashes.engine(killAt, 'before')).toBeNull();
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
