import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PipelineStage } from '../../../contract/index.ts';
import { fixtureStage } from '../../../contract/fixture-pipeline.ts';
import { objectReferences as dataReferences } from '../../data/index.ts';
import { binnedRuns, eraseRuns, objectReferences as trackingReferences } from '../../tracking/index.ts';
import { openStalenessHouse } from './fixture-staleness.ts';

let house: Awaited<ReturnType<typeof openStalenessHouse>>;
let stages: PipelineStage[];

const written = (path: string, more: Partial<PipelineStage['outputs'][number]> = {}) => ({
  path,
  kind: 'output' as const,
  isCached: true,
  isPersistent: false,
  ...more,
});

/** The stage of that name, otherwise made. */
function change(name: string, more: Partial<PipelineStage>): void {
  stages = stages.map((stage) => (stage.name === name ? { ...stage, ...more } : stage));
}

beforeEach(async () => {
  stages = [
    fixtureStage({
      name: 'prepare',
      commands: ['mkdir -p work', 'cat data/* > work/all.txt'],
      deps: ['data'],
      outputs: [written('work')],
    }),
    fixtureStage({
      name: 'train',
      commands: ['wc -c < work/all.txt > model && cp params.yaml used'],
      deps: ['work/all.txt'],
      params: [{ file: 'params.yaml', names: ['train', 'seed'] }],
      outputs: [written('model'), written('used', { isCached: false })],
      upstream: ['prepare'],
    }),
  ];
  house = await openStalenessHouse(() => stages);
  house.write('data/a', 'one\n');
  house.write('data/b', 'two\n');
  house.write('params.yaml', 'train: {lr: 0.1, depth: 3}\nseed: 7\n');
});
afterEach(() => house.close());

const upToDate = { prepare: 'up-to-date', train: 'up-to-date' };
const read = (path: string) => readFileSync(join(house.projectPath, path), 'utf8');

test('a stage runs once, and is up to date until something that it depends on differs, which is named', async () => {
  expect(await house.why()).toEqual({
    prepare: 'stale; never-run',
    train: 'stale; never-run; upstream prepare',
  });
  expect(await house.repro()).toEqual({ prepare: 'ran', train: 'ran' });
  expect(await house.why()).toEqual(upToDate);

  house.write('data/b', 'TWO\n');
  house.write('data/c', 'three\n');
  const [prepare, train] = await house.status();
  expect(prepare?.reasons).toMatchObject([
    {
      kind: 'dep',
      path: 'data',
      change: 'modified',
      fileCount: 2,
      files: [
        { path: 'b', change: 'modified' },
        { path: 'c', change: 'added' },
      ],
    },
  ]);
  expect(train).toMatchObject({ state: 'stale', reasons: [{ kind: 'upstream', stage: 'prepare' }] });
  expect(await house.repro()).toEqual({ prepare: 'ran', train: 'ran' });

  house.write('params.yaml', 'train: {lr: 0.2}\nseed: 7\nother: 1\n');
  expect((await house.why())['train']).toBe(
    'stale; param params.yaml train.depth 3; param params.yaml train.lr 0.1 0.2',
  );
  house.write('params.yaml', 'train: {lr: 0.1, depth: 3}\nseed: 7\n');
  change('train', { commands: ['true'], env: { MODE: 'fast' } });
  expect((await house.why())['train']).toBe(
    'stale; environment MODE fast; command wc -c < work/all.txt > model && cp params.yaml used true',
  );
});

test('what comes out the same as before does not make the stages behind it run', async () => {
  await house.repro();
  change('prepare', { commands: ['mkdir -p work; cat data/a data/b > work/all.txt'] });
  expect((await house.why())['train']).toBe('stale; upstream prepare');
  expect(await house.repro()).toEqual({ prepare: 'ran', train: 'up-to-date' });
});

