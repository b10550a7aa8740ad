import type Database from 'better-sqlite3';
import type { Pipeline } from '../../../contract/index.ts';
import { prepared } from '../../prepared.ts';
import type { Store } from '../../store/index.ts';
import type { FileStates } from './project-files.ts';

/** Definitions of so many projects are kept. */
const projectsAtMost = 64;

/** What was made of a definition, and the state of each file that it was made of. */
export interface LastingDefinition {
  readonly states: FileStates;
  readonly pipeline: Pipeline | null;
}

/** Definitions that outlive the engine that read them. */
export interface LastingDefinitions {
  /** Null where none is kept, or another program made it. */
  of(projectPath: string): LastingDefinition | null;
  note(projectPath: string, definition: LastingDefinition): void;
  /** Keeps the last that was noted of each project. */
  close(): Promise<void>;
}

/**
 * Keeps definitions in the store: an engine that was just started for one command takes longer to read a definition of a hundred stages
 * than to look whether its files are as they were. They are written when an engine ends, so that nobody waits for it.
 * @param reader what reads them; another one may make something else of the same files.
 */
export function createLastingDefinitions(store: Store, reader: string): LastingDefinitions {
  const noted = new Map<string, LastingDefinition>();
  return {
    of: (projectPath) => store.now((db) => definitionOf(db, reader, projectPath)),
    note(projectPath, definition) {
      noted.delete(projectPath);
      noted.set(projectPath, definition);
    },
    async close() {
      if (noted.size === 0 || store.readOnlyReason !== null) return;
      await store.write('pipelines.keepDefinitions', (db) => {
        for (const [projectPath, definition] of noted) keepDefinition(db, reader, projectPath, definition);
        db.prepare(
          'DELETE FROM pipeline_definition WHERE id NOT IN (SELECT id FROM pipeline_definition ORDER BY id DESC LIMIT ?)',
        ).run(projectsAtMost);
      });
    },
  };
}

function definitionOf(db: Database.Database, reader: string, projectPath: string): LastingDefinition | null {
  const content = prepared(
    db,
    'SELECT content FROM pipeline_definition WHERE project_path = ? AND reader = ?',
  )
    .pluck()
    .get(projectPath, reader) as string | undefined;
  return content === undefined ? null : (JSON.parse(content) as LastingDefinition);
}

function keepDefinition(
  db: Database.Database,
  reader: string,
  projectPath: string,
  definition: LastingDefinition,
): void {
  db.prepare('DELETE FROM pipeline_definition WHERE project_path = ?').run(projectPath);
  db.prepare('INSERT INTO pipeline_definition (project_path, reader, content) VALUES (?, ?, ?)').run(
    projectPath,
    reader,
    JSON.stringify(definition),
  );
}
