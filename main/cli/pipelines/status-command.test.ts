import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixtureStage } from '../../../contract/fixture-pipeline.ts';
import { createCli } from '../fixture-cli.ts';
import { graphText } from './graph-command.ts';

let house: ReturnType<typeof createCli>;
beforeAll(() => {
  house = createCli();
});
afterAll(() => house.end());

test('the status of a pipeline, all of it and why of one stage', async () => {
  const { cli, project } = house;
  mkdirSync(join(project, 'data'));
  writeFileSync(join(project, 'data', 'a.csv'), '1');
  writeFileSync(
    join(project, 'benchtop.yaml'),
    `stages:
  prepare: {cmd: cat data/a.csv > all.csv, deps: [data], outs: [all.csv]}
  train: {cmd: wc all.csv > model, deps: [all.csv, missing.csv], outs: [model]}
`,
  );
  const all = await cli('status');
  expect(all.code, all.stderr).toBe(0);
  expect(all.stdout).toBe(`prepare  has to run  no result yet
train    has to run  no result yet, and 2 more

2 of 2 stages have to run: benchtop repro
`);
  const why = await cli('status', '--why', 'train');
  expect(why.stdout).toBe(`train: has to run
  no result yet
  missing.csv is missing
  after prepare
`);
  const unknown = await cli('status', 'nowhere');
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain('There is no pipeline stage "nowhere".');
}, 120_000);

test('a graph for people, for Graphviz and for Mermaid', () => {
  const stages = [
    fixtureStage({ name: 'a' }),
    fixtureStage({ name: 'b "x"', upstream: ['a'] }),
    fixtureStage({ name: 'c', upstream: ['a', 'b "x"'] }),
  ];
  expect(graphText({ stages }, {})).toBe('a\n  b "x" ← a\n    c ← a, b "x"');
  expect(graphText({ stages }, { dot: true })).toContain(String.raw`  "b \"x\"" -> "c";`);
  expect(graphText({ stages }, { mermaid: true })).toContain('  s1["b #quot;x#quot;"]\n');
  expect(JSON.parse(graphText({ stages }, { json: true }))).toMatchObject({
    stages: [{ name: 'a', upstream: [] }, { upstream: ['a'] }, {}],
  });
});