test('the outputs of an earlier identical run come back, also over others, with modes and links', async () => {
  change('prepare', {
    commands: [
      'mkdir -p work/deep; cat data/* > work/all.txt; chmod +x work/all.txt; ln -s ../all.txt work/deep/link',
    ],
  });
  await house.repro();
  const model = read('model');
  house.write('data/a', 'another branch\n');
  await house.repro();
  expect(read('model')).not.toBe(model);
  house.write('data/a', 'one\n');
  expect(await house.why()).toMatchObject({
    prepare: expect.stringMatching(/^restorable; dep data modified; output work modified$/),
    train: expect.stringMatching(/^restorable; dep work\/all.txt modified; output model modified$/),
  });
  expect(await house.repro()).toEqual({ prepare: 'restored', train: 'restored' });
  expect(read('model')).toBe(model);
  expect(read('work/deep/link')).toBe('one\ntwo\n');
  expect(statSync(join(house.projectPath, 'work/all.txt')).mode & 0o777).toBe(0o755);
  expect(await house.why()).toEqual(upToDate);

  rmSync(join(house.projectPath, 'model'));
  rmSync(join(house.projectPath, 'work'), { recursive: true });
  expect(await house.why()).toMatchObject({ prepare: 'restorable; output work missing' });
  expect(await house.repro()).toEqual({ prepare: 'restored', train: 'restored' });
});

test('what is collected as garbage is never what can come back; what is gone with its run has to run', async () => {
  const collect = async (references: readonly string[]) => {
    house.wait(24 * 3_600_000);
    await house.objects.removeUnreferenced(references);
    await house.objects.reclaim();
  };
  await house.repro();
  const model = read('model');
  house.write('data/a', 'another branch\n');
  await house.repro();
  house.write('data/a', 'one\n');
  await collect([...trackingReferences, ...dataReferences]);
  expect(await house.repro()).toEqual({ prepare: 'restored', train: 'restored' });
  expect(read('model')).toBe(model);

  house.write('data/a', 'another branch\n');
  const status = await house.status();
  expect(status.map(({ state }) => state)).toEqual(['restorable', 'restorable']);
  const runIds = status.map(({ runId }) => runId ?? '');
  await house.tracking.handlers.deleteRuns({ runIds }, call);
  await house.store.write('test.erase', (db) => eraseRuns(db, binnedRuns(db, { runIds })));
  expect(await house.why()).toMatchObject({ prepare: 'stale; dep data modified' });
  // Content that is lost in spite of its record is found out when it is needed.
  expect(await house.repro()).toEqual({ prepare: 'ran', train: 'ran' });
  house.write('data/a', 'one\n');
  const lost = createHash('sha256').update(model).digest('hex');
  await collect([`SELECT object_id FROM data_object WHERE object_id <> '${lost}'`]);
  expect(await house.repro()).toEqual({ prepare: 'restored', train: 'ran' });
});

test('what lies elsewhere cannot make a stage stale, which is told; another address can', async () => {
  change('train', { externalDeps: ['s3://bucket/x'] });
  await house.repro();
  const status = (await house.status())[1];
  expect(status).toMatchObject({
    state: 'up-to-date',
    warnings: [{ kind: 'external-input', address: 's3://bucket/x' }],
  });
  change('train', { externalDeps: ['s3://bucket/y'] });
  expect((await house.why())['train']).toBe(
    'stale; dep s3://bucket/y new unchecked; dep s3://bucket/x no longer read unchecked',
  );
});

test('a large output that is not cached is told by its content, and cannot come back; a small one can', async () => {
  await house.repro();
  rmSync(join(house.projectPath, 'used'));
  expect(await house.repro()).toEqual({ prepare: 'up-to-date', train: 'restored' });
  change('train', {
    commands: ['wc -c < work/all.txt > model && cp params.yaml used && truncate -s 2M used'],
  });
  await house.repro();
  rmSync(join(house.projectPath, 'used'));
  expect((await house.why())['train']).toBe('stale; output used missing');
  expect(await house.repro()).toEqual({ prepare: 'up-to-date', train: 'ran' });
  const [record] = house.staleness.history('p', 'train', 10);
  expect(record?.outputs).toMatchObject([
    { path: 'model', isKept: true },
    { path: 'used', isKept: false },
  ]);
});

