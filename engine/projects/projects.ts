import { randomBytes } from 'node:crypto';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';
import { BenchtopError, type Project, type ProjectPlace, type RoomHandlers } from '../../contract/index.ts';
import { prepared, type Store } from '../store/index.ts';
import { findingsIn } from './findings.ts';

export interface Projects {
  readonly handlers: RoomHandlers<'projects'>;
  /** Asked many times a run: nothing is counted for it. @throws {BenchtopError} `not-found`. */
  project(projectId: string): Readonly<ProjectPlace>;
  /** The known ones. */
  places(): readonly ProjectPlace[];
  /** Opens a folder as a project, as the window does. */
  open(path: string): Promise<Project>;
}

interface ProjectRow {
  id: string;
  name: string;
  path: string;
  opened_at: number;
  is_sample: number;
  run_count: number;
}

const selectProject = `
  SELECT p.*, (SELECT count(*) FROM run r WHERE r.project_id = p.id AND r.deleted_at IS NULL) AS run_count FROM project p`;

/** @param sample makes the sample project once and answers where it lies. */
export function createProjects(options: {
  store: Store;
  now: () => number;
  onChange: () => void;
  makeSample: (register: (path: string, name: string) => Promise<Project>) => Promise<Project>;
}): Projects {
  const { store, now, onChange, makeSample } = options;
  // What is asked many times a run is kept until a project is opened or forgotten: nobody else writes them down.
  let known: ProjectPlace[] | null = null;
  const byId = new Map<string, ProjectPlace>();
  const changed = () => {
    known = null;
    byId.clear();
    onChange();
  };

  function projectOf(row: ProjectRow): Project {
    return {
      id: row.id,
      name: row.name,
      path: row.path,
      openedAt: row.opened_at,
      isSample: row.is_sample === 1,
      isPresent: existsSync(row.path),
      runCount: row.run_count,
    };
  }

  function project(projectId: string): ProjectPlace {
    const place =
      byId.get(projectId) ??
      (store.now((db) => prepared(db, 'SELECT id, name, path FROM project WHERE id = ?').get(projectId)) as
        | ProjectPlace
        | undefined);
    if (place === undefined)
      throw new BenchtopError({ code: 'not-found', what: `There is no project ${projectId}.` });
    byId.set(projectId, place);
    return place;
  }

  async function register(path: string, name: string, isSample: boolean): Promise<Project> {
    const id = await store.write(
      'projects.open',
      (db) =>
        db
          .prepare(
            `INSERT INTO project (id, name, path, opened_at, is_sample) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (path) DO UPDATE SET opened_at = excluded.opened_at, is_forgotten = 0 RETURNING id`,
          )
          .pluck()
          .get(randomBytes(8).toString('hex'), name, path, now(), Number(isSample)) as string,
    );
    changed();
    const row = store.now((db) => prepared(db, `${selectProject} WHERE p.id = ?`).get(id));
    return projectOf(row as ProjectRow);
  }

  const open = (path: string) => {
    const folder = realFolder(path);
    return register(folder, basename(folder) || folder, false);
  };

  const list = () =>
    (
      store.now((db) =>
        prepared(db, `${selectProject} WHERE NOT p.is_forgotten ORDER BY p.opened_at DESC LIMIT 500`).all(),
      ) as ProjectRow[]
    ).map(projectOf);

  return {
    project,
    places: () =>
      (known ??= store.now(
        (db) =>
          prepared(
            db,
            'SELECT id, name, path FROM project WHERE NOT is_forgotten ORDER BY opened_at DESC LIMIT 500',
          ).all() as ProjectPlace[],
      )),
    open,
    handlers: {
      list,
      open: ({ path }) => open(path),
      openSample: () => makeSample((path, name) => register(path, name, true)),
      async forget({ projectId }) {
        project(projectId);
        await store.write('projects.forget', (db) =>
          db.prepare('UPDATE project SET is_forgotten = 1 WHERE id = ?').run(projectId),
        );
        changed();
        return {};
      },
      findings: ({ projectId }) => findingsIn(realFolder(project(projectId).path)),
    },
  };
}

/** The folder a path names, links resolved, so that one folder is one project. */
function realFolder(path: string): string {
  const refuse = (evidence: string) =>
    new BenchtopError({
      code: 'file-unreadable',
      what: `${path} is not a folder that can be opened.`,
      evidence,
      next: 'Choose an existing folder.',
    });
  if (!isAbsolute(path)) throw refuse('The path is not absolute.');
  try {
    const real = realpathSync(path);
    if (statSync(real).isDirectory()) return real;
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
  throw refuse('It is a file.');
}
