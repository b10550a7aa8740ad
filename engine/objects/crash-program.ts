import type Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import type { FileResult } from './file-batch.ts';
import { noise, openObjects } from './fixture-objects.ts';
import { largeFileBytes } from './take-files.ts';

/**
 * The program that the crash test kills. It first looks at all that was acknowledged to earlier ones, then stores files, collects,
 * brings back and verifies as fast as it can. It prints what it is about to do, each file that is stored and referred to, and
 * each that it is about to give up. Arguments: a folder with the home, a file with the acknowledged ids, a seed.
 */
const [folder = '', acknowledgedPath = '', seed = '1'] = process.argv.slice(2);
const say = (line: string) => writeSync(1, `${line}\n`);
/** More are given up, so that the thousandth start has no more to look at than the tenth. */
const mostKept = 60;
let hours = Number(seed) * 10;
say('at start');
const { objects, store } = await openObjects({ folder, now: () => Date.now() + hours * 3_600_000 });
await store.write('test', (db) =>
  db.exec('CREATE TABLE IF NOT EXISTS kept (id TEXT PRIMARY KEY) WITHOUT ROWID'),
);

const report = await objects.verify({ repair: false, from: null, originals: [], references: [] });
if (report.store !== 'ok' || report.damaged.length > 0) say(`bad ${JSON.stringify(report)}`);
const kept = readFileSync(acknowledgedPath, 'utf8').split('\n').filter(Boolean);
for (const objectId of kept) {
  const { bytes } = await objects.read(objectId, 0, 1 << 30);
  if (createHash('sha256').update(bytes).digest('hex') !== objectId) say(`bad ${objectId}`);
}
say('checked');
// A program that is killed would leave nothing for the next one to start faster with.
flushCompileCache();

/** Of each six one is large, and most of it is in the one before too; now and then it is written by two threads. */
const largeContent = (round: number) =>
  round % 8 === 4
    ? noise(round, largeFileBytes)
    : Buffer.concat([noise(1, 300_000), noise(round, 40_000), noise(2, 300_000)]);

async function add(round: number): Promise<void> {
  const paths = [1, 2, 3, 4, 5, 6].map((number) => {
    const path = join(folder, 'files', String(number));
    const content = number === 6 ? largeContent(round) : noise(round * 7 + number, 100 * number);
    writeFileSync(path, content);
    return path;
  });
  const keep = (stored: readonly FileResult[]) => {
    const ids = stored.flatMap((each) => ('objectId' in each ? [each.objectId] : []));
    const some = ids.filter((_, index) => index % 2 === round % 2);
    const write = (db: Database.Database) => {
      for (const id of some) db.prepare('INSERT OR IGNORE INTO kept VALUES (?)').run(id);
      return some;
    };
    return { name: 'test', write };
  };
  // By turns in one commit with what refers to them, and before it.
  const some =
    round % 3 === 0
      ? await store.write('test', keep(await objects.putFiles(paths)).write)
      : await objects.putTogether(async (put) => keep(await put.putFiles(paths)));
  for (const id of some) say(`kept ${id}`);
  kept.push(...some);
}

async function giveUp(): Promise<void> {
  const gone = kept.splice(0, Math.max(0, kept.length - mostKept));
  for (const id of gone) say(`given up ${id}`);
  await store.write('test', (db) => {
    for (const id of gone) db.prepare('DELETE FROM kept WHERE id = ?').run(id);
  });
}

const others = {
  async collect() {
    await giveUp();
    await objects.removeUnreferenced(['SELECT id FROM kept']);
  },
  reclaim: () => objects.reclaim(),
  verify: () => objects.verify({ repair: true, from: null, originals: [], references: [] }),
  undo: () => objects.undoRemoval(),
};
const order = ['collect', 'verify', 'reclaim', 'collect', 'undo', 'verify', 'collect', 'reclaim'] as const;

mkdirSync(join(folder, 'files'), { recursive: true });
for (let round = Number(seed) * 1000; ; round++) {
  say('at add');
  await add(round);
  hours += 2;
  const next = order[(round + Number(seed)) % order.length] ?? 'verify';
  say(`at ${next}`);
  await others[next]();
}
