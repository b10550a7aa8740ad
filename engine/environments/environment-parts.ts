import type Database from 'better-sqlite3';
import { numberOfText, type Migration } from '../store/index.ts';

/** What runs of one environment have alike is kept once: their list of packages, as before, and now the two kilobytes of facts too. */
export const environmentParts: Migration = {
  number: 41,
  name: 'environments: the facts of an environment once for all runs that have them',
  sql: `
    CREATE TABLE environment_part (
      id INTEGER PRIMARY KEY,
      sha256 TEXT NOT NULL UNIQUE,      -- of the text
      text TEXT NOT NULL                -- JSON
    ) STRICT;
    CREATE TABLE run_environment_of_parts (
      run_id TEXT PRIMARY KEY REFERENCES run (run_id) ON DELETE CASCADE,
      captured_at INTEGER NOT NULL,     -- ms UTC
      packages INTEGER REFERENCES environment_part (id), -- [{name, version}], by name
      facts INTEGER NOT NULL REFERENCES environment_part (id) -- the rest of the contract's RunEnvironment
    ) STRICT;
  `,
  run(db) {
    const partOfList = new Map(
      (db.prepare('SELECT id, packages FROM package_list').all() as { id: string; packages: string }[]).map(
        ({ id, packages }) => [id, numberOfPart(db, packages)],
      ),
    );
    const insert = db.prepare('INSERT INTO run_environment_of_parts VALUES (?, ?, ?, ?)');
    const old = db.prepare(
      'SELECT rowid AS place, run_id AS runId, package_list AS list, facts FROM run_environment WHERE rowid > ? ORDER BY rowid LIMIT 1000',
    );
    for (let rows = old.all(0) as OldRow[]; rows.length > 0; rows = old.all(rows.at(-1)?.place) as OldRow[])
      for (const { runId, list, facts: text } of rows) {
        const { capturedAt, ...facts } = JSON.parse(text) as { capturedAt: number };
        const packages = list === null ? null : (partOfList.get(list) ?? null);
        insert.run(runId, capturedAt, packages, numberOfPart(db, JSON.stringify(facts)));
      }
    db.exec(`
      DROP TABLE run_environment;
      DROP TABLE package_list;
      ALTER TABLE run_environment_of_parts RENAME TO run_environment;
      CREATE INDEX run_environment_by_packages ON run_environment (packages) WHERE packages IS NOT NULL;
      CREATE INDEX run_environment_by_facts ON run_environment (facts);
      DELETE FROM environment_part WHERE id NOT IN
        (SELECT facts FROM run_environment UNION SELECT packages FROM run_environment WHERE packages IS NOT NULL);
      CREATE TRIGGER environment_part_unused AFTER DELETE ON run_environment BEGIN
        DELETE FROM environment_part WHERE id IN (OLD.packages, OLD.facts)
          AND NOT EXISTS (SELECT 1 FROM run_environment WHERE packages = environment_part.id)
          AND NOT EXISTS (SELECT 1 FROM run_environment WHERE facts = environment_part.id);
      END;
    `);
  },
};

interface OldRow {
  readonly place: number;
  readonly runId: string;
  readonly list: string | null;
  readonly facts: string;
}

/** The number of a part, which is kept where it is new. */
export const numberOfPart = (db: Database.Database, json: string): number =>
  numberOfText(db, 'environment_part', json);
