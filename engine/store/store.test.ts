import Database from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BenchtopError } from '../../contract/index.ts';
import { fillDisk, mountSmallDisk, noSmallDisk } from '../fixture-small-disk.ts';
import { announcedAddress } from './engine-address.ts';
import { holdHome } from './home.ts';
import { orderedMigrations, type Migration } from './migrate.ts';
import { openStore, type Store } from './open-store.ts';

const readerEntry = new URL('../reader.ts', import.meta.url);
const first: Migration = {
  number: 1,
  name: 'notes',
  sql: 'CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)',
};
const second: Migration = { number: 2, name: 'stars', sql: 'ALTER TABLE note ADD COLUMN star INTEGER' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function withStore<T>(
  migrations: readonly Migration[],
  work: (store: Store, damage: string[], unexpected: string[]) => Promise<T> | T,
): Promise<T> {
  const home = holdHome(folder);
  const damage: string[] = [];
  const unexpected: string[] = [];
  try {
    const store = await openStore({
      home,
      migrations,
      readerEntry,
      onSlow: () => undefined,
      onDamage: (found) => damage.push(found),
      onUnexpected: (error, where) => unexpected.push(`${where}: ${String(error)}`),
    });
    try {
      return await work(store, damage, unexpected);
    } finally {
      await store.close();
    }
  } finally {
    home.release();
  }
}

const add = (store: Store, text: string) =>
  store.write('add', (db) => db.prepare('INSERT INTO note (text) VALUES (?)').run(text));
const texts = (store: Store) =>
  store.now((db) => db.prepare('SELECT text FROM note ORDER BY id').pluck().all());

describe('the writer', () => {
  test('commits neighbours together, and work that throws leaves no trace and fails alone', async () => {
    await withStore([first], async (store) => {
      const outcomes = await Promise.allSettled([
        add(store, 'a'),
        store.write('broken', (db) => {
          db.prepare("INSERT INTO note (text) VALUES ('half')").run();
          throw new BenchtopError({ code: 'conflict', what: 'No.' });
        }),
        add(store, 'b'),
      ]);
      expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(texts(store)).toEqual(['a', 'b']);
    });
  });

  const insert = 'INSERT INTO note (text) VALUES (?)';
  const soon = (store: Store, text: string) => store.writeSoon('soon', (db) => db.prepare(insert).run(text));
  const committed = (store: Store, text: string) =>
    store.writeCommitted('committed', (db) => db.prepare(insert).run(text));
  /** As another process sees it. */
  const textsOutside = () => {
    const other = new Database(join(folder, 'benchtop.db'), { readonly: true });
    const found = other.prepare('SELECT text FROM note ORDER BY id').pluck().all();
    other.close();
    return found;
  };

  test('lets what is written soon be read here at once, and commits it with what comes next', async () => {
    await withStore([first], async (store) => {
      await soon(store, 'a');
      expect(texts(store)).toEqual(['a']);
      expect(textsOutside()).toEqual([]);
      await committed(store, 'b');
      expect(textsOutside()).toEqual(['a', 'b']);
      await soon(store, 'c');
      await expect(
        soon(store, 'd').then(() => store.writeSoon('broken', (db) => db.exec('nonsense'))),
      ).rejects.toThrow('nonsense');
      store.publish();
      expect(textsOutside()).toEqual(['a', 'b', 'c', 'd']);
      // In the order in which they came, also where one of them waits for the disk.
      const order: string[] = [];
      const written = add(store, 'e').then(() => order.push('e'));
      await soon(store, 'f').then(() => order.push('f'));
      expect(texts(store)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
      await written;
      expect(order).toEqual(['f', 'e']);
      await soon(store, 'g');
      await store.durable();
      expect(textsOutside()).toContain('g');
      await soon(store, 'h');
      // Nobody asks for it, and it is there all the same.
      await expect.poll(textsOutside, { timeout: 10_000 }).toContain('h');
      await soon(store, 'i');
    });
    await withStore([first], (store) => expect(texts(store).at(-1)).toBe('i'));
  });

  test('does what was written soon once more when there is space to commit it, in its order', async ({
    skip,
  }) => {
    const disk = mountSmallDisk();
    skip(disk === null, noSmallDisk);
    if (disk === null) return;
    folder = join(disk.path, 'home');
    try {
      await withStore([first], async (store) => {
        await add(store, 'a');
        await soon(store, 'b'.repeat(50_000));
        fillDisk(join(disk.path, 'filler'));
        await soon(store, 'c');
        await expect(committed(store, 'd')).rejects.toMatchObject({ code: 'disk-full' });
        await expect(store.durable()).rejects.toMatchObject({ code: 'disk-full' });
        rmSync(join(disk.path, 'filler'));
        // By itself, though nothing else is written.
        await expect.poll(textsOutside, { timeout: 10_000 }).toEqual(['a', 'b'.repeat(50_000), 'c']);
        await committed(store, 'e');
        expect(textsOutside().at(-1)).toBe('e');
        // A closing store does not wait for space.
        await soon(store, 'f'.repeat(50_000));
        fillDisk(join(disk.path, 'filler'));
      });
    } finally {
      disk.unmount();
    }
  });

  test('has a reader move the log into the database, and goes on writing meanwhile', async () => {
    await withStore([first], async (store) => {
      for (let at = 0; at < 96; at++) await committed(store, `${at}`.padEnd(400_000, 'x'));
      // SQLite itself would wait for more than these pages.
      await expect
        .poll(() => statSync(join(folder, 'benchtop.db')).size, { timeout: 10_000 })
        .toBeGreaterThan(15e6);
      await committed(store, 'after');
      expect(texts(store)).toHaveLength(97);
    });
    await withStore([first], (store) => expect(texts(store).at(-1)).toBe('after'));
  });

  test('tells what was written soon, was undone by a full disk and fails when it is done once more', async () => {
    await withStore([first], async (store, _damage, unexpected) => {
      let times = 0;
      await store.writeSoon('picky', (db) => {
        if (times++ > 0) throw new Error('Not twice.');
        db.prepare(insert).run('picky');
      });
      await soon(store, 'plain');
      const pages = store.now((db) => db.pragma('page_count', { simple: true })) as number;
      store.now((db) => db.pragma(`max_page_count = ${pages + 1}`));
      await expect(add(store, 'x'.repeat(100_000))).rejects.toMatchObject({ code: 'disk-full' });
      expect(unexpected).toEqual([]);
      store.now((db) => db.pragma('max_page_count = 1000000'));
      await add(store, 'after');
      expect(texts(store)).toEqual(['plain', 'after']);
      expect(unexpected).toEqual(['picky: Error: Not twice.']);
    });
  });

  test('work that fails behind what was written soon undoes itself alone', async () => {
    await withStore([first], async (store, _damage, unexpected) => {
      const wrong = (db: Database.Database) => {
        db.prepare(insert).run('wrong');
        throw new Error('Not this.');
      };
      await soon(store, 'a');
      await soon(store, 'b');
      for (const write of [store.writeSoon, store.write, store.writeCommitted]) {
        await expect(write('wrong', wrong)).rejects.toThrow('Not this.');
        expect(texts(store)).toEqual(['a', 'b']);
      }
      const neighbours = await Promise.allSettled([
        store.write('wrong', wrong),
        add(store, 'c'),
        store.write('wrong', wrong),
        add(store, 'd'),
      ]);
      expect(neighbours.map(({ status }) => status)).toEqual([
        'rejected',
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
      await soon(store, 'e');
      await expect(store.writeSoon('wrong', wrong)).rejects.toThrow('Not this.');
      expect([texts(store), unexpected]).toEqual([['a', 'b', 'c', 'd', 'e'], []]);
    });
    await withStore([first], (store) => expect(texts(store)).toEqual(['a', 'b', 'c', 'd', 'e']));
  });

  test('tells a full disk from other failures and goes on when space returns', async () => {
    await withStore([first], async (store) => {
      const pages = store.now((db) => db.pragma('page_count', { simple: true })) as number;
      store.now((db) => db.pragma(`max_page_count = ${pages + 1}`));
      await expect(add(store, 'x'.repeat(100_000))).rejects.toMatchObject({ code: 'disk-full' });
      store.now((db) => db.pragma('max_page_count = 1000000'));
      await add(store, 'after');
      expect(texts(store)).toEqual(['after']);
    });
  });
});

describe('migrations', () => {
  test('are gapless and unique', () => {
    expect(() => orderedMigrations([second])).toThrow('Migration 1 is missing');
    expect(() => orderedMigrations([first, first])).toThrow('Migration 2 is missing');
  });

  test('copy a store that holds data before they change it', async () => {
    await withStore([first], (store) => add(store, 'old'));
    await withStore([first, second], (store) => expect(texts(store)).toEqual(['old']));
    const [backup] = readdirSync(join(folder, 'backups'));
    const copy = new Database(join(folder, 'backups', backup!), { readonly: true });
    expect(copy.pragma('user_version', { simple: true })).toBe(1);
    expect(copy.prepare('SELECT text FROM note').pluck().all()).toEqual(['old']);
    copy.close();
  });

  test('that fail leave the last good version and name the backup', async () => {
    await withStore([first], (store) => add(store, 'old'));
    const broken: Migration = {
      number: 2,
      name: 'broken',
      sql: 'CREATE TABLE other (id); SELECT * FROM nowhere',
    };
    await expect(withStore([first, broken], () => undefined)).rejects.toMatchObject({
      code: 'store-damaged',
      next: expect.stringContaining('backups'),
    });
    await withStore([first], (store) => expect(texts(store)).toEqual(['old']));
  });

  test('a store of a newer program is read, not written, and says why', async () => {
    await withStore([first, second], (store) => add(store, 'from the future'));
    await withStore([first], async (store) => {
      expect(texts(store)).toEqual(['from the future']);
      expect(store.readOnlyReason).toContain('version 2');
      await expect(add(store, 'no')).rejects.toMatchObject({ code: 'store-read-only' });
    });
  });
});

describe('damage', () => {
  test('a file that is no store is refused with its path', async () => {
    writeFileSync(
      join(folder, 'benchtop.db'),
      'This is not a database, it only has the name of one.'.repeat(100),
    );
    await expect(withStore([first], () => undefined)).rejects.toMatchObject({
      code: 'store-damaged',
      evidence: expect.stringContaining('benchtop.db'),
    });
  });

  test('an unclean end is noticed, and a page of rubbish is found by the check', async () => {
    await withStore([first], async (store) => {
      for (let index = 0; index < 2000; index++) void add(store, `note ${index} ${'x'.repeat(50)}`);
      await add(store, 'last');
    });
    const path = join(folder, 'benchtop.db');
    const bytes = readFileSync(path);
    bytes.fill(0x5a, 4096 * 5, 4096 * 6);
    writeFileSync(path, bytes);
    writeFileSync(join(folder, 'open'), 'left by a killed engine');
    await withStore([first], async (store, damage) => {
      await expect.poll(() => store.damage(), { timeout: 20_000 }).not.toBeNull();
      expect(damage).toHaveLength(1);
    });
  });
});

describe('the home', () => {
  test('has one engine at a time, told across processes, and is free again when that one is killed', async () => {
    const home = holdHome(folder);
    home.announce({ pid: process.pid, port: 4711, token: home.token, startedAt: 1 });
    expect(() => holdHome(folder)).toThrow(
      expect.objectContaining({ code: 'home-in-use', evidence: expect.stringContaining('4711') }),
    );
    home.release();

    const script = `import { holdHome } from ${JSON.stringify(new URL('./home.ts', import.meta.url).href)}; holdHome(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => other.stdout.once('data', resolve));
    expect(() => holdHome(folder)).toThrow(expect.objectContaining({ code: 'home-in-use' }));
    other.kill('SIGKILL');
    await new Promise((resolve) => other.once('exit', resolve));
    const again = holdHome(folder);
    expect(again.wasUnclean).toBe(true);
    again.release();
  });

  test('keeps its token, for its owner only, and an announcement that is rubbish counts as none', () => {
    const home = holdHome(folder);
    expect(home.token).toMatch(/^[0-9a-f]{64}$/);
    home.announce({ pid: 1, port: 2, token: home.token, startedAt: 3 });
    for (const name of ['token', 'engine.json'])
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(announcedAddress(folder)).toMatchObject({ port: 2 });
    const { token } = home;
    home.release();
    expect(announcedAddress(folder)).toBeNull();
    const again = holdHome(folder);
    expect(again.token).toBe(token);
    again.release();
    writeFileSync(join(folder, 'engine.json'), '{"pid":');
    expect(announcedAddress(folder)).toBeNull();
  });
});
