import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { FixtureRepository } from './fixture-repository.ts';

type Build = (at: FixtureRepository) => string | void;

const first: Build = (at) => {
  at.git('init', '--quiet', '-b', 'main');
  at.git('config', 'gc.auto', '0');
  at.write('train.py', 'print(1)\n');
  at.write('pkg/model.py', 'a\nb\nc\n');
  at.write('.gitignore', 'out/\n');
  at.git('add', '.');
  at.git('commit', '-qm', 'first');
};

const tryGit = (at: FixtureRepository, ...args: string[]) => {
  try {
    at.git(...args);
  } catch {
    // A conflict is what was wanted.
  }
};

/** Two branches that change one line each in its own way. */
const diverged: Build = (at) => {
  first(at);
  at.git('checkout', '-qb', 'side');
  at.write('train.py', 'print(2)\n');
  at.git('commit', '-qam', 'side');
  at.git('checkout', '-q', 'main');
  at.write('train.py', 'print(3)\n');
  at.git('commit', '-qam', 'main');
};

/** The states of a working tree that people leave behind. Each may answer with the folder to run in. */
export const dirtyRepositories: Readonly<Record<string, Build>> = {
  clean: first,
  'staged, unstaged, untracked, ignored': (at) => {
    first(at);
    at.write('pkg/model.py', 'a\nB\nc\n');
    at.git('add', '.');
    at.write('pkg/model.py', 'a\nB\nC\n');
    at.write('train.py', 'print(2)\n');
    at.write('new.py');
    at.write('out/model.bin');
    at.git('mv', '.gitignore', 'ignored');
  },
  'stash and reflog': (at) => {
    first(at);
    at.write('train.py', 'print(2)\n');
    at.git('stash');
    at.write('train.py', 'print(3)\n');
  },
  'conflicted merge': (at) => {
    diverged(at);
    tryGit(at, 'merge', 'side');
  },
  'mid-rebase': (at) => {
    diverged(at);
    tryGit(at, 'rebase', 'side');
  },
  'detached HEAD': (at) => {
    diverged(at);
    at.git('checkout', '-q', '--detach', 'side');
    at.write('train.py', 'detached\n');
  },
  'no commit yet': (at) => {
    at.git('init', '--quiet');
    at.write('train.py');
    at.git('add', '.');
    at.write('new.py');
  },
  submodule: (at) => {
    first(at);
    const library = join(at.root, 'library');
    execFileSync('git', ['init', '--quiet', library]);
    writeFileSync(join(library, 'lib.py'), 'lib\n');
    at.gitIn(library, 'add', '.');
    at.gitIn(library, 'commit', '-qm', 'lib');
    at.git('submodule', '--quiet', 'add', library, 'lib');
    at.git('commit', '-qm', 'submodule');
    at.write('lib/lib.py', 'changed in the submodule\n');
    at.gitIn(join(at.project, 'lib'), 'commit', '-qam', 'ahead');
    at.write('lib/lib.py', 'and dirty\n');
  },
  'nested repository': (at) => {
    first(at);
    at.write('nested/inside.py');
    at.gitIn(join(at.project, 'nested'), 'init', '--quiet');
    at.gitIn(join(at.project, 'nested'), 'add', '.');
    at.gitIn(join(at.project, 'nested'), 'commit', '-qm', 'nested');
    at.write('nested/inside.py', 'dirty\n');
  },
  'links and executable bits': (at) => {
    first(at);
    chmodSync(join(at.project, 'train.py'), 0o755);
    symlinkSync('pkg', join(at.project, 'link'));
    symlinkSync('/nowhere', join(at.project, 'broken'));
  },
  'CRLF with autocrlf': (at) => {
    first(at);
    at.git('config', 'core.autocrlf', 'true');
    at.git('config', 'core.safecrlf', 'warn');
    at.write('pkg/model.py', 'a\r\nB\r\nc\r\n');
    at.write('new.py', 'x\r\n');
  },
  'names that are no UTF-8': (at) => {
    first(at);
    const path = Buffer.concat([Buffer.from(`${at.project}/`), Buffer.from([0x66, 0xff, 0x2e, 0x70, 0x79])]);
    writeFileSync(path, 'bytes\n');
    at.git('add', '.');
    appendFileSync(path, 'more\n');
    at.write('line\nfeed.py');
  },
  'files that may only be read': (at) => {
    first(at);
    at.write('pkg/model.py', 'changed\n');
    chmodSync(join(at.project, 'pkg/model.py'), 0o444);
    chmodSync(join(at.project, 'pkg'), 0o555);
    chmodSync(join(at.project, '.git/index'), 0o444);
    chmodSync(join(at.project, '.git/config'), 0o444);
  },
  'Git LFS pointers and filters': (at) => {
    first(at);
    at.write(
      'weights.bin',
      `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 9\n`,
    );
    at.git('add', '.');
    at.git('commit', '-qm', 'pointer');
    at.write('.gitattributes', '*.bin filter=lfs -text\n*.py filter=spy\n');
    for (const name of ['lfs', 'spy']) {
      at.git('config', `filter.${name}.clean`, `touch ${join(at.root, 'was-run')}; cat`);
      at.git('config', `filter.${name}.smudge`, `touch ${join(at.root, 'was-run')}; cat`);
      at.git('config', `filter.${name}.required`, 'true');
    }
    at.write('weights.bin', 'nine bytes');
    at.write('train.py', 'print(2)\n');
  },
  'hooks, fsmonitor and logs of all refs': (at) => {
    first(at);
    at.git('config', 'core.logAllRefUpdates', 'always');
    for (const name of [
      'pre-commit',
      'post-commit',
      'reference-transaction',
      'post-index-change',
      'fsmonitor',
    ]) {
      const hook = join(at.project, '.git/hooks', name);
      writeFileSync(hook, `#!/bin/sh\ntouch ${join(at.root, 'was-run')}\n`);
      chmodSync(hook, 0o755);
    }
    at.git(
      '-c',
      'core.hooksPath=/dev/null',
      'config',
      'core.fsmonitor',
      join(at.project, '.git/hooks/fsmonitor'),
    );
    at.write('train.py', 'print(2)\n');
  },
  'linked worktree': (at) => {
    first(at);
    const other = join(at.root, 'other');
    at.git('worktree', 'add', '-q', '-b', 'side', other);
    writeFileSync(join(other, 'train.py'), 'changed\n');
    return other;
  },
  'hidden changes and a split index': (at) => {
    first(at);
    at.git('update-index', '--assume-unchanged', 'train.py');
    at.git('update-index', '--skip-worktree', 'pkg/model.py');
    at.git('update-index', '--split-index');
    at.write('train.py', 'hidden\n');
    at.write('pkg/model.py', 'hidden too\n');
  },
  'a project in a folder of a repository': (at) => {
    first(at);
    at.write('sub/project/train.py');
    at.write('pkg/model.py', 'beside it\n');
    return join(at.project, 'sub/project');
  },
  'no git': (at) => {
    at.write('train.py');
    at.write('data/rows.csv');
  },
};

