import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataHouse } from '../fixture-data.ts';
import { createLooks } from './looks.ts';

let house: Awaited<ReturnType<typeof openDataHouse>>;
beforeEach(async () => {
  house = await openDataHouse();
});
afterEach(() => house.close());

test('a look serves all who ask for what is there since before it began, and nobody who asks for later', async () => {
  const { store, objects, call } = house;
  const looks = createLooks({ store, objects });
  const path = house.write('input.csv', 'a\n1\n');
  let count = 0;
  const hashing: Pick<typeof objects, 'hashFiles'> = {
    hashFiles(paths, options) {
      count++;
      return objects.hashFiles(paths, options);
    },
  };
  const since = performance.now();
  const first = looks.since(path, since, call.signal, hashing);
  expect(await looks.since(path, since, call.signal, hashing)).toEqual(await first);
  expect(count).toBe(1);
  house.write('input.csv', 'a\n2\n');
  expect(await looks.since(path, since, call.signal, hashing)).toEqual(await first);
  const later = await looks.since(path, performance.now(), call.signal, hashing);
  expect(count).toBe(2);
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
