import { expect, test } from 'vitest';
import { corpusProjects, hasProgram, scoresOf, scoreTable } from './fixture-projects.ts';

const all = corpusProjects();
const quick = all.filter(
  ({ expected }) => expected.environment === undefined && hasProgram(expected.needs ?? 'sh'),
);

test('there are at least twenty projects, in every common style', () => {
  expect(all.length).toBeGreaterThanOrEqual(20);
});

test('metrics, params, files and models of projects that nobody edited are captured', async () => {
  const scores = await scoresOf(quick);
  console.log(scoreTable(scores));
  for (const { name, failure, captured, wanted, missing } of scores) {
    expect(failure, name).toBeNull();
    expect(captured / wanted, `${name}: ${missing.join('; ')}`).toBeGreaterThanOrEqual(0.9);
  }
}, 60_000);
