import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { corpusProjects, hasProgram, scoresOf, scoreTable } from './fixture-projects.ts';

const root = join(import.meta.dirname, '../../..');

/** Where `python` is in an environment, made on first use (minutes); null where it cannot be made here. */
const folders = new Map<string, string | null>();
function binOf(environment: string): string | null {
  let folder = folders.get(environment);
  if (folder === undefined) {
    try {
      const output = execFileSync(process.execPath, ['scripts/python-environment.mjs', environment], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      folder = dirname(output.trim());
    } catch (error) {
      console.log(`${environment} is left out: ${(error as { stderr?: string }).stderr?.trim()}`);
      folder = null;
    }
    folders.set(environment, folder);
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
