import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome } from '../fixture-home.ts';
import { createObjects } from '../objects/index.ts';
import { createTracking } from '../tracking/index.ts';
import { createSource } from './create-source.ts';
import { fixtureRepository, type FixtureRepository } from './fixture-repository.ts';

const call = { signal: new AbortController().signal };

type House = Awaited<ReturnType<typeof openHouse>>;
let at: FixtureRepository;
let house: House;
beforeEach(async () => {
  at = fixtureRepository();
  house = await openHouse();
});
afterEach(async () => {
  await house.close();
  at.remove();
});

/** A real store and real objects below the fixture's home. */
async function openHouse() {
  const { home, store, close } = await openHome(at.home);
  await store.write('test.project', (db) =>
    db
      .prepare('INSERT OR IGNORE INTO project (id, name, path, opened_at, is_sample) VALUES (?, ?, ?, 0, 0)')
      .run('p', 'project', at.project),
  );
  const tracking = createTracking(store, Date.now);
  const troubles: unknown[] = [];
  const source = createSource({
    home,
    store,
    objects: createObjects(home, store, Date.now),
    now: Date.now,
    run: tracking.run,
    project: () => ({ path: at.project }),
    writtenBy(group) {
      const written = new Set(outputs.map((path) => join(at.project, path)));
      return group === 'execution' ? { all: written, asData: written } : null;
    },
    onUnexpected: (error) => troubles.push(error),
  });
  return {
    source,
    store,
    tracking,
    troubles,
    /** A run of a group that has begun. */
    async begun(name: string) {
      const { id } = await tracking.createRun({
        name,
        projectId: 'p',
        status: 'running',
        command: ['python', name],
        workingFolder: at.project,
        source: 'runner',
        createdAt: Date.now(),
        startedAt: Date.now(),
      });
      source.runStarted(id, {
        name,
        projectId: 'p',
        recordedCommand: ['python', name],
        workingFolder: at.project,
        group: 'execution',
        beganAt: Date.now(),
      });
      return id;
    },
    /** A run of the project that has begun and ended, with its snapshot. */
    async ran(name: string, script = 'train.py') {
      const { id } = await tracking.createRun({
        name,
        projectId: 'p',
        status: 'finished',
        command: ['python', script],
        workingFolder: at.project,
        source: 'runner',
        createdAt: Date.now(),
        startedAt: Date.now(),
      });
      source.runStarted(id, {
        name,
        projectId: 'p',
        recordedCommand: ['python', script],
        workingFolder: at.project,
        group: null,
        beganAt: Date.now(),
      });
      const snapshot = await source.handlers.snapshot({ runId: id }, call);
      await tracking.updateRun(id, { status: 'finished', endedAt: Date.now() });
      return { runId: id, snapshot };
    },
    async close() {
      await source.close();
      await close();
    },
  };
}

/** Of the group's programs. */
let outputs: string[] = [];

