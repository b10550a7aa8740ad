import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCli } from '../fixture-cli.ts';

let house: ReturnType<typeof createCli>;
beforeAll(() => {
  house = createCli();
});
afterAll(() => house.end());

interface Told {
  status: string;
  stages: { name: string; outcome: string; reason: string; runId: string | null }[];
}

test('a pipeline is run, told stage by stage, and gone on with after what failed is mended', async () => {
  const { cli, start, project } = house;
  writeFileSync(join(project, 'in.csv'), '1\n');
  mkdirSync(join(project, 'notes'));
  writeFileSync(
    join(project, 'dvc.yaml'),
    `stages:
  prepare: {cmd: cp in.csv clean.csv, deps: [in.csv], outs: [clean.csv]}
  train: {cmd: "echo epoch 1; cp clean.csv model; [ -e good ]", deps: [clean.csv], outs: [model]}
  report: {cmd: cat model > report, deps: [model], outs: [report]}
`,
  );
  const plan = await cli('repro', '--dry');
  expect(plan.stdout, plan.stderr).toBe(`prepare  will run    no result yet
train    will run    no result yet; after prepare
report   will run    no result yet; after train

3 of 3 stages will run; nobody knows how long they take
`);
  expect(existsSync(join(project, 'clean.csv'))).toBe(false);

  const failed = await cli('repro');
  expect(failed.code).toBe(1);
  const lines = failed.stdout.split('\n');
  expect(lines[0]).toMatch(/^prepare {2}ran {6} *\d+\.\ds {2}[0-9a-f]{8} {2}first run$/);
  expect(lines[1]).toMatch(/^train {4}failed {3} *\d+\.\ds {2}[0-9a-f]{8} {2}exit code 1$/);
  expect(lines[2]).toBe('    epoch 1');
  expect(failed.stdout).toMatch(/report +skipped +train, which it needs, failed/);
  expect(failed.stdout).toMatch(/\nfailed: 1 ran, 1 failed, 1 skipped {2}\(.*, execution [0-9a-f]{16}\)\n$/);

  writeFileSync(join(project, 'good'), '');
  const resumed = await cli('repro', '--resume', '--json');
  expect(resumed.code, resumed.stderr).toBe(0);
  const told = JSON.parse(resumed.stdout) as Told;
  expect(told).toMatchObject({
    status: 'finished',
    stages: [
      { name: 'prepare', outcome: 'ran' },
      { name: 'train', outcome: 'ran' },
      { name: 'report', outcome: 'ran', reason: expect.any(String) as string },
    ],
  });

  rmSync(join(project, 'report'));
  const again = JSON.parse((await cli('repro', '--json', '--project', project)).stdout) as Told;
  expect(again.stages.map(({ name, outcome, reason }) => [name, outcome, reason])).toEqual([
    ['prepare', 'skipped', 'nothing that it depends on has changed'],
    ['train', 'skipped', 'nothing that it depends on has changed'],
    ['report', 'cached', 'an earlier run did the same work, and its outputs were brought back'],
  ]);
  expect(readFileSync(join(project, 'report'), 'utf8')).toBe('1\n');

  writeFileSync(join(project, 'dvc.yaml'), 'stages:\n  long: {cmd: "touch begun; sleep 60"}\n');
  const long = start('repro');
  await expect.poll(() => existsSync(join(project, 'begun')), { timeout: 30_000 }).toBe(true);
  long.child.kill('SIGINT');
  const ended = await long.ended;
  expect(ended.code).toBe(130);
  expect(ended.stdout).toMatch(/^long {2}failed .* cancelled/);
}, 120_000);
