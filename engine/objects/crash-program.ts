import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { noise, openObjects } from './fixture-objects.ts';

/**
 * The program that the crash test kills. It first looks at all that was acknowledged to earlier ones, then stores files,
 * collects and verifies as fast as it can, and prints each file that is stored and referred to. Arguments: a folder with the
 * home, a file with the acknowledged ids, a seed.
 */
const [folder = '', acknowledgedPath = '', seed = '1'] = process.argv.slice(2);
const say = (line: string) => writeSync(1, `${line}\n`);
let hours = 0;
const { objects, store } = await openObjects({ folder, now: () => Date.now() + hours * 3_600_000 });
await store.write('test', (db) =>
  db.exec('CREATE TABLE IF NOT EXISTS kept (id TEXT PRIMARY KEY) WITHOUT ROWID'),
);

const report = await objects.verify({ repair: false, from: null, originals: [] });
if (report.store !== 'ok' || report.damaged.length > 0) say(`bad ${JSON.stringify(report)}`);
for (const objectId of readFileSync(acknowledgedPath, 'utf8').split('\n').filter(Boolean)) {
  const { bytes } = await objects.read(objectId, 0, 1 << 30);
  if (createHash('sha256').update(bytes).digest('hex') !== objectId) say(`bad ${objectId}`);
}
say('checked');
// A program that is killed would leave nothing for the next one to start faster with.
flushCompileCache();

mkdirSync(join(folder, 'files'), { recursive: true });
for (let round = Number(seed) * 1000; ; round++) {
  const paths = [1, 2, 3, 4, 5, 6].map((number) => {
    const path = join(folder, 'files', String(number));
    // Of each six one is large, and most of it is in the one before too.
    const content =
      number === 6
        ? Buffer.concat([noise(1, 300_000), noise(round, 40_000), noise(2, 300_000)])
        : noise(round * 7 + number, 100 * number);
    writeFileSync(path, content);
    return path;
  });
  const stored = await objects.putFiles(paths);
  const ids = stored.flatMap((each) => ('objectId' in each ? [each.objectId] : []));
  const kept = ids.filter((_, index) => index % 2 === round % 2);
  await store.write('test', (db) => {
    for (const id of kept) db.prepare('INSERT OR IGNORE INTO kept VALUES (?)').run(id);
  });
  for (const id of kept) say(`kept ${id}`);
  hours += 2;
  if (round % 3 === 0) await objects.removeUnreferenced(['SELECT id FROM kept']);
  if (round % 6 === 0) await objects.reclaim();
  if (round % 5 === 0) await objects.verify({ repair: true, from: null, originals: [] });
}
