import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Objects } from '../objects/index.ts';
import { choosePlace } from './choose-place.ts';
import type { Git } from './repository.ts';
import { takeSnapshots } from './take-snapshot.ts';

/** For tests: a folder with a home for Benchtop beside a project, and the user's git in it. */
export function fixtureRepository() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-source-')));
  const project = join(root, 'project');
  const home = join(root, 'home');
  mkdirSync(project);
  mkdirSync(home);
  const kept = new Map<string, string>();

  function git(...args: string[]): string {
    return gitIn(project, ...args);
  }
  function gitIn(cwd: string, ...args: string[]): string {
    return execFileSync(
      'git',
      ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'protocol.file.allow=always', ...args],
      { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    ).trim();
  }
  function write(path: string, content: string | Uint8Array = `${path}\n`): void {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), content);
  }
  /** Stands in for the objects room: what was kept, by a made-up id. */
  const objects: Pick<Objects, 'putFiles'> = {
    async putFiles(paths) {
      return paths.map((path) => {
        const objectId = String(kept.size).padStart(64, '0');
        kept.set(objectId, path);
        return { objectId, sizeBytes: 6_000_000 };
      });
    },
  };

  let runCount = 0;
  return {
    root,
    project,
    home,
    kept,
    git,
    gitIn,
    write,
    /** Takes a snapshot of the project as it is, or of what lies at another folder. */
    async snapshot(best: Git, { workingFolder = project, beganAt = Date.now() + 1000 } = {}) {
      const id = (++runCount).toString(16).padStart(32, '0');
      const chosen = await choosePlace(best, { workingFolder, projectPath: project, homePath: home });
      const ref = `refs/benchtop/runs/${id}`;
      const [taken] = await takeSnapshots({
        git: best,
        chosen,
        homePath: home,
        runs: [{ id, name: `run-${runCount}`, command: ['python', 'train.py'], ref, beganAt }],
        made: new Set(),
        workingFolder,
        objects,
        signal: new AbortController().signal,
      });
      if (taken === undefined) throw new Error('No snapshot was taken.');
      return { ...taken, chosen, ref, repository: best.open(chosen.repositoryPath) };
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

export type FixtureRepository = ReturnType<typeof fixtureRepository>;
