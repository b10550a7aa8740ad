import { mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchtopError } from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';
import { convertedFiles, maxConverted } from './converted-files.ts';
import { fastImport } from './fast-import.ts';
import { gitProblem, runGit, type GitAnswer } from './git-program.ts';
import { isNoRepository } from './git-state.ts';
import { hiddenChanges, readStatus } from './read-status.ts';
import { isBelowRepository } from './repository-above.ts';
import { splitIndexAside } from './split-index-aside.ts';
import type { CodeRepository, FileMode, Git, Place, TreeEntry, WorkingTree } from './repository.ts';

/** A walk over a large tree on a slow disk; nobody waits for it. */
const timeoutMs = 60_000;
const askMs = 10_000;

/** The user's own git: the quickest way through a large tree. */
export const programGit: Git = {
  async placeOf(folder) {
    if (!isBelowRepository(folder)) return null;
    const [answer, ignored] = await Promise.all([
      runGit(['rev-parse', '--show-toplevel', '--absolute-git-dir', '--git-common-dir'], {
        cwd: folder,
        timeoutMs: askMs,
      }),
      // Answers 0 where the folder is ignored. Without a look at the index, which touches a split one.
      runGit(['check-ignore', '--quiet', '--no-index', '--', '.'], { cwd: folder, timeoutMs: askMs }),
    ]);
    const problem = gitProblem(answer);
    if (problem !== null) {
      if (isNoRepository(problem)) return null;
      throw new Error(problem);
    }
    const [rootPath = '', gitPath = '', common = ''] = answer.stdout.toString('utf8').split('\n');
    // The common folder alone is told relative to where git was started.
    const commonPath = common.startsWith('/') ? common : await realpath(join(folder, common));
    return {
      rootPath,
      gitPath,
      commonPath,
      isIgnored: ignored.status === 0 && !(await isCommitted(folder)),
    };
  },

  async workingTree(place, { signal, withUntracked }) {
    const [filters, aside] = await Promise.all([withoutFilters(place, signal), splitIndexAside(place)]);
    const call = { cwd: place.rootPath, timeoutMs, signal, env: aside?.env ?? {} };
    try {
      const [status, flags, converted] = await Promise.all([
        runGit(
          [
            ...filters,
            'status',
            '--porcelain=v2',
            '-z',
            '--branch',
            '--no-renames',
            '--ignore-submodules=dirty',
            `--untracked-files=${withUntracked ? 'all' : 'no'}`,
          ],
          call,
        ),
        runGit(['ls-files', '-v', '-z'], call),
        convertedFiles(place, call),
      ]);
      const tree: WorkingTree = readStatus(said(status));
      const others = new Map((converted ?? []).map((file) => [file.path, file]));
      const changes = [...tree.changes, ...hiddenChanges(said(flags), tree.changes)].map((change) =>
        // What is staged has git's line ends.
        others.delete(change.path) ? { ...change, staged: null } : change,
      );
      return {
        ...tree,
        changes: [...changes, ...others.values()],
        note: converted === null ? manyConverted : tree.note,
      };
    } finally {
      await aside?.remove();
    }
  },

  async makeBare(gitPath, borrowFrom) {
    const isThere = await stat(join(gitPath, 'HEAD')).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    if (isThere === null) {
      await mkdir(gitPath, { recursive: true, mode: 0o700 });
      said(
        await runGit(['init', '--quiet', '--bare', '--template=', gitPath], {
          cwd: gitPath,
          timeoutMs: askMs,
        }),
      );
    }
    if (borrowFrom === null) return;
    await mkdir(join(gitPath, 'objects', 'info'), { recursive: true });
    await writeFile(join(gitPath, 'objects', 'info', 'alternates'), `${join(borrowFrom, 'objects')}\n`);
  },

  open: openRepository,
};

const manyConverted = `More than ${maxConverted} files lie there with other line ends than git has: they are kept with git's.`;

/** True when the commit that is checked out has something of a folder. */
async function isCommitted(folder: string): Promise<boolean> {
  const answer = await runGit(['ls-tree', '--name-only', 'HEAD', '--', '.'], {
    cwd: folder,
    timeoutMs: askMs,
  });
  return answer.status === 0 && answer.stdout.length > 0;
}

