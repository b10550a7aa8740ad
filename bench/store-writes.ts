import Database from 'better-sqlite3';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../engine/store/index.ts';
import type { Tracking } from '../engine/tracking/index.ts';
import { alternate } from './alternate.ts';
import type { Measure } from './measure.ts';
import { newRun } from './new-run.ts';
import { withHome } from './with-home.ts';

const rounds = 7;
const commitsAlone = 300;
const callers = 32;
const commitsEach = 30;
const batchSize = 1000;
const batches = 30;

const noteTable = 'CREATE TABLE IF NOT EXISTS bench_note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT';
const insertNote = 'INSERT INTO bench_note (text) VALUES (?)';
const pointTable =
  'CREATE TABLE bench_point (series INTEGER NOT NULL, step INTEGER NOT NULL, time INTEGER NOT NULL, value ANY NOT NULL, PRIMARY KEY (series, step, time, value)) WITHOUT ROWID';

export const storeWrites: Measure = {
  name: 'store-writes',
  question: 'How many durable writes and metric points does the store take in a second?',
  goal: 'none set in design.md; every acknowledgement is synced to disk (synchronous=FULL)',
  async run({ scratch }) {
    const folder = await mkdtemp(join(scratch, 'writes-'));
    const raw = openRaw(join(folder, 'raw.db'));
    try {
      return await withHome(join(folder, 'home'), async (store, tracking) => {
        await store.write('bench.table', (db) => db.exec(noteTable));
        const alone = await alternate(rounds, {
          floor: async () => rate(commitsAlone, async () => commitRaw(raw, commitsAlone)),
          ours: () => rate(commitsAlone, () => writeNotes(store, commitsAlone)),
        });
        const together = await alternate(rounds, {
          floor: async () => rate(commitsAlone, async () => commitRaw(raw, commitsAlone)),
          ours: () =>
            rate(callers * commitsEach, () =>
              Promise.all(Array.from({ length: callers }, () => writeNotes(store, commitsEach))),
            ),
        });
        const points = await alternate(rounds, {
          floor: async () => rate(batches * batchSize, async () => insertRaw(raw)),
          ours: async () => {
            const runId = await newRun(tracking);
            return rate(batches * batchSize, () => logPoints(tracking, runId));
          },
        });
        const floorIs = 'better-sqlite3 alone: BEGIN, INSERT, COMMIT, one after the other';
        return {
          figures: [
            { name: 'commits, one caller', unit: '/s', below: null, floorIs, samples: alone },
            {
              name: `writes acknowledged, ${callers} callers`,
              unit: '/s',
              below: null,
              floorIs,
              samples: together,
            },
            {
              name: `points, batches of ${batchSize.toLocaleString('en')}`,
              unit: '/s',
              below: null,
              floorIs: 'better-sqlite3 alone: prepared inserts, one commit a batch',
              samples: points,
            },
          ],
          notes: ['Higher is better. Both sides write to the temporary folder with the same pragmas.'],
        };
      });
    } finally {
      raw.close();
    }
  },
};

/** The pragmas of engine/store/open-store.ts. */
function openRaw(path: string): Database.Database {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('temp_store = MEMORY');
  db.pragma('cache_size = -16384');
  db.pragma('mmap_size = 268435456');
  db.exec(noteTable);
  db.exec(pointTable);
  return db;
}

/** Per second. */
async function rate(count: number, work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (1000 * count) / (performance.now() - startedAt);
}

function commitRaw(raw: Database.Database, count: number): void {
  const [begin, insert, commit] = [
    raw.prepare('BEGIN IMMEDIATE'),
    raw.prepare(insertNote),
    raw.prepare('COMMIT'),
  ];
  for (let number = 0; number < count; number++) {
    begin.run();
    insert.run(`note ${number}`);
    commit.run();
  }
}

async function writeNotes(store: Store, count: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    await store.write('bench.note', (db) => db.prepare(insertNote).run(`note ${number}`));
  }
}

let rawSeries = 0;

function insertRaw(raw: Database.Database): void {
  const [begin, commit] = [raw.prepare('BEGIN IMMEDIATE'), raw.prepare('COMMIT')];
  const insert = raw.prepare('INSERT INTO bench_point (series, step, time, value) VALUES (?, ?, ?, ?)');
  rawSeries++;
  for (let batch = 0; batch < batches; batch++) {
    begin.run();
    for (const { step, timeMs, value } of pointsOf(batch)) insert.run(rawSeries, step, timeMs, value);
    commit.run();
  }
}

async function logPoints(tracking: Tracking, runId: string): Promise<void> {
  for (let batch = 0; batch < batches; batch++) {
    await tracking.logPoints(runId, pointsOf(batch), { origin: 'told' });
  }
}

function pointsOf(batch: number) {
  return Array.from({ length: batchSize }, (_, index) => {
    const step = batch * batchSize + index;
    return { key: 'loss', step, timeMs: 1_767_225_600_000 + step, value: Math.sin(step) };
  });
}
