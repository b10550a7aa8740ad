import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fixtureRepository, type FixtureRepository } from './fixture-repository.ts';
import { javascriptGit } from './javascript-git.ts';
import { programGit } from './program-git.ts';
import { restoreCode } from './restore-code.ts';
import { shownPath } from './shown-path.ts';
import { aboutPath } from './take-snapshot.ts';

let at: FixtureRepository;
beforeEach(() => {
  at = fixtureRepository();
});
afterEach(() => {
  vi.unstubAllEnvs();
  at.remove();
});

describe.each([
  ['the user’s git', programGit],
  ['git without git', javascriptGit],
] as const)('%s', (_name, best) => {
  const snapshot = (options?: Parameters<FixtureRepository['snapshot']>[1]) => at.snapshot(best, options);

  /** The files of a snapshot with their text, but the one of Benchtop. */
  async function filesOf({ repository, commitId }: Awaited<ReturnType<typeof snapshot>>) {
    const entries = (await repository.entries(commitId ?? '')).filter(({ path }) => path !== aboutPath);
    const blobs = entries.filter(({ mode }) => mode !== '160000');
    const texts: string[] = [];
    for await (const content of repository.blobs(blobs.map(({ id }) => id))) texts.push(content.toString());
    return Object.fromEntries(blobs.map(({ path }, index) => [shownPath(path), texts[index]]));
  }

  test('the tree as it is: committed, staged, changed, new, removed, renamed; not the ignored', async () => {
    at.git('init', '--quiet', '-b', 'main');
    at.write('.gitignore', 'out/\n*.log\n');
    at.write('kept.py', 'kept\n');
    at.write('changed.py', 'before\n');
    at.write('sub/removed.py');
    at.write('staged.py', 'before\n');
    at.write('was.py', 'moved\n');
    at.write('folder/inside.py');
    at.git('add', '.');
    at.git('commit', '-qm', 'first');
    at.write('changed.py', 'after\n');
    at.write('staged.py', 'staged\n');
    at.git('add', 'staged.py');
    at.git('mv', 'was.py', 'is.py');
    rmSync(join(at.project, 'sub/removed.py'));
    rmSync(join(at.project, 'folder'), { recursive: true });
    at.write('folder', 'now a file\n');
    at.write('new/deep/file.py', 'new\n');
    at.write('out/model.bin');
    at.write('run.log');
    const taken = await snapshot();
    expect(await filesOf(taken)).toEqual({
      '.gitignore': 'out/\n*.log\n',
      'kept.py': 'kept\n',
      'changed.py': 'after\n',
      'staged.py': 'staged\n',
      'is.py': 'moved\n',
      folder: 'now a file\n',
      'new/deep/file.py': 'new\n',
    });
    expect(taken.parentId).toBe(at.git('rev-parse', 'HEAD'));
    // Git itself can read all of it.
    expect(at.git('rev-parse', taken.ref)).toBe(taken.commitId);
    expect(at.git('rev-parse', `${taken.ref}^{tree}`)).toBe(taken.treeId);
    expect(at.git('rev-parse', `${taken.ref}^`)).toBe(taken.parentId);
    expect(at.git('fsck', '--strict', '--no-dangling')).toBe('');
    expect(at.git('log', '-1', '--format=%s %an', taken.ref)).toBe('Run run-1 Benchtop');
    expect(JSON.parse(at.git('show', `${taken.ref}:${aboutPath}`))).toMatchObject({
      format: 1,
      run: '1'.padStart(32, '0'),
      command: ['python', 'train.py'],
      workingFolder: '.',
      leftOut: [],
    });
  });

  test('before the first commit', async () => {
    at.git('init', '--quiet');
    at.write('staged.py', 'staged\n');
    at.git('add', '.');
    at.write('new.py', 'new\n');
    const taken = await snapshot();
    expect(taken.parentId).toBeNull();
    expect(await filesOf(taken)).toEqual({ 'staged.py': 'staged\n', 'new.py': 'new\n' });
  });

  test('links, executable bits and odd names', async () => {
    at.git('init', '--quiet');
    at.write('run.sh', '#!/bin/sh\n');
    chmodSync(join(at.project, 'run.sh'), 0o755);
    symlinkSync('run.sh', join(at.project, 'link'));
    symlinkSync('/nowhere', join(at.project, 'broken'));
    at.write('a "quoted" \\ name\nof two lines.py', 'odd\n');
    at.write('ünï.py', 'umlaut\n');
    const taken = await snapshot();
    expect(await filesOf(taken)).toEqual({
      'run.sh': '#!/bin/sh\n',
      link: 'run.sh',
      broken: '/nowhere',
      'a "quoted" \\ name\nof two lines.py': 'odd\n',
      'ünï.py': 'umlaut\n',
    });
    const modes = Object.fromEntries(
      (await taken.repository.entries(taken.commitId ?? '')).map(({ path, mode }) => [path, mode]),
    );
    expect(modes).toMatchObject({ 'run.sh': '100755', link: '120000', broken: '120000' });
  });

  test('a name that is no UTF-8 keeps its bytes', async () => {
    at.git('init', '--quiet');
    at.write('plain.py');
    const name = Buffer.from([0x66, 0xff, 0xfe, 0x2e, 0x70, 0x79]);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(Buffer.concat([Buffer.from(`${at.project}/`), name]), 'bytes\n');
    const taken = await snapshot();
    expect(await filesOf(taken)).toMatchObject({ 'f\\xff\\xfe.py': 'bytes\n' });
    const paths = (await taken.repository.entries(taken.commitId ?? '')).map(({ path }) => path);
    expect(paths).toContain(name.toString('latin1'));
  });

  test('what was not there when the run began is left out; what was changed since is named', async () => {
    at.git('init', '--quiet');
    at.write('train.py', 'before\n');
    at.git('add', '.');
    at.git('commit', '-qm', 'first');
    const beganAt = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 30));
    at.write('train.py', 'changed by the run\n');
    at.write('metrics.json', '{}');
    const taken = await snapshot({ beganAt });
    expect(taken.changedMeanwhile).toEqual(['train.py']);
    expect(taken.leftOut).toMatchObject([{ path: 'metrics.json', reason: 'late' }]);
    expect(await filesOf(taken)).toEqual({ 'train.py': 'changed by the run\n' });
  });

  test('secrets are left out and listed, never told; those already committed stay', async () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    at.git('init', '--quiet');
    at.write('old.py', `token = "${token}"\n`);
    at.git('add', '.');
    at.git('commit', '-qm', 'first');
    at.write('old.py', `token = "${token}"\nprint(1)\n`);
    at.write('.env', 'A=1\n');
    at.write('.env.example', 'A=\n');
    at.write('load.py', `x = 1\nheaders = {"Authorization": "${token}"}\n`);
    at.write('staged.pem', 'x\n');
    at.git('add', 'staged.pem');
    const taken = await snapshot();
    expect(Object.keys(await filesOf(taken))).toEqual(['.env.example', 'old.py']);
    expect(taken.leftOut.map(({ path, reason, why }) => [path, reason, why])).toEqual([
      ['.env', 'secret', 'By its name it is an environment file.'],
      ['load.py', 'secret', 'Line 2 has a token of GitHub.'],
      ['staged.pem', 'secret', 'By its name it is a key file.'],
    ]);
    expect(at.git('show', `${taken.ref}:${aboutPath}`)).not.toContain(token);
  });

  test('large files are kept by content, with a pointer in their place', async () => {
    at.git('init', '--quiet');
    at.write('train.py');
    at.write('weights.bin', Buffer.alloc(6_000_000, 1));
    const taken = await snapshot();
    const [large] = taken.leftOut;
    expect(large).toMatchObject({ path: 'weights.bin', reason: 'large', sizeBytes: 6_000_000 });
    expect(at.kept.get(large?.objectId ?? '')).toBe(join(at.project, 'weights.bin'));
    expect((await filesOf(taken))['weights.bin']).toBe(
      `benchtop pointer 1\nsha256 ${large?.objectId}\nsize 6000000\n`,
    );
  });

  test('a Git LFS pointer stays one where the file is what it points to', async () => {
    const { createHash } = await import('node:crypto');
    const content = Buffer.alloc(20_000, 7);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize 20000\n`;
    at.git('init', '--quiet');
    at.write('weights.bin', pointer);
    at.git('add', '.');
    at.git('commit', '-qm', 'first');
    // As after a checkout with Git LFS, which this machine need not have.
    at.write('.gitattributes', '*.bin filter=lfs diff=lfs merge=lfs -text\n');
    at.git('config', 'filter.lfs.clean', 'touch was-run; cat');
    at.git('config', 'filter.lfs.process', 'touch was-run');
    at.git('config', 'filter.lfs.required', 'true');
    at.write('weights.bin', content);
    const taken = await snapshot();
    expect((await filesOf(taken))['weights.bin']).toBe(pointer);
    expect(existsSync(join(at.project, 'was-run'))).toBe(false);
  });

  test('environments, caches and recorded runs are one line each; other repositories are their commit', async () => {
    at.git('init', '--quiet');
    at.write('train.py');
    at.write('.venv/lib/python/site.py');
    at.write('pkg/__pycache__/a.pyc');
    at.write('pkg/a.py');
    at.write('mlruns/0/meta.yaml');
    mkdirSync(join(at.project, 'nested'));
    at.gitIn(join(at.project, 'nested'), 'init', '--quiet');
    at.write('nested/inside.py');
    at.gitIn(join(at.project, 'nested'), 'add', '.');
    at.gitIn(join(at.project, 'nested'), 'commit', '-qm', 'nested');
    const taken = await snapshot();
    expect(Object.keys(await filesOf(taken))).toEqual(['pkg/a.py', 'train.py']);
    expect(taken.leftOut.map(({ path, reason }) => [path, reason])).toEqual([
      ['.venv', 'machine-made'],
      ['mlruns', 'machine-made'],
      ['nested', 'repository'],
      ['pkg/__pycache__', 'machine-made'],
    ]);
    const nested = (await taken.repository.entries(taken.commitId ?? '')).find(
      ({ path }) => path === 'nested',
    );
    expect(nested?.id).toBe(at.gitIn(join(at.project, 'nested'), 'rev-parse', 'HEAD'));
  });

  test('a folder without git goes into a repository below the home', async () => {
    at.write('.gitignore', 'data/\n');
    at.write('train.py', 'print(1)\n');
    at.write('data/big.csv');
    at.write('.venv/pyvenv.cfg');
    const taken = await snapshot();
    expect(await filesOf(taken)).toEqual({ '.gitignore': 'data/\n', 'train.py': 'print(1)\n' });
    expect(taken.chosen).toMatchObject({ repository: 'private', rootPath: at.project });
    expect(existsSync(join(at.project, '.git'))).toBe(false);
    at.write('train.py', 'print(2)\n');
    expect(await filesOf(await snapshot())).toMatchObject({ 'train.py': 'print(2)\n' });
  });

  test('a linked worktree has its own HEAD and the refs of its repository', async () => {
    at.git('init', '--quiet', '-b', 'main');
    at.write('train.py', 'main\n');
    at.git('add', '.');
    at.git('commit', '-qm', 'first');
    const other = join(at.root, 'other');
    at.git('worktree', 'add', '-q', '-b', 'side', other);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(other, 'train.py'), 'side\n');
    at.gitIn(other, 'commit', '-qam', 'second');
    writeFileSync(join(other, 'train.py'), 'changed\n');
    const taken = await snapshot({ workingFolder: other });
    expect(taken.parentId).toBe(at.gitIn(other, 'rev-parse', 'HEAD'));
    expect(await filesOf(taken)).toEqual({ 'train.py': 'changed\n' });
    expect(at.git('rev-parse', taken.ref)).toBe(taken.commitId);
  });

  test('refs go, branches come, and a name is taken once', async () => {
    at.git('init', '--quiet', '-b', 'main');
    at.write('train.py');
    at.git('add', '.');
    at.git('commit', '-qm', 'first');
    const { repository, ref, commitId } = await snapshot();
    await repository.createBranch('from/run', commitId ?? '');
    expect(at.git('rev-parse', 'from/run')).toBe(commitId);
    await expect(repository.createBranch('from/run', commitId ?? '')).rejects.toMatchObject({
      code: 'already-exists',
    });
    await expect(repository.createBranch('not..a name', commitId ?? '')).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await repository.removeRef(ref);
    await repository.removeRef(ref);
    expect(at.git('for-each-ref', 'refs/benchtop')).toBe('');
    expect(at.git('symbolic-ref', 'HEAD')).toBe('refs/heads/main');
  });

  test('restored into a new folder, byte for byte, with what was kept beside', async () => {
    at.git('init', '--quiet');
    at.write('src/train.py', 'a\r\nb\n');
    at.write('run.sh', '#!/bin/sh\n');
    chmodSync(join(at.project, 'run.sh'), 0o755);
    symlinkSync('src', join(at.project, 'link'));
    at.write('weights.bin', Buffer.alloc(6_000_000, 1));
    at.write('.env', 'A=1');
    const taken = await snapshot();
    const written: { objectId: string; path: string }[] = [];
    const objects = {
      async writeFiles(files: readonly { objectId: string; path: string }[]) {
        written.push(...files);
      },
    };
    const folder = join(at.root, 'restored');
    const record = {
      ...taken,
      commitId: taken.commitId ?? '',
      runId: 'r',
      repository: 'own' as const,
      repositoryPath: '',
      rootPath: at.project,
      beganAt: 0,
      tookMs: 1,
    };
    const restored = await restoreCode(record, folder, { repository: taken.repository, objects });
    expect(restored).toEqual({
      folder,
      fileCount: 5,
      missing: [{ path: '.env', why: 'By its name it is an environment file.' }],
    });
    expect(readdirSync(folder).toSorted()).toEqual(['.benchtop', 'link', 'run.sh', 'src']);
    expect(readFileSync(join(folder, 'link/train.py'), 'utf8')).toBe('a\r\nb\n');
    expect(written).toMatchObject([
      { objectId: taken.leftOut.find(({ path }) => path === 'weights.bin')?.objectId },
    ]);
    await expect(
      restoreCode(record, folder, { repository: taken.repository, objects }),
    ).rejects.toMatchObject({ code: 'already-exists' });
  });

  test.each([
    ['core.autocrlf=true', ['core.autocrlf', 'true'], null],
    ['core.autocrlf=input', ['core.autocrlf', 'input'], null],
    ['eol=crlf', null, '*.py text eol=crlf\n'],
    ['text=auto', null, '* text=auto\n'],
  ] as const)(
    'with %s every file comes back with the bytes that it lies there with',
    async (_setting, config, attributes) => {
      at.git('init', '--quiet');
      if (config !== null) at.git('config', ...config);
      if (attributes !== null) at.write('.gitattributes', attributes);
      const ends = { lf: 'a\nb\n', crlf: 'a\r\nb\r\n', mixed: 'a\r\nb\n', none: 'a', bare: 'a\rb' };
      const names = Object.entries(ends).flatMap(([name, content]) =>
        ['kept', 'changed', 'staged', 'new'].map((when): [string, string] => [`${when}-${name}.py`, content]),
      );
      for (const [path, content] of names) if (!path.startsWith('new')) at.write(path, content);
      at.write('data.bin', Buffer.from([0, 13, 10, 10]));
      at.git('add', '.');
      at.git('commit', '-qm', 'first');
      for (const [path, content] of names)
        if (!path.startsWith('kept')) at.write(path, `${content}${content}`);
      at.git('add', ...names.map(([path]) => path).filter((path) => path.startsWith('staged')));
      const lies = Object.fromEntries(
        readdirSync(at.project)
          .filter((name) => name !== '.git')
          .map((name) => [name, readFileSync(join(at.project, name)).toString()]),
      );
      const status = at.git('status', '--porcelain');
      expect(await filesOf(await snapshot())).toEqual(lies);
      expect(at.git('status', '--porcelain')).toBe(status);
    },
  );

  test('what the user ignores everywhere is not in it', async () => {
    at.git('init', '--quiet');
    at.write('train.py');
    at.write('notes.scratch');
    at.write('local/deep.txt');
    const config = join(at.root, 'config');
    mkdirSync(join(config, 'git'), { recursive: true });
    writeFileSync(
      join(config, 'git', 'config'),
      `[core]\n\texcludesFile = "${at.root}/ignored" # mine\n[user]\n`,
    );
    writeFileSync(join(at.root, 'ignored'), '*.scratch\nlocal/\n');
    vi.stubEnv('XDG_CONFIG_HOME', config);
    vi.stubEnv('HOME', at.root);
    expect(Object.keys(await filesOf(await snapshot()))).toEqual(['train.py']);
  });
});