function openRepository(gitPath: string): CodeRepository {
  const git = (args: readonly string[], input?: Uint8Array) =>
    runGit(args, {
      cwd: gitPath,
      env: { GIT_DIR: gitPath },
      timeoutMs,
      maxBytes: 512 * 1024 * 1024,
      ...(input === undefined ? {} : { input }),
    });
  return {
    commit: (commit) => fastImport(gitPath, commit),
    async entries(commitId) {
      const answer = await git(['ls-tree', '-r', '-z', '-l', '--full-tree', commitId]);
      if (gitProblem(answer) !== null) throw notThere(commitId, gitProblem(answer));
      return answer.stdout.toString('latin1').split('\0').filter(Boolean).map(treeEntry);
    },
    async *blobs(ids) {
      // Some at a time: what is read is held in memory.
      for (let from = 0; from < ids.length; from += 64) {
        const some = ids.slice(from, from + 64);
        const answer = said(await git(['cat-file', '--batch'], Buffer.from(`${some.join('\n')}\n`)));
        let at = 0;
        for (const id of some) {
          const end = answer.indexOf(10, at);
          const [, kind, size] = answer.toString('latin1', at, end).split(' ');
          if (kind !== 'blob') throw notThere(id, null);
          const begin = end + 1;
          at = begin + Number(size) + 1;
          yield answer.subarray(begin, at - 1);
        }
      }
    },
    async removeRef(ref) {
      said(await git(['update-ref', '-d', ref]));
    },
    async createBranch(name, commitId) {
      const ref = `refs/heads/${name}`;
      const isName = await git(['check-ref-format', '--branch', name]);
      if (isName.status !== 0 || name.startsWith('-'))
        throw new BenchtopError({
          code: 'invalid-input',
          what: `Git takes no branch with the name "${name}".`,
        });
      // "Only where there is none yet": the old value is all zeros.
      const made = await git(['update-ref', ref, commitId, '0'.repeat(commitId.length)]);
      if (made.status === 0) return;
      const isTaken = (await git(['rev-parse', '--quiet', '--verify', ref])).status === 0;
      throw new BenchtopError({
        code: isTaken ? 'already-exists' : 'not-allowed',
        what: isTaken ? `There is already a branch "${name}".` : `The branch "${name}" could not be made.`,
        evidence: made.stderr.trim(),
        next: 'Choose another name.',
      });
    },
  };
}

/** "100644 blob <id> <size>\t<path>", the size padded and "-" for a commit. */
function treeEntry(line: string): TreeEntry {
  const tab = line.indexOf('\t');
  const [mode = '', , id = '', size = ''] = line.slice(0, tab).split(/ +/);
  return {
    path: line.slice(tab + 1),
    mode: mode as FileMode,
    id,
    sizeBytes: size === '-' ? null : Number(size),
  };
}

/**
 * The options that keep git from running the filters of the configuration, such as Git LFS: what is staged as a pointer stays one.
 */
async function withoutFilters(place: Place, signal: AbortSignal): Promise<string[]> {
  const answer = await runGit(['config', '-z', '--name-only', '--get-regexp', String.raw`^filter\.`], {
    cwd: place.rootPath,
    timeoutMs: askMs,
    signal,
  });
  const names = new Set(
    answer.stdout
      .toString('utf8')
      .split('\0')
      .flatMap((key) => /^filter\.(.*)\.[^.]+$/s.exec(key)?.[1] ?? []),
  );
  return [...names]
    .flatMap((name) =>
      ['clean=', 'smudge=', 'process=', 'required=false'].map((end) => `filter.${name}.${end}`),
    )
    .flatMap((setting) => ['-c', setting]);
}

function said(answer: GitAnswer): Buffer {
  const problem = gitProblem(answer);
  if (problem !== null) throw new Error(problem);
  return answer.stdout;
}

function notThere(id: string, evidence: string | null): BenchtopError {
  return new BenchtopError({
    code: 'not-found',
    what: `The repository has no object ${id} any more.`,
    ...(evidence === null ? {} : { evidence }),
  });
}
