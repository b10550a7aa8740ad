import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { purge, sweep, unsweep } from '../collect.ts';
import { fileOperations, type FileOperations } from '../file-operations.ts';
import { inProcess, putPaths } from '../fixture-in-process.ts';
import { noise } from '../fixture-objects.ts';
import type { ObjectRooms } from '../object-rooms.ts';
import { ownFilePath } from '../own-file.ts';
import { readObject } from '../read-object.ts';
import { verify } from '../verify.ts';
import { writeOut } from '../write-out.ts';

/** What the disk says at the n-th call, and for how many calls after it. A full disk refuses only what needs room. */
export const faults = {
  fullDisk: {
    code: 'ENOSPC',
    lasting: 5,
    calls: new Set<string>(['open', 'write', 'writeParts', 'writePartsBeside', 'sync', 'copy', 'commit']),
  },
  badSector: { code: 'EIO', lasting: 1, calls: null },
};
type Fault = (typeof faults)[keyof typeof faults];

interface Faulty {
  readonly operations: FileOperations;
  readonly commit: () => void;
  readonly calls: () => number;
}

export function failing({ code, lasting, calls: refused }: Fault, n: number): Faulty {
  let calls = 0;
  const counted =
    <A extends unknown[], R>(name: keyof FileOperations | 'commit', work: (...args: A) => R) =>
    (...args: A): R => {
      if (refused !== null && !refused.has(name)) return work(...args);
      calls++;
      if (calls >= n && calls < n + lasting) throw Object.assign(new Error(`${code}: injected`), { code });
      return work(...args);
    };
  const { open, stat, read, write, truncate, sync, close, remove, setMode, copy } = fileOperations;
  /** A disk may take a part of what it is given. */
  const most = (bytes: Uint8Array) => (bytes.length > 64 ? bytes.subarray(0, -7) : bytes);
  return {
    operations: {
      open: counted('open', open),
      stat: counted('stat', stat),
      read: counted('read', read),
      write: counted('write', (file, bytes: Uint8Array, at: number) => write(file, most(bytes), at)),
      writeParts: counted('writeParts', (file: number, parts: readonly Uint8Array[], at: number) =>
        write(file, most(Buffer.concat(parts)), at),
      ),
      writePartsBeside: async (file, parts, at) =>
        counted('writePartsBeside', () => write(file, most(Buffer.concat(parts)), at))(),
      truncate: counted('truncate', truncate),
      sync: async (file) => counted('sync', sync)(file),
      close,
      remove: counted('remove', remove),
      setMode: counted('setMode', setMode),
      copy: counted('copy', copy),
    },
    commit: counted('commit', () => undefined),
    calls: () => calls,
  };
}

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const hourMs = 3_600_000;
const now = 1_800_000_000_000 + 100 * hourMs;

/** What is kept, what was swept, and what nothing refers to; those that are their own files are as earlier versions kept them. */
const contents = {
  swept: noise(1, 300_000),
  small: noise(3, 3000),
  large: noise(5, 300_000),
  own: noise(7, 4000),
  gone: noise(9, 400_000),
  sweptOwn: noise(11, 4500),
};
type Name = keyof typeof contents;
const names = Object.keys(contents) as Name[];
const idOf = (name: Name) => sha256(contents[name]);
const isSwept = (name: Name) => name === 'swept' || name === 'sweptOwn';
const isGone = (name: Name) => name === 'gone' || isSwept(name);
const listed = (some: readonly Name[]) => [
  `SELECT value FROM json_each('${JSON.stringify(some.map(idOf))}')`,
];
const references = listed(names.filter((name) => !isGone(name)));

let folder: string;
let number = 0;
const home = () => join(folder, 'home');

const damaged: readonly Name[] = ['small', 'large'];
const onWrite = () => undefined;

async function bytesOf(rooms: ObjectRooms, objectId: string): Promise<Buffer | string> {
  const parts: Buffer[] = [];
  try {
    const end = rooms.store.now(
      (db) =>
        db.prepare('SELECT size_bytes FROM object WHERE id = ?').pluck().get(objectId) as number | undefined,
    );
    for await (const part of readObject(rooms, objectId, 0, end ?? 0)) parts.push(part);
  } catch (error) {
    return (error as { code: string }).code;
  }
  return Buffer.concat(parts);
}

