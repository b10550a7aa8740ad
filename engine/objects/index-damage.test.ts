import type Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BenchtopError } from '../../contract/index.ts';
import { fileOperations } from './file-operations.ts';
import { inProcess } from './fixture-in-process.ts';
import { noise, openObjects } from './fixture-objects.ts';
import { readObject } from './read-object.ts';
import { verify } from './verify.ts';

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const contents = [noise(1, 3000), noise(3, 600_000), noise(5, 350_000), noise(7, 20)];
const ids = contents.map(sha256);
const references = [`SELECT value FROM json_each('${JSON.stringify(ids)}')`];
const nothing = { repair: false, from: null, originals: [], references };

type Fixture = Awaited<ReturnType<typeof openObjects>>;

async function put(fixture: Fixture, some: readonly Uint8Array[]): Promise<void> {
  const paths = some.map((content, index) => {
    const path = join(fixture.folder, `file-${index}`);
    writeFileSync(path, content);
    return path;
  });
  await fixture.objects.putFiles(paths);
  for (const path of paths) rmSync(path);
}

/** Of each content: it, other bytes, or why not. */
async function answers(read: (objectId: string) => Promise<Uint8Array>): Promise<string[]> {
  const all: string[] = [];
  for (const [index, id] of ids.entries())
    all.push(
      await read(id).then(
        (bytes) => (contents[index]!.equals(bytes) ? 'right' : 'wrong'),
        (error: unknown) => (error instanceof BenchtopError ? error.code : String(error)),
      ),
    );
  return all;
}
const readFrom = (fixture: Fixture) => async (id: string) =>
  (await fixture.objects.read(id, 0, 1 << 30)).bytes;
const allRight = ids.map(() => 'right');

const damages: Readonly<Record<string, string>> = {
  'rows of chunks are lost': 'DELETE FROM chunk',
  'rows of lists are lost': 'DELETE FROM manifest',
  'rows of files are lost': 'DELETE FROM object',
  'rows of packs are lost': 'DELETE FROM pack',
  'all rows are lost': 'DELETE FROM object; DELETE FROM chunk; DELETE FROM manifest; DELETE FROM pack',
  'places of chunks are wrong': 'UPDATE chunk SET position = position + 1',
  'chunks are in another pack': 'UPDATE chunk SET pack = pack + 7',
  'a chunk has another size': 'UPDATE chunk SET size_bytes = size_bytes - 1 WHERE id = 2',
  'proofs are wrong': "UPDATE chunk SET proof = x'00112233445566778899aabbccddeeff' WHERE id % 2 = 0",
  'places of files are wrong': 'UPDATE object SET position = position - 40 WHERE layout = 1',
  'files have another size': 'UPDATE object SET size_bytes = size_bytes - 1',
  'a list is another one':
    'UPDATE manifest SET body = (SELECT body FROM manifest ORDER BY object DESC LIMIT 1)',
  'a file is taken for one in a pack':
    'UPDATE object SET layout = 1, pack = 1, position = 56 WHERE layout = 2',
};

test('damage in the rows of the index is named, never given out, and mended from the packs', async () => {
  const fixture = await openObjects();
  await put(fixture, contents);
  for (const [name, sql] of Object.entries(damages)) {
    await fixture.store.write('test', (db: Database.Database) => db.exec(sql));
    const before = await answers(readFrom(fixture));
    const found = new Set((await fixture.objects.verify(nothing)).damaged.map(({ objectId }) => objectId));
    const untold = ids.filter((id, index) => before[index] !== 'right' && !found.has(id));
    expect({ name, untold, isWrong: before.includes('wrong') }).toEqual({ name, untold: [], isWrong: false });

    const mended = await fixture.objects.verify({ ...nothing, repair: true });
    expect({ name, left: mended.damaged.filter(({ isRepaired }) => !isRepaired) }).toEqual({
      name,
      left: [],
    });
    expect({ name, answers: await answers(readFrom(fixture)) }).toEqual({ name, answers: allRight });
    expect({ name, again: (await fixture.objects.verify(nothing)).damaged }).toEqual({ name, again: [] });
  }
  await fixture.remove();
});

