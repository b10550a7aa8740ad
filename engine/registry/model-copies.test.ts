import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRegistry, type RegistryHouse } from './fixture-registry.ts';
import { createModelCopies } from './model-copies.ts';

const dayMs = 86_400_000;
let house: RegistryHouse;
beforeEach(async () => {
  house = await openRegistry();
});
afterEach(() => house.end());

test('copies that nobody asked for in a week go; one that was asked for again stays, and comes back if it went', async () => {
  let at = house.now();
  const folder = join(house.folder, 'copies');
  const copies = createModelCopies(folder, house.objects, () => at);
  const stored = async (text: string) => [
    { path: 'model.bin', ...(await house.objects.putStream(Readable.from([Buffer.from(text)]))) },
  ];
  const [wanted, forgotten] = [await stored('wanted'), await stored('forgotten')];
  const path = await copies.place(wanted, true);
  const other = await copies.place(forgotten, true);
  at += 6 * dayMs;
  copies.removeUnused();
  expect(readdirSync(folder).length).toBe(2);
  await copies.place(wanted, true);
  at += 2 * dayMs;
  copies.removeUnused();
  expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([path]);
  // A file that somebody put there makes it another set of files.
  writeFileSync(join(path, 'more.bin'), 'x');
  expect(await copies.place(wanted, true)).toBe(path);
  expect(readdirSync(path)).toEqual(['model.bin']);
  expect(await copies.place(forgotten, true)).toBe(other);
});
