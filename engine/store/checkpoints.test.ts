import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createCheckpoints } from './checkpoints.ts';

test('a move of the log that fails is tried again, and told once until one succeeds; a full disk is told elsewhere', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'checkpoints-'));
  const db = new Database(join(folder, 'log.sqlite'));
  db.pragma('journal_mode = WAL');
  db.pragma('wal_autocheckpoint = 0');
  db.exec('CREATE TABLE filler (bytes BLOB)');
  db.prepare('INSERT INTO filler VALUES (zeroblob(?))').run(20_000_000);
  const outcomes = ['ENOSPC', 'EIO', 'EIO', null, 'EIO'];
  const told: unknown[] = [];
  let moves = 0;
  const afterCommit = createCheckpoints(
    db,
    () => {
      const code = outcomes[moves++] ?? null;
      return code === null ? Promise.resolve() : Promise.reject(Object.assign(new Error(code), { code }));
    },
    (error) => told.push(`${moves}: ${(error as Error).message}`),
  );
  try {
    for (let commit = 0; commit < 5 * 32; commit++) {
      afterCommit();
      await nextTurn();
    }
    expect(moves).toBe(5);
    expect(told).toEqual(['2: EIO', '5: EIO']);
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
});