test('packs that were written anew still carry what the index is made from', async () => {
  let now = 1_800_000_000_000;
  const fixture = await openObjects({ now: () => now });
  await put(fixture, [noise(9, 900_000), ...contents, noise(11, 1_500_000)]);
  now += 7_200_000;
  await fixture.objects.removeUnreferenced(references);
  expect(await fixture.objects.reclaim()).toBeGreaterThan(1_000_000);
  await fixture.store.write('test', (db) => db.exec(damages['all rows are lost']!));
  await fixture.objects.verify({ ...nothing, repair: true });
  expect(await answers(readFrom(fixture))).toEqual(allRight);
  await fixture.remove();
});

test('an earlier copy of the store is seen as one, and learns from the packs what it misses', async () => {
  let now = 1_800_000_000_000;
  const first = await openObjects({ now: () => now });
  await put(first, contents.slice(0, 2));
  await first.close();
  copyFileSync(first.home.databasePath, `${first.home.databasePath}.backup`);
  const second = await openObjects({ folder: first.folder, now: () => now });
  await put(second, contents.slice(2));
  await second.close();
  copyFileSync(`${first.home.databasePath}.backup`, first.home.databasePath);
  for (const name of ['-wal', '-shm']) rmSync(`${first.home.databasePath}${name}`, { force: true });

  const third = await openObjects({ folder: first.folder, now: () => now });
  expect(await answers(readFrom(third))).toEqual(['right', 'right', 'not-found', 'not-found']);
  expect(await third.objects.verify(nothing)).toMatchObject({ isOlderThanPacks: true });
  // Nothing is stored over what it does not know of, and nothing of it is given back to the disk.
  await put(third, [noise(13, 400_000)]);
  now += 7_200_000;
  await third.objects.removeUnreferenced(references);
  expect(await third.objects.reclaim()).toBe(0);
  await third.close();

  const fourth = await openObjects({ folder: first.folder, now: () => now });
  expect(await fourth.objects.verify({ ...nothing, repair: true })).toMatchObject({
    isOlderThanPacks: false,
  });
  expect(await answers(readFrom(fourth))).toEqual(allRight);
  expect((await fourth.objects.verify(nothing)).damaged).toEqual([]);
  await fourth.close();
  const fifth = await openObjects({ folder: first.folder, now: () => now });
  expect(await answers(readFrom(fifth))).toEqual(allRight);
  await fifth.remove();
});

test('a database file with a flipped bit or cut short never gives wrong bytes, and what is lost is told', async () => {
  const fixture = await openObjects();
  await put(fixture, contents);
  await fixture.close();
  const { databasePath } = fixture.home;
  const sound = readFileSync(databasePath);
  const copy = join(fixture.folder, 'copy');
  let told = 0;
  const damageAt = (path: string, step: number) => {
    if (step % 8 === 7) return truncateSync(path, Math.floor((sound.length * (step + 1)) / 72));
    const bytes = Buffer.from(sound);
    const at = Math.floor((sound.length * ((step * 37) % 64)) / 64) + step * 61;
    bytes.writeUInt8(bytes[at % sound.length]! ^ (1 << (step % 8)), at % sound.length);
    writeFileSync(path, bytes);
  };
  for (let step = 0; step < 24; step++) {
    cpSync(fixture.home.path, copy, { recursive: true });
    damageAt(join(copy, 'benchtop.db'), step);
    const outcome = await inProcess(
      copy,
      { operations: fileOperations, onWrite: () => undefined, now: Date.now },
      async (rooms) => {
        const found = await answers(async (id) => {
          const size = rooms.store.now((db) =>
            db.prepare('SELECT size_bytes FROM object WHERE id = ?').pluck().get(id),
          ) as number | undefined;
          const parts: Buffer[] = [];
          for await (const part of readObject(rooms, id, 0, size ?? 0)) parts.push(part);
          return Buffer.concat(parts);
        });
        const report = await verify(rooms, nothing).catch(String);
        return { found, report };
      },
    ).catch((error: unknown) => ({ found: [] as string[], report: String(error) }));
    const isTold =
      typeof outcome.report === 'string' ||
      outcome.report.store !== 'ok' ||
      outcome.report.damaged.length > 0;
    if (isTold) told++;
    const isRight = outcome.found.every((each) => each === 'right');
    expect({ step, wrong: outcome.found.includes('wrong'), isKnown: isRight || isTold }).toEqual({
      step,
      wrong: false,
      isKnown: true,
    });
    rmSync(copy, { recursive: true, force: true });
  }
  expect(told).toBeGreaterThan(2);
  expect(existsSync(copy)).toBe(false);
  rmSync(fixture.folder, { recursive: true, force: true });
});
