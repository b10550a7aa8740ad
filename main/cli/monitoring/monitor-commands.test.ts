import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCli } from '../fixture-cli.ts';

let house: ReturnType<typeof createCli>;
beforeAll(() => {
  house = createCli();
});
afterAll(() => house.end());

test('a folder is watched, judged once and reported from the command line, and what is wrong is named', async () => {
  const { cli, project } = house;
  const write = (name: string, from: number) =>
    writeFileSync(
      join(project, name),
      `delay\n${Array.from({ length: 300 }, (_, at) => `${((at * 37) % 101) + from}.5`).join('\n')}\n`,
    );
  mkdirSync(join(project, 'in'));
  write('train.csv', 0);
  write('in/1.csv', 0);
  write('in/2.csv', 40);
  const added = await cli('monitor', 'add', 'delays', 'in', '--reference', 'train.csv', '--json');
  expect(added.code, added.stderr).toBe(0);
  expect(JSON.parse(added.stdout)).toMatchObject({
    source: { path: 'in', chunks: { by: 'file' } },
    reference: { path: 'train.csv' },
  });
  const first = await cli('monitor', 'run', 'delays');
  expect(first.code, 'an incident is open').toBe(1);
  expect(first.stdout).toMatch(
    /^delays: 2 chunks judged\nincident \d+ {2}2 {2}large {2}open {2}delay in 2: /,
  );
  const second = await cli('monitor', 'run', 'delays', '--json');
  expect(JSON.parse(second.stdout)).toMatchObject({
    judgedCount: 0,
    knownCount: 2,
    open: [{ firstChunk: '2' }],
  });
  expect((await cli('monitor', 'list')).stdout).toMatch(/^delays +incident, large +1 of 2 chunks +by hand/m);
  const shown = await cli('monitor', 'show', 'delays');
  expect(shown.stdout).toMatch(/^1 of 2 chunks alarms, most of all delay in 2: /);
  expect(shown.stdout).toMatch(/^2 +alarm +300 +0\.0 % +1 of 1/m);
  const page = join(project, 'report.html');
  expect((await cli('monitor', 'report', 'delays', '--html', page)).code).toBe(0);
  expect(readFileSync(page, 'utf8')).toContain('<h3>delay <small>2</small></h3>');

  const unsaid = await cli('monitor', 'add', 'x', 'train.csv', '--reference', 'train.csv', '--every', 'day');
  expect(unsaid.stderr).toContain('--time COLUMN');
  await cli('monitor', 'add', 'gone', 'nowhere', '--reference', 'train.csv');
  const gone = await cli('monitor', 'run', 'gone');
  expect(gone.code).toBe(1);
  expect(gone.stderr).toContain(join(project, 'nowhere'));
}, 120_000);