/** What one gets who asks for a content: it, other bytes, or why not. */
async function answerFor(rooms: ObjectRooms, content: Buffer): Promise<string> {
  const bytes = await bytesOf(rooms, sha256(content));
  return typeof bytes === 'string' ? bytes : bytes.equals(content) ? 'right' : 'wrong';
}

/** What is kept is whole, or is not given out where it is damaged, and nothing is given out that is not right. */
async function expectTruth(rooms: ObjectRooms, where: string, isMended = true): Promise<void> {
  const untrue: string[] = [];
  for (const name of names) {
    const answer = await answerFor(rooms, contents[name]);
    const other = isGone(name) ? 'not-found' : !isMended && damaged.includes(name) ? 'damaged-object' : '';
    if (answer !== 'right' && answer !== other) untrue.push(`${where}: ${name} is ${answer}`);
  }
  expect(untrue).toEqual([]);
}

async function expectAll(
  rooms: ObjectRooms,
  all: readonly Buffer[],
  answer: string,
  where: string,
): Promise<void> {
  const answers = await Promise.all(all.map((content) => answerFor(rooms, content)));
  expect({ where, answers }).toEqual({ where, answers: all.map(() => answer) });
}

/** Does the work on a copy of a home with every call failing once. @returns how many calls there are. */
async function failEverywhere(
  fault: Fault,
  from: string,
  work: (rooms: ObjectRooms) => Promise<unknown>,
  expected: (rooms: ObjectRooms, where: string) => Promise<void>,
): Promise<number> {
  for (let n = 1; ; n++) {
    const where = `${fault.code} at call ${n}`;
    const copy = join(folder, `copy-${number++}`);
    cpSync(from, copy, { recursive: true });
    let overAt: { where: string; failure: unknown } | null = null;
    let faulty = failing(fault, n);
    const operations = new Proxy({} as FileOperations, {
      get: (_, name: keyof FileOperations) => faulty.operations[name],
    });
    const isOver = await inProcess(
      copy,
      { operations, onWrite: () => faulty.commit(), now: () => now },
      async (rooms) => {
        const failure = await work(rooms).then(
          () => null,
          (error: unknown) => error,
        );
        if (faulty.calls() < n) {
          overAt = { where, failure };
          return true;
        }
        faulty = failing(fault, Infinity);
        await expectTruth(rooms, where, from === home());
        await work(rooms);
        await expected(rooms, where);
        return false;
      },
    );
    // And for the next engine too, which begins with what is on the disk.
    if (!isOver)
      await inProcess(copy, { operations: fileOperations, onWrite, now: () => now }, (rooms) =>
        expected(rooms, `${where}, opened again`),
      );
    rmSync(copy, { recursive: true, force: true });
    if (!isOver) continue;
    // Where nothing failed it went well.
    expect(overAt).toEqual({ where, failure: null });
    return n - 1;
  }
}