test('an output that was changed by hand is kept as a data version before it is written over', async () => {
  await house.repro();
  house.write('model', 'my own work');
  expect((await house.why())['train']).toBe('restorable; output model modified');
  await house.repro();
  expect(read('model')).not.toBe('my own work');
  house.write('work/all.txt', 'mine, too');
  change('prepare', { commands: ['mkdir work; cat data/a > work/all.txt'] });
  await house.repro();
  const versions = async (path: string) => {
    const log = await house.data.handlers.log({ path: join(house.projectPath, path) }, call);
    return Promise.all(
      log.moments.map(async ({ version }) => {
        const out = join(house.root, version);
        if (!existsSync(out)) await house.data.place(version, out, call.signal);
        return statSync(out).isFile()
          ? readFileSync(out, 'utf8')
          : readFileSync(join(out, 'all.txt'), 'utf8');
      }),
    );
  };
  expect(await versions('model')).toContain('my own work');
  expect(await versions('work')).toContain('mine, too');
});
const call = { signal: new AbortController().signal };

test('inputs that change while a stage runs make its result nobody’s', async () => {
  change('prepare', { commands: ['mkdir -p work; cat data/* > work/all.txt; echo late >> data/a'] });
  expect(await house.repro()).toMatchObject({ prepare: 'ran unkept' });
  expect((await house.why())['prepare']).toBe('stale; unsettled');
});

test('a declared output that is not there after the run is a failure, and leaves no result', async () => {
  change('prepare', { outputs: [written('work'), written('forgotten')] });
  await expect(house.repro()).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('forgotten'),
  });
  expect((await house.why())['prepare']).toBe('stale; never-run');
});

test('frozen, always changed, and without deps', async () => {
  stages = [
    fixtureStage({ name: 'frozen', commands: ['cp data/a f'], deps: ['data/a'], outputs: [written('f')] }),
    fixtureStage({
      name: 'always',
      commands: ['echo x > g'],
      outputs: [written('g')],
      isAlwaysChanged: true,
    }),
    fixtureStage({ name: 'no-deps', commands: ['echo y > h'], outputs: [written('h')] }),
    fixtureStage({ name: 'nothing' }),
  ];
  await house.repro();
  change('frozen', { isFrozen: true });
  house.write('data/a', 'changed');
  expect(await house.why()).toEqual({
    frozen: 'frozen; dep data/a modified',
    always: 'stale; always-changed',
    'no-deps': 'up-to-date',
    nothing: 'stale; always-changed',
  });
  expect((await house.status())[2]?.warnings).toEqual([{ kind: 'no-deps' }]);
  expect(await house.repro()).toEqual({
    frozen: 'frozen',
    always: 'ran',
    'no-deps': 'up-to-date',
    nothing: 'ran',
  });
});

test('a persistent output stays where it is, others are removed before the stage runs', async () => {
  stages = [
    fixtureStage({
      name: 'add',
      commands: ['echo line >> log; test ! -e fresh && echo > fresh'],
      deps: ['data/a'],
      outputs: [written('log', { isPersistent: true }), written('fresh')],
    }),
  ];
  await house.repro();
  house.write('data/a', 'again');
  await house.repro();
  expect(read('log')).toBe('line\nline\n');
});

test('an output that is a link is removed as a link, and its target stays', async () => {
  const target = house.write('elsewhere/big', 'target');
  stages = [
    fixtureStage({
      name: 'link',
      commands: ['ln -s elsewhere/big out'],
      deps: ['data/a'],
      outputs: [written('out')],
    }),
  ];
  await house.repro();
  expect((await house.why())['link']).toBe('up-to-date');
  house.write('data/a', 'again');
  await house.repro();
  expect(readFileSync(target, 'utf8')).toBe('target');
});

