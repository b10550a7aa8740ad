import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { pythonEnvironment } from '../../fixture-python.ts';
import {
  corpusProjects,
  hasProgram,
  scoresOf,
  scoreTable,
  type CorpusEnvironment,
} from './fixture-projects.ts';

/** Where `python` is in an environment, made on first use (minutes); null where it cannot be made here. */
const folders = new Map<CorpusEnvironment, string | null>();
function binOf(name: CorpusEnvironment): string | null {
  let folder = folders.get(name);
  if (folder === undefined) {
    const environment = pythonEnvironment(name);
    folder = 'python' in environment ? dirname(environment.python) : null;
    if ('reason' in environment) console.log(`${name} is left out: ${environment.reason}`);
    folders.set(name, folder);
  }
  return folder;
}

test('the whole corpus, with the real libraries', async () => {
  const projects = corpusProjects().filter(
    ({ expected }) =>
      hasProgram(expected.needs ?? 'sh') &&
      (expected.environment === undefined || binOf(expected.environment) !== null),
  );
  const scores = await scoresOf(projects, binOf);
  console.log(scoreTable(scores));
  const captured = scores.reduce((sum, score) => sum + score.captured, 0);
  const wanted = scores.reduce((sum, score) => sum + score.wanted, 0);
  expect(scores.filter(({ failure }) => failure !== null)).toEqual([]);
  expect(captured / wanted).toBeGreaterThanOrEqual(0.9);
  for (const { name, captured: own, wanted: all, missing } of scores)
    expect(own / all, `${name}: ${missing.join('; ')}`).toBeGreaterThanOrEqual(0.75);
}, 900_000);
