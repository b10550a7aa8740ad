import { hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noise, openObjects } from './fixture-objects.ts';
import { scrubWhenIdle } from './scrub-when-idle.ts';

const dayMs = 86_400_000;

test('what is stored is read again once in thirty days while nothing else goes on, and damage is told', async () => {
  let now = 1_800_000_000_000;
  let isIdle = true;
  const fixture = await openObjects({ now: () => now });
  const { objects, store } = fixture;
  const content = noise(1, 300_000);
  const path = join(fixture.folder, 'file');
  writeFileSync(path, content);
  await objects.putFiles([path]);
  const told: string[] = [];
  const scrub = scrubWhenIdle({
    objects,
    isIdle: () => isIdle,
    now: () => now,
    onDamage: (where) => told.push(where),
    onUnexpected: (error) => expect.fail(String(error)),
  });
  const checkedAt = () => store.now((db) => db.prepare('SELECT verified_at FROM pack').pluck().get());

  await scrub.look();
  expect(checkedAt()).toBe(null); // just written
  now += 2 * dayMs;
  isIdle = false;
  await scrub.look();
  expect(checkedAt()).toBe(null);
  isIdle = true;
  await scrub.look();
  const first = now;
  expect(checkedAt()).toBe(first);
  now += 29 * dayMs;
  await scrub.look();
  expect(checkedAt()).toBe(first);

  const [pack = ''] = fixture.packFiles();
  const bytes = readFileSync(pack);
  bytes.writeUInt8(0, bytes.indexOf(content.subarray(1000, 1100)));
  writeFileSync(pack, bytes);
  now += 2 * dayMs;
  await scrub.look();
  expect(told).toEqual(['objects/packs/1.pack']);
  expect(objects.problems().damaged).toEqual([
    { pack: 1, pieces: 1, objectIds: [hash('sha256', content, 'hex')] },
  ]);
  // Once is enough: it is told until it is mended.
  await scrub.look();
  expect(told.length).toBe(1);
  await objects.verify({ repair: true, from: fixture.folder, originals: [], references: [] });
  expect(objects.problems().damaged).toEqual([]);
  await scrub.close();
  await fixture.remove();
});