test('another interpreter or package is a reason, and what is known of one is not asked again', async () => {
  const versions = join(house.root, 'pyenv/versions');
  const asked = join(house.root, 'asked');
  const install = (version: string, numpy: string) => {
    const path = join(versions, version);
    mkdirSync(join(path, `lib/python3.11/site-packages/numpy-${numpy}.dist-info`), { recursive: true });
    const answer = JSON.stringify([version, `${path}/bin/python3`, path]);
    const program = `#!/bin/sh\necho >> ${asked}\nif [ "$1" = -I ]; then echo '${answer}'; fi\n`;
    house.write(`../pyenv/versions/${version}/bin/python3`, program, 0o755);
  };
  install('3.11.2', '1.0');
  install('3.11.9', '2.0');
  house.write('../pyenv/version', '3.11.2\n');
  const shim = `#!/bin/sh\nexec ${versions}/$(cat ${house.root}/pyenv/version)/bin/python3 "$@"\n`;
  house.write('../pyenv/shims/python3', shim, 0o755);
  house.variables['PATH'] = `${house.root}/pyenv/shims:${process.env['PATH'] ?? ''}`;
  delete house.variables['PYENV_VERSION'];
  change('prepare', { commands: ['mkdir -p work; cat data/* > work/all.txt; python3 work.py'] });
  await house.repro();
  expect(await house.why()).toEqual(upToDate);
  const asks = read('../asked').length;
  await house.why();
  expect(read('../asked').length).toBe(asks);

  const packages = join(versions, '3.11.2/lib/python3.11/site-packages');
  mkdirSync(join(packages, 'torch-2.1.dist-info'));
  rmSync(join(packages, 'numpy-1.0.dist-info'), { recursive: true });
  expect((await house.why())['prepare']).toBe('stale; environment numpy 1.0; environment torch 2.1');
  house.write('../pyenv/version', '3.11.9\n');
  expect((await house.why())['prepare']).toBe(
    'stale; environment python python 3.11.2 python 3.11.9; environment numpy 1.0 2.0',
  );
});

test('a file that cannot be read is told as such', async () => {
  if (process.getuid?.() === 0) return; // root reads everything
  chmodSync(join(house.projectPath, 'work/all.txt'), 0);
  await expect(house.status()).rejects.toMatchObject({ code: 'file-unreadable' });
});

test('files that a run was seen reading and that nothing declares are told', async () => {
  house.write('conf.yaml', 'a: 1');
  symlinkSync('data', join(house.projectPath, 'alias'));
  await new Promise((resolve) => setTimeout(resolve, 30));
  const check = house.begin();
  const [stage] = stages;
  if (stage === undefined) throw new Error('no stage');
  const judged = await check.judge(stage);
  await check.prepare(stage);
  const runId = await house.startRun('prepare');
  house.write('work/all.txt', 'x');
  house.staleness.opened(
    runId,
    ['conf.yaml', 'data/a', 'work/all.txt', '.git/config', '../outside.csv'].map((path) =>
      join(house.projectPath, path),
    ),
  );
  expect(await check.commit(stage, judged, runId)).toEqual({
    isKept: true,
    note: null,
    undeclared: ['conf.yaml'],
  });
  // The second time, after a crash, changes nothing.
  expect((await check.commit(stage, judged, runId)).undeclared).toEqual(['conf.yaml']);
  const warnings = async () => (await house.status())[0]?.warnings;
  expect(await warnings()).toEqual([{ kind: 'undeclared-input', path: 'conf.yaml' }]);
  change('prepare', { deps: ['data', 'conf.yaml'] });
  expect(await warnings()).toEqual([]);
});

test.runIf(process.platform === 'linux')(
  'a large file that many stages read, some by its folder, is read once',
  async () => {
    const sizeBytes = 96 * 1024 * 1024;
    house.write('data/large', Buffer.alloc(sizeBytes, 'x'));
    stages = Array.from({ length: 8 }, (_, at) =>
      fixtureStage({
        name: `s${at}`,
        deps: [at % 2 === 0 ? 'data' : 'data/large'],
        outputs: [written(`o${at}`)],
      }),
    );
    // What was written just now may be written again unseen, and is not remembered.
    await new Promise((resolve) => setTimeout(resolve, 60));
    const before = bytesRead();
    await house.status();
    const read = bytesRead() - before;
    expect(read).toBeGreaterThanOrEqual(sizeBytes);
    expect(read).toBeLessThan(1.1 * sizeBytes);
    const again = bytesRead();
    await house.status();
    expect(bytesRead() - again).toBeLessThan(0.1 * sizeBytes);
  },
);

/** By all threads of this process (proc(5)). */
const bytesRead = (): number => Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
