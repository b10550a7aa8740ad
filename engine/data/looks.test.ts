import { rmSync, symlinkSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataHouse } from '../fixture-data.ts';
import { createLooks } from './looks.ts';

let house: Awaited<ReturnType<typeof openDataHouse>>;
beforeEach(async () => {
  house = await openDataHouse();
});
afterEach(() => house.close());

/** Hashes by the objects, and counts how often. */
function counted(objects: typeof house.objects) {
  let count = 0;
  const hashing: Pick<typeof objects, 'hashFiles'> = {
    hashFiles(paths, options) {
      count++;
      return objects.hashFiles(paths, options);
    },
  };
  return { hashing, count: () => count };
}

test('a look serves all who ask for what is there since before it began, and nobody who asks for later', async () => {
  const { store, objects, call } = house;
  const looks = createLooks({ store, objects });
  const path = house.write('input.csv', 'a\n1\n');
  const { hashing, count } = counted(objects);
  const since = performance.now();
  const first = looks.since(path, since, call.signal, hashing);
  expect(await looks.since(path, since, call.signal, hashing)).toEqual(await first);
  expect(count()).toBe(1);
  house.write('input.csv', 'a\n2\n');
  expect(await looks.since(path, since, call.signal, hashing)).toEqual(await first);
  const later = await looks.since(path, performance.now(), call.signal, hashing);
  expect(count()).toBe(2);
  expect(later.version).not.toBe((await first).version);
});

test('a look that failed is the trouble of who began it', async () => {
  const { store, objects, call } = house;
  const looks = createLooks({ store, objects });
  const path = house.write('input.csv', 'a\n1\n');
  const hashing: Pick<typeof objects, 'hashFiles'> = {
    hashFiles: () => Promise.reject(new Error('given up')),
  };
  const since = performance.now();
  const [failed, other] = await Promise.allSettled([
    looks.since(path, since, call.signal, hashing),
    looks.since(path, since, call.signal),
  ]);
  expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'given up' } });
  expect(other.status).toBe('fulfilled');
});

test('a file that has not changed since it was looked at is not read again, however it is replaced it is', async () => {
  const { store, objects, call } = house;
  const looks = createLooks({ store, objects });
  const path = house.write('input.csv', 'a\n1\n');
  const { hashing, count } = counted(objects);
  const look = () => looks.since(path, performance.now(), call.signal, hashing);
  // Its last change lies so far back that the next one shows.
  const agedFile = () => utimesSync(path, 1_000_000, 1_000_000.5);
  agedFile();
  await sleep(50);
  const first = await look();
  expect(await look()).toEqual(first);
  expect(count()).toBe(1);
  house.write('input.csv', 'b\n1\n');
  agedFile();
  const other = await look();
  expect(count()).toBe(2);
  expect(other.version).not.toBe(first.version);
  rmSync(path);
  await expect(look()).rejects.toMatchObject({ code: 'not-found' });
});

test('what was recorded of a file is what is seen there while it does not change', async () => {
  const { store, objects, call, data } = house;
  const path = house.write('output.csv', 'a\n1\n');
  await sleep(50);
  const kept = await data.keepOutput(path, call.signal, null);
  expect(
    await data.seenSince(path, performance.now(), call.signal, {
      hashFiles: () => Promise.reject(new Error('read')),
    }),
  ).toMatchObject(kept ?? {});
  house.write('output.csv', 'a\n2\n');
  const looks = createLooks({ store, objects });
  expect(await data.seenSince(path, performance.now(), call.signal)).toEqual(
    await looks.since(path, performance.now(), call.signal),
  );
});

test('a link that comes to where a file was is followed, and who asks by a link hears where it leads', async () => {
  const { store, objects, call } = house;
  const looks = createLooks({ store, objects });
  const { hashing, count } = counted(objects);
  const look = (path: string) => looks.since(path, performance.now(), call.signal, hashing);
  const path = house.write('data/input.csv', 'a\n1\n');
  const other = house.write('other/input.csv', 'a\n2\n');
  const folder = dirname(path);
  const link = join(folder, 'link.csv');
  symlinkSync(path, link);
  await sleep(50);
  const first = await look(path);
  expect(await look(link)).toEqual(first);
  expect(count()).toBe(1);
  rmSync(path);
  symlinkSync(other, path);
  const linked = await look(path);
  expect(linked).toMatchObject({ path: other });
  expect(linked.version).not.toBe(first.version);
  expect(await look(link)).toEqual(linked);
  rmSync(folder, { recursive: true });
  symlinkSync(dirname(other), folder);
  expect(await look(path)).toEqual(linked);
});