/** What was written just now is not taken for written after the start. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

test('what the programs of a group write is no code, new as it is, and what git has of it stays', async () => {
  at.git('init', '--quiet', '-b', 'main');
  at.write('train.py', 'print(1)\n');
  at.write('features/columns.txt', 'a\n');
  at.git('add', '.');
  at.git('commit', '-qm', 'first');
  at.write('features/columns.txt', 'b\n');
  at.write('model.bin', 'weights');
  for (let index = 0; index < 30; index++) at.write(`features/${index}.csv`, 'x\n');
  at.write('notes.md', 'Why.\n');
  await settle();
  outputs = ['model.bin', 'features'];
  const runId = await house.begun('train');
  // The group is over before it is the run's turn.
  outputs = [];
  const snapshot = await house.source.handlers.snapshot({ runId }, call);
  expect(house.troubles).toEqual([]);
  const { files } = await house.source.handlers.files({ runId, at: 'snapshot', limit: 100 }, call);
  expect(files.map(({ path }) => path)).toEqual(['features/columns.txt', 'notes.md', 'train.py']);
  const leftOut = snapshot?.leftOut ?? [];
  expect(leftOut).toHaveLength(5);
  expect(snapshot?.moreLeftOut).toBe(26);
  expect(leftOut[0]).toMatchObject({
    reason: 'machine-made',
    why: 'An output of the pipeline, which is kept as data.',
  });
  // Who starts a program by hand has its files in the snapshot as ever.
  const byHand = await house.ran('by hand');
  expect(byHand.snapshot).toMatchObject({ leftOut: [], moreLeftOut: 0 });
});

test('the tree is read once for runs of a group, and each has its own commit, with what was there when it began', async () => {
  at.git('init', '--quiet', '-b', 'main');
  at.write('train.py', 'print(1)\n');
  at.git('add', '.');
  at.git('commit', '-qm', 'first');
  await settle();
  // Holds the line, so that the next ones wait for one turn together.
  const first = await house.begun('first');
  await house.source.handlers.snapshot({ runId: first }, call);
  const second = await house.begun('second');
  await settle();
  at.write('made.py', 'print(2)\n');
  at.write('train.py', 'print(3)\n');
  await settle();
  const third = await house.begun('third');
  const [one, two, three] = await Promise.all(
    [first, second, third].map(async (runId) => house.source.handlers.snapshot({ runId }, call)),
  );
  expect(house.troubles).toEqual([]);
  expect(one).toMatchObject({ leftOut: [], changedMeanwhile: [] });
  expect(two).toMatchObject({
    leftOut: [{ path: 'made.py', reason: 'late' }],
    changedMeanwhile: ['train.py'],
  });
  expect(three).toMatchObject({ leftOut: [], changedMeanwhile: [] });
  const show = (runId: string, path: string) => at.git('show', `refs/benchtop/runs/${runId}:${path}`);
  expect(at.git('ls-tree', '-r', '--name-only', two!.commitId!).trim().split('\n')).toEqual([
    '.benchtop/run.json',
    'train.py',
  ]);
  expect(show(third, 'made.py')).toBe('print(2)');
  for (const [runId, name] of [
    [first, 'first'],
    [second, 'second'],
    [third, 'third'],
  ] as const)
    expect(JSON.parse(show(runId, '.benchtop/run.json'))).toMatchObject({ run: runId, name });
});

test('from a run to its code: recorded, compared, read, restored, made a branch', async () => {
  at.git('init', '--quiet', '-b', 'main');
  at.write('train.py', 'lr = 0.1\nprint(lr)\n');
  at.write('old/name.py', 'a\nb\nc\nd\n');
  at.write('gone.py', 'x\ny\n');
  at.git('add', '.');
  at.git('commit', '-qm', 'first');
  await settle();
  const one = await house.ran('one');
  at.write('train.py', 'lr = 0.2\nprint(lr)\nprint("more")\n');
  rmSync(join(at.project, 'old'), { recursive: true });
  at.write('new/name.py', 'a\nb\nc\nD\n');
  rmSync(join(at.project, 'gone.py'));
  at.write('added.bin', Buffer.from([0, 1, 2]));
  at.write('weights.bin', Buffer.alloc(6_000_000, 3));
  await settle();
  const two = await house.ran('two');
  expect(house.troubles).toEqual([]);
  expect(two.snapshot).toMatchObject({
    repository: 'own',
    repositoryPath: join(at.project, '.git'),
    ref: `refs/benchtop/runs/${two.runId}`,
    parentId: at.git('rev-parse', 'HEAD'),
    changedMeanwhile: [],
    problem: null,
    leftOut: [{ path: 'weights.bin', reason: 'large', sizeBytes: 6_000_000 }],
  });
  const { handlers } = house.source;
  const between = await handlers.compare(
    {
      a: { runId: one.runId, at: 'snapshot' },
      b: { runId: two.runId, at: 'snapshot' },
      limit: 10,
    },
    call,
  );
  const plain = { oldPath: null };
  expect(between).toEqual({
    changeCount: 5,
    changes: [
      { path: 'added.bin', change: 'added', ...plain, addedLines: null, removedLines: null },
      { path: 'gone.py', change: 'removed', ...plain, addedLines: 0, removedLines: 2 },
      { path: 'new/name.py', change: 'renamed', oldPath: 'old/name.py', addedLines: 1, removedLines: 1 },
      { path: 'train.py', change: 'modified', ...plain, addedLines: 2, removedLines: 1 },
      { path: 'weights.bin', change: 'added', ...plain, addedLines: null, removedLines: null },
    ],
  });
  // The first run ran what was committed.
  const since = {
    a: { runId: one.runId, at: 'commit' },
    b: { runId: one.runId, at: 'snapshot' },
    limit: 10,
  } as const;
  expect(await handlers.compare(since, call)).toEqual({ changes: [], changeCount: 0 });
  expect(await handlers.file({ runId: one.runId, at: 'snapshot', path: 'train.py' }, call)).toEqual({
    text: 'lr = 0.1\nprint(lr)\n',
    sizeBytes: 19,
    isWhole: true,
  });
  expect(await handlers.file({ runId: two.runId, at: 'snapshot', path: 'added.bin' }, call)).toMatchObject({
    text: null,
  });
  expect(await handlers.file({ runId: two.runId, at: 'snapshot', path: 'gone.py' }, call)).toBeNull();
  const { files, fileCount } = await handlers.files({ runId: two.runId, at: 'snapshot', limit: 2 }, call);
  expect([files.map(({ path }) => path), fileCount]).toEqual([['added.bin', 'new/name.py'], 4]);

  const folder = join(at.root, 'restored');
  expect(await handlers.restore({ runId: two.runId, folder }, call)).toEqual({
    folder,
    fileCount: 5,
    missing: [],
  });
  expect(readFileSync(join(folder, 'train.py'), 'utf8')).toContain('lr = 0.2');
  expect(readFileSync(join(folder, 'weights.bin'))).toEqual(Buffer.alloc(6_000_000, 3));
  await expect(handlers.restore({ runId: one.runId, folder }, call)).rejects.toMatchObject({
    code: 'already-exists',
  });
  const { commitId } = await handlers.createBranch({ runId: one.runId, name: 'from-one' }, call);
  expect(at.git('rev-parse', 'from-one')).toBe(commitId);
  expect(at.git('rev-parse', '--abbrev-ref', 'HEAD')).toBe('main');
});

test('erasing a run removes its ref, or its repository where that is Benchtop’s own', async () => {
  at.git('init', '--quiet');
  at.write('train.py');
  const { runId } = await house.ran('in git');
  rmSync(join(at.project, '.git'), { recursive: true });
  const loose = await house.ran('without git');
  const repositoryPath = loose.snapshot?.repositoryPath ?? '';
  expect(loose.snapshot).toMatchObject({ repository: 'private', parentId: null });
  expect(existsSync(repositoryPath)).toBe(true);
  // The first repository comes back, as from a disk that was not there.
  at.git('init', '--quiet');
  const { ref } = await keptRef(runId);
  await erase(runId, loose.runId);
  await house.source.removeErased();
  expect(existsSync(repositoryPath)).toBe(false);
  expect(at.git('for-each-ref', ref)).toBe('');
  expect(house.store.now((db) => db.prepare('SELECT count(*) FROM erased_snapshot').pluck().get())).toBe(0);
  expect(house.troubles).toEqual([]);

  async function keptRef(id: string) {
    at.write('train.py');
    at.git('add', '.');
    at.git('commit', '-qm', 'again');
    const name = `refs/benchtop/runs/${id}`;
    at.git('update-ref', name, 'HEAD');
    return { ref: name };
  }
});

test('a run that was recorded elsewhere has none; one whose engine ended says so', async () => {
  const { id } = await house.tracking.createRun({
    projectId: 'p',
    status: 'finished',
    command: ['python', 'train.py'],
    workingFolder: at.project,
    source: 'mlflow',
    createdAt: 1,
    startedAt: 1,
  });
  expect(await house.source.handlers.snapshot({ runId: id }, call)).toBeNull();
  await expect(
    house.source.handlers.files({ runId: id, at: 'snapshot', limit: 1 }, call),
  ).rejects.toMatchObject({
    code: 'not-found',
  });
  at.write('train.py');
  const { runId } = await house.ran('cut short');
  await house.store.write('test.cut', (db) => db.prepare('UPDATE snapshot SET commit_id = NULL').run());
  await house.source.recover();
  expect((await house.source.handlers.snapshot({ runId }, call))?.problem).toBe(
    'Benchtop ended while it was taken.',
  );
});

test('a repository that cannot be written keeps its snapshots below the home, on top of its own commits', async () => {
  at.git('init', '--quiet', '-b', 'main');
  at.write('train.py', 'one\n');
  at.git('add', '.');
  at.git('commit', '-qm', 'first');
  at.write('train.py', 'two\n');
  // Root may write everywhere; a mount that is read-only stops root too, where the machine lets it be made.
  const mounted = mountReadOnly(at.project);
  if (!mounted) return console.log('not tested: no mount can be made here');
  try {
    await settle();
    const { snapshot } = await house.ran('read-only');
    expect(snapshot).toMatchObject({
      repository: 'private',
      parentId: at.git('rev-parse', 'HEAD'),
      problem: null,
    });
    const both = { runId: snapshot?.runId ?? '' };
    const { changes } = await house.source.handlers.compare(
      {
        a: { ...both, at: 'commit' },
        b: { ...both, at: 'snapshot' },
        limit: 10,
      },
      call,
    );
    expect(changes).toMatchObject([{ path: 'train.py', change: 'modified', addedLines: 1, removedLines: 1 }]);
  } finally {
    execFileSync('umount', [at.project]);
  }
});

function mountReadOnly(folder: string): boolean {
  try {
    execFileSync('mount', ['--bind', '-o', 'ro', folder, folder], { stdio: 'ignore' });
    execFileSync('mount', ['-o', 'remount,ro,bind', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('a folder that is no project, or too large, is not walked', async () => {
  mkdirSync(join(at.project, 'many'));
  for (let index = 0; index <= 20_000; index++) writeFileSync(join(at.project, 'many', `${index}`), '');
  const { snapshot } = await house.ran('large');
  expect(snapshot?.commitId).toBeNull();
  expect(snapshot?.problem).toMatch(/^No snapshot: too large, .* more than 20000 files\.$/);
});

async function erase(...runIds: string[]) {
  await house.store.write('test.erase', (db) => {
    for (const runId of runIds) db.prepare('DELETE FROM run WHERE run_id = ?').run(runId);
  });
}