/** Makes the tests of one fault: at any call of any work over the objects. */
export function testFault(fault: Fault): void {
  /** All of it is in one pack, of which less than half is kept. */
  beforeAll(async () => {
    // Where syncing costs nothing, if there is such a place: hundreds of stores are opened.
    folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'benchtop-faults-'));
    mkdirSync(join(folder, 'files'));
    for (const name of names) writeFileSync(join(folder, 'files', name), contents[name]);
    await inProcess(home(), { operations: fileOperations, onWrite, now: () => now }, async (rooms) => {
      const earlier = { ...rooms, now: () => now - 4 * hourMs };
      const own = names.filter((name) => name.toLowerCase().endsWith('own'));
      const paths = names.filter((name) => !own.includes(name)).map((name) => join(folder, 'files', name));
      await putPaths(earlier, paths);
      for (const name of own) {
        const path = ownFilePath(rooms.objectsPath, idOf(name));
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, contents[name]);
        await rooms.store.write('test', (db) =>
          db
            .prepare('INSERT INTO object (id, size_bytes, created_at) VALUES (?, ?, ?)')
            .run(idOf(name), contents[name].length, earlier.now()),
        );
      }
      await sweep({ ...rooms, now: () => now - hourMs }, listed(names.filter((name) => !isSwept(name))));
    });
    cpSync(home(), `${home()}-damaged`, { recursive: true });
    const packPath = join(`${home()}-damaged`, 'objects', 'packs', '1.pack');
    const pack = readFileSync(packPath);
    for (const name of damaged) pack.writeUInt8(0, pack.indexOf(contents[name].subarray(1000, 1100)));
    writeFileSync(packPath, pack);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const originals = () => ({ repair: true, from: join(folder, 'files'), originals: [], references: [] });

  test('collecting that fails at any call loses nothing, and the next collects the rest', async () => {
    const calls = await failEverywhere(
      fault,
      home(),
      async (rooms) => {
        await sweep(rooms, references);
        await purge(rooms, now);
      },
      async (rooms, where) => {
        await expectTruth(rooms, where);
        await expectAll(
          rooms,
          names.filter(isGone).map((name) => contents[name]),
          'not-found',
          where,
        );
        expect(existsSync(ownFilePath(rooms.objectsPath, idOf('sweptOwn')))).toBe(false);
      },
    );
    expect(calls).toBeGreaterThan(2);
  });

  test('bringing back that fails loses nothing', async () => {
    const calls = await failEverywhere(fault, home(), unsweep, async (rooms, where) => {
      await expectTruth(rooms, where);
      await expectAll(rooms, [contents.swept, contents.sweptOwn], 'right', where);
    });
    expect(calls).toBe(1);
  });

  test('checking and mending that fail at any call mend the rest the next time', async () => {
    const calls = await failEverywhere(
      fault,
      `${home()}-damaged`,
      (rooms) => verify(rooms, originals()),
      async (rooms, where) => {
        await expectTruth(rooms, where);
        expect((await verify(rooms, { ...originals(), repair: false })).damaged).toEqual([]);
      },
    );
    expect(calls).toBeGreaterThan(3);
  });

  test('files that are written out with a failure at any call are whole or not there', async () => {
    const written = ['small', 'large', 'own'] as const;
    const out = (rooms: ObjectRooms, name: string) => join(rooms.objectsPath, '..', `out-${name}`);
    const expectWhole = (rooms: ObjectRooms, where: string) => {
      for (const name of written) {
        const path = out(rooms, name);
        const isWhole = !existsSync(path) || readFileSync(path).equals(contents[name]);
        expect({ where, name, isWhole }).toEqual({ where, name, isWhole: true });
      }
    };
    const calls = await failEverywhere(
      fault,
      home(),
      async (rooms) => {
        expectWhole(rooms, 'before the next');
        const left = written.filter((name) => !existsSync(out(rooms, name)));
        const files = left.map((name) => ({ objectId: idOf(name), path: out(rooms, name), mode: 0o755 }));
        await writeOut(rooms, files, {});
      },
      async (rooms, where) => {
        await expectTruth(rooms, where);
        expectWhole(rooms, where);
      },
    );
    expect(calls).toBeGreaterThan(8);
  });

  test('storing that fails at any call keeps what was acknowledged, and stores the rest the next time', async () => {
    const more = { a: noise(23, 3000), b: noise(25, 3000), large: noise(27, 300_000), c: noise(29, 10) };
    const paths = Object.entries(more).map(([name, content]) => {
      const path = join(folder, `more-${name}`);
      writeFileSync(path, content);
      return path;
    });
    const lies: string[] = [];
    const calls = await failEverywhere(
      fault,
      home(),
      async (rooms) => {
        const acknowledged: string[] = [];
        const failures: Error[] = [];
        // In groups, as the engine does: one that fails says nothing of the others.
        for (const some of [paths.slice(0, 2), paths.slice(2, 3), paths.slice(3)])
          try {
            for (const each of await putPaths(rooms, some))
              if ('objectId' in each) acknowledged.push(each.objectId);
              else failures.push(new Error(each.what));
          } catch (error) {
            failures.push(error as Error);
          }
        for (const objectId of acknowledged) {
          const bytes = await bytesOf(rooms, objectId);
          if (typeof bytes === 'string' || sha256(bytes) !== objectId) lies.push(objectId);
        }
        if (failures.length > 0) throw new AggregateError(failures);
      },
      async (rooms, where) => {
        await expectTruth(rooms, where);
        await expectAll(rooms, Object.values(more), 'right', where);
      },
    );
    expect(lies).toEqual([]);
    expect(calls).toBeGreaterThan(15);
  });
}