/**
 * Everything about a folder that a snapshot must leave alone, as lines: every file's content, mode and times to the nanosecond, git's own
 * files but objects and refs/benchtop, what git says of the state, and its refs, reflogs and stash.
 */
export function stateOf(at: FixtureRepository, folder: string, when: 'before' | 'after'): string[] {
  const roots = folder.startsWith(at.project) ? [at.project] : [at.project, folder];
  const files = () => roots.flatMap((root) => filesBelow(root, ''));
  // Asking git touches what it keeps, and may run filters: nothing but the snapshot is to lie between the two looks at the files.
  if (when === 'before') {
    const said = answersOf(at, folder);
    rmSync(join(at.root, 'was-run'), { force: true });
    return [...said, ...files()];
  }
  const found = files();
  const wasRun = existsSync(join(at.root, 'was-run')) ? ['a program of the repository was run'] : [];
  return [...answersOf(at, folder), ...found, ...wasRun];
}

function answersOf(at: FixtureRepository, folder: string): string[] {
  return existsSync(join(at.project, '.git'))
    ? [
        ['status', '--porcelain=v2', '--branch', '--untracked-files=all', '--ignored'],
        ['for-each-ref'],
        ['reflog', 'show', '--all'],
        ['stash', 'list'],
        ['config', '--list', '--local'],
      ].flatMap((args) => quietly(at, folder, args))
    : [];
}

function quietly(at: FixtureRepository, folder: string, args: string[]): string[] {
  try {
    return at
      .gitIn(
        folder,
        '--no-optional-locks',
        '-c',
        'core.fsmonitor=false',
        '-c',
        'core.hooksPath=/dev/null',
        ...args,
      )
      .split('\n')
      .filter((line) => line !== '' && !line.includes('refs/benchtop/'))
      .map((line) => `${args[0]}: ${line}`);
  } catch (error) {
    return [`${args[0]}: ${error instanceof Error ? error.message.split('\n')[0] : ''}`];
  }
}

function filesBelow(root: string, below: string): string[] {
  const lines: string[] = [];
  for (const entry of readdirSync(Buffer.from(join(root, below), 'latin1'), {
    encoding: 'latin1',
  }).toSorted()) {
    const path = below === '' ? entry : `${below}/${entry}`;
    const inGit = /(^|\/)\.git(\/|$)/.test(path);
    // New objects and the refs of snapshots are what a snapshot is; the folders that hold them change with them.
    if (inGit && /(^|\/)(objects|refs\/benchtop)(\/|$)/.test(path)) continue;
    const full = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
    const facts = lstatSync(full, { bigint: true });
    const holdsRefs = inGit && /(^|\/)(\.git|refs)$/.test(path);
    const times = holdsRefs ? '' : `${facts.mtimeNs} ${facts.ctimeNs}`;
    const content = facts.isFile()
      ? createHash('sha256').update(readFileSync(full)).digest('hex')
      : facts.isSymbolicLink()
        ? readlinkSync(full)
        : '';
    lines.push(`${path} ${facts.mode} ${facts.ino} ${times} ${content}`);
    if (facts.isDirectory()) lines.push(...filesBelow(root, path));
  }
  return lines;
}
