import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BinUsage, VerifyReport } from '../../../contract/index.ts';
import { createCli } from '../fixture-cli.ts';

let house: ReturnType<typeof createCli>;
beforeAll(() => {
  house = createCli();
});
afterAll(() => house.end());

const json = <T>(text: string) => JSON.parse(text) as T;

test('what is stored is checked, damage is named and mended, and gc says what it does', async () => {
  const { cli, project } = house;
  const content = 'a row of the table, again and again\n'.repeat(20);
  writeFileSync(join(project, 'table.csv'), content);
  expect((await cli('data', 'snapshot', 'table.csv')).code).toBe(0);

  const sound = await cli('verify');
  expect(sound.stdout).toContain('Every stored file is sound.');
  expect(sound.stdout).toContain('benchtop.db is sound.');
  expect(sound.code).toBe(0);

  const packs = join(project, '..', 'home', 'objects', 'packs');
  const damage = () => {
    for (const name of readdirSync(packs)) {
      const bytes = readFileSync(join(packs, name));
      const at = bytes.indexOf(content.slice(0, 100));
      if (at !== -1) bytes.writeUInt8(0, at + 50);
      writeFileSync(join(packs, name), bytes);
    }
  };
  damage();
  const found = await cli('verify', '--json');
  expect(found.code).toBe(1);
  const report = json<VerifyReport>(found.stdout);
  expect(report.damaged).toMatchObject([{ where: expect.stringContaining('.pack'), isRepaired: false }]);
  expect(report.isOlderThanPacks).toBe(false);
  const mended = await cli('verify', '--repair', '--from', '.');
  expect(mended.stdout).toMatch(/1 stored file is damaged:\n {2}[0-9a-f]{12} {2}repaired/);
  expect(mended.code).toBe(0);

  for (const age of ['30', '-1d'])
    expect((await cli('gc', '--older-than', age, '--dry-run')).stderr, age).toContain('as 12h or 30d');
  const shown = await cli('gc', '--older-than', '90d', '--dry-run');
  expect(shown.stdout).toMatch(/^Would erase\n {2}runs of the bin +0\n/);
  const erased = json<BinUsage & { erased: boolean; freedBytes: number }>(
    (await cli('gc', '--yes', '--now', '--json')).stdout,
  );
  // What was stored in the last hour stays.
  expect(erased).toMatchObject({ erased: true, runIds: [], strayFileBytes: 0, freedBytes: 0 });
  const undone = await cli('gc', '--undo');
  expect(undone.stdout).toBe('0 erased files are back, 0 bytes.\n');
  expect(undone.code).toBe(0);
}, 120_000);
