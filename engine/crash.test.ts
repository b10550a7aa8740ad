import Database from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openHome } from './fixture-home.ts';
import { createTracking } from './tracking/index.ts';

const rounds = 20;

interface Acknowledged {
  run: string;
  points?: number;
  done?: true;
}

test(`an engine killed at ${rounds} random moments keeps everything it acknowledged`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-crash-'));
  const points = new Map<string, number>();
  const done = new Set<string>();
  try {
    for (let round = 0; round < rounds; round++) {
      const engine = spawn(
        process.execPath,
        [fileURLToPath(new URL('./crash-program.ts', import.meta.url)), folder],
        {
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      let complaints = '';
      engine.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
      let acknowledged = 0;
      const firstAcknowledgement = Promise.withResolvers<void>();
      const reading = (async () => {
        for await (const line of createInterface({ input: engine.stdout })) {
          const told = JSON.parse(line) as Acknowledged;
          acknowledged++;
          firstAcknowledgement.resolve();
          points.set(told.run, (points.get(told.run) ?? 0) + (told.points ?? 0));
          if (told.done) done.add(told.run);
        }
      })();
      const ended = new Promise((resolve) => engine.once('exit', resolve));
      await Promise.race([firstAcknowledgement.promise, ended]);
      await sleep(Math.random() * 150);
      engine.kill('SIGKILL');
      await Promise.all([ended, reading]);
      expect(complaints).toBe('');
      expect(acknowledged).toBeGreaterThan(0);
      await check(folder, points, done);
    }
    expect(points.size).toBeGreaterThan(rounds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);

/** Opens the store as the next engine would and holds it against what was acknowledged. */
async function check(
  folder: string,
  points: ReadonlyMap<string, number>,
  done: ReadonlySet<string>,
): Promise<void> {
  await takeUp(folder);
  const db = new Database(join(folder, 'benchtop.db'));
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  const count = db
    .prepare(
      'SELECT coalesce(sum(g.count), 0) FROM segment g JOIN series s ON s.id = g.series JOIN run r ON r.id = s.run WHERE r.run_id = ?',
    )
    .pluck();
  const summed = db
    .prepare(
      'SELECT coalesce(sum(point_count), 0) FROM series s JOIN run r ON r.id = s.run WHERE r.run_id = ?',
    )
    .pluck();
  const tagged = db
    .prepare('SELECT t.value FROM tag t JOIN run r ON r.id = t.run WHERE r.run_id = ?')
    .pluck();
  for (const [run, acknowledged] of points) {
    const stored = count.get(run) as number;
    // A batch may have been stored whole just before its acknowledgement could be printed.
    expect(stored).toBeGreaterThanOrEqual(acknowledged);
    expect(summed.get(run)).toBe(stored);
  }
  for (const run of done) expect(tagged.get(run)).toBe('yes');
  db.close();
}

/** What the next engine does first: puts the points that were only accepted into their series. */
async function takeUp(folder: string): Promise<void> {
  const { store, close } = await openHome(folder);
  createTracking(store, Date.now);
  await close();
}
