import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCli } from '../fixture-cli.ts';

let house: ReturnType<typeof createCli>;
beforeAll(() => {
  house = createCli();
});
afterAll(() => house.end());

test('data is recorded, listed, compared by rows and brought back from the command line', async () => {
  const { cli, project } = house;
  const table = join(project, 'months', 'jan.csv');
  mkdirSync(join(project, 'months'));
  writeFileSync(table, 'id,delay\n1,5\n2,7\n');
  const first = await cli('data', 'snapshot', 'months', '--json');
  expect(first.code, first.stderr).toBe(0);
  const { moment } = JSON.parse(first.stdout) as { moment: { version: string } };
  writeFileSync(table, 'id,delay\n1,5\n2,9\n3,0\n');
  const second = await cli('data', 'snapshot', 'months');
  expect(second.stdout).toMatch(/^[0-9a-f]{64} {2}1 file, 21 bytes\n$/);

  const log = await cli('data', 'log', 'months');
  expect(log.stdout.trim().split('\n')).toHaveLength(3);
  expect(log.stdout).toContain('+0 -0 ~1');

  const diff = await cli('data', 'diff', moment.version.slice(0, 10), 'months', '--key', 'id');
  expect(diff.code, diff.stderr).toBe(0);
  expect(diff.stdout).toContain('0 added, 0 removed, 1 changed, 0 renamed, 0 the same');
  expect(diff.stdout).toContain('1 added, 0 removed, 1 changed\n');
  expect(diff.stdout).toContain('7 → 9');
  const back = await cli('data', 'checkout', moment.version.slice(0, 8), 'january');
  expect(back.code, back.stderr).toBe(0);
  expect(readFileSync(join(project, 'january', 'jan.csv'), 'utf8')).toBe('id,delay\n1,5\n2,7\n');
  const again = await cli('data', 'checkout', moment.version.slice(0, 8), 'months');
  expect(again.code).toBe(1);
  expect(again.stderr).toContain('nothing is written over');
  expect(existsSync(table)).toBe(true);
  expect((await cli('data', 'log', 'nowhere')).stderr).toContain('benchtop data snapshot PATH');
}, 120_000);

test('a table is summed up and held against another one from the command line, and a file that is none is named', async () => {
  const { cli, project } = house;
  const write = (name: string, from: number) =>
    writeFileSync(
      join(project, name),
      `delay,origin\n${Array.from({ length: 300 }, (_, at) => `${((at * 37) % 101) + from}.5,${at % 3 === 0 ? 'JFK' : 'LGA'}`).join('\n')}\n`,
    );
  write('january.csv', 0);
  write('july.csv', 40);
  const profile = await cli('profile', 'january.csv');
  expect(profile.code, profile.stderr).toBe(0);
  expect(profile.stdout).toMatch(/^300 rows, 2 columns\n/);
  expect(profile.stdout).toMatch(/^origin +VARCHAR .*LGA \(200\), JFK \(100\)$/m);
  const drift = await cli('drift', 'january.csv', 'july.csv', '--column-tests', 'origin=two-proportion');
  expect(drift.code, drift.stderr).toBe(0);
  expect(drift.stdout).toMatch(/^1 of 2 columns drifted, most of all delay: the share up to/);
  expect(drift.stdout).toMatch(/^delay +drift .* large /m);
  const json = JSON.parse((await cli('drift', 'january.csv', 'january.csv', '--json')).stdout) as object;
  expect(json).toMatchObject({
    verdict: 'no-drift',
    columns: [{ effect: { moved: 0 } }, { effect: { moved: 0 } }],
  });
  const wrong = await cli('drift', 'january.csv', 'july.csv', '--column-tests', 'delay=t');
  expect(wrong.code).not.toBe(0);
  expect(wrong.stderr).toContain('is no COLUMN=TEST');
  writeFileSync(join(project, 'broken.csv'), 'delay,origin\n1,JFK\n2\n');
  const broken = await cli('drift', 'january.csv', 'broken.csv');
  expect(broken.code).toBe(1);
  expect(broken.stderr).toMatch(/broken\.csv cannot be read as a table.*Line 3: /s);
}, 120_000);
