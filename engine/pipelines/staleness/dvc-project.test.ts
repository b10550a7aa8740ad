import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Pipeline, PipelineStage } from '../../../contract/index.ts';
import { readPipeline } from '../definition/index.ts';
import { openStalenessHouse } from './fixture-staleness.ts';

// Both files as DVC 3.67 leaves them after `dvc repro`.
const definition = `stages:
  prep:
    cmd:
      - mkdir -p out
      - cp -r data/* out/ && chmod +x out/a
    deps: [data, code.py]
    outs: [out]
  train:
    cmd: cat out/a > model && echo '{"a":1}' > m.json && chmod +x model
    deps: [out]
    params: [train, flag, z]
    outs: [model]
    metrics:
      - m.json: {cache: false}
  wd:
    wdir: sub
    cmd: cp ../model x
    deps: [../model]
    outs: [x]
    params: [{../params.yaml: [flag]}]
`;
const lock = `schema: '2.0'
stages:
  prep:
    cmd:
    - mkdir -p out
    - cp -r data/* out/ && chmod +x out/a
    deps:
    - path: code.py
      hash: md5
      md5: 78401b8de5243b10d118413a29d9afd4
      size: 10
    - path: data
      hash: md5
      md5: c37f8bc8917fdf64a45bb6010380cdab.dir
      size: 4
      nfiles: 2
    outs:
    - path: out
      hash: md5
      md5: c37f8bc8917fdf64a45bb6010380cdab.dir
      size: 4
      nfiles: 2
  train:
    cmd: cat out/a > model && echo '{"a":1}' > m.json && chmod +x model
    deps:
    - path: out
      hash: md5
      md5: c37f8bc8917fdf64a45bb6010380cdab.dir
      size: 4
      nfiles: 2
    params:
      params.yaml:
        flag: true
        train:
          lr: 0.1
          n:
          - 1
          - 2
          s: yes
        z: 1e-05
    outs:
    - path: m.json
      hash: md5
      md5: 4588ff3797b78d819d858fa3bdd82b09
      size: 8
    - path: model
      hash: md5
      md5: b026324c6904b2a9cb4b88d6d61c81d1
      size: 2
      isexec: true
  wd:
    cmd: cp ../model x
    deps:
    - path: ../model
      hash: md5
      md5: b026324c6904b2a9cb4b88d6d61c81d1
      size: 2
      isexec: true
    params:
      ../params.yaml:
        flag: true
    outs:
    - path: x
      hash: md5
      md5: b026324c6904b2a9cb4b88d6d61c81d1
      size: 2
      isexec: true
`;

let house: Awaited<ReturnType<typeof openStalenessHouse>>;
let stages: PipelineStage[] = [];
let sources: Pipeline['sources'] = [];
const read = (path: string) => readFileSync(join(house.projectPath, path), 'utf8');

/** A fresh clone in which the outputs are there. */
beforeEach(async () => {
  house = await openStalenessHouse(
    () => stages,
    () => sources,
  );
  for (const [path, content, mode] of [
    ['dvc.yaml', definition],
    ['dvc.lock', lock],
    ['params.yaml', 'train:\n  lr: 0.1\n  n: [1, 2]\n  s: "yes"\nflag: true\nz: 1e-05\n'],
    ['code.py', 'print(1)\r\n'],
    ['data/a', '1\n'],
    ['data/b', '2\n'],
    ['out/a', '1\n', 0o755],
    ['out/b', '2\n'],
    ['model', '1\n', 0o755],
    ['m.json', '{"a":1}\n'],
    ['sub/x', '1\n', 0o755],
  ] as const)
    house.write(path, content, mode);
  await readAgain();
});
afterEach(() => house.close());

async function readAgain(): Promise<void> {
  const pipeline = await readPipeline(house.projectPath);
  stages = pipeline?.stages ?? [];
  sources = pipeline?.sources ?? [];
}

const upToDate = { prep: 'up-to-date', train: 'up-to-date', wd: 'up-to-date' };

test('a clone that DVC calls up to date is so without a run, and what differs is named as DVC names it', async () => {
  expect(await house.why()).toEqual(upToDate);
  expect((await house.status())[0]).toMatchObject({ runId: null, warnings: [{ kind: 'by-dvc-lock' }] });
  expect(await house.repro()).toEqual(upToDate);
  expect(read('dvc.lock')).toBe(lock);

  house.write('params.yaml', 'train:\n  lr: 0.2\n  n: [1, 2]\n  s: "yes"\nflag: true\nz: 1e-05\n');
  rmSync(join(house.projectPath, 'sub/x'));
  expect(await house.why()).toEqual({
    prep: 'up-to-date',
    train: 'stale; param params.yaml train.lr 0.1 0.2',
    wd: 'stale; output sub/x missing; upstream train',
  });
  house.write('data/b', 'two\n');
  expect((await house.why())['prep']).toBe('stale; dep data modified');
});

test('dvc.lock is brought up to date as DVC would write it, and a lock that another wrote counts', async () => {
  house.write('data/b', 'two\n');
  expect(await house.repro()).toEqual({ prep: 'ran', train: 'ran', wd: 'up-to-date' });
  const after = read('dvc.lock');
  expect(after).not.toBe(lock);
  expect(
    after.replaceAll(/md5: \w{32}\.dir\n( +size): 6/g, 'md5: c37f8bc8917fdf64a45bb6010380cdab.dir\n$1: 4'),
  ).toBe(lock);
  expect(await house.why()).toEqual(upToDate);
  // Back to what DVC wrote before, as after `git checkout`: the data as well.
  house.write('dvc.lock', lock);
  house.write('data/b', '2\n');
  house.write('out/b', '2\n');
  expect(await house.why()).toEqual(upToDate);
});

test('an entry that is missing is put at the end, the same as the one that DVC wrote', async () => {
  const at = lock.indexOf('  wd:\n');
  house.write('dvc.lock', lock.slice(0, at));
  expect((await house.why())['wd']).toBe('stale; never-run');
  expect(await house.repro()).toEqual({ ...upToDate, wd: 'ran' });
  expect(read('dvc.lock')).toBe(lock);
  rmSync(join(house.projectPath, 'dvc.lock'));
  house.write('data/b', 'three\n');
  await house.repro();
  expect(() => read('dvc.lock')).toThrow(/ENOENT/);
});

test('data that is not what its .dvc file says is told of the stages that read it', async () => {
  house.write('.dvc/config', '');
  house.write(
    'data.dvc',
    'outs:\n- md5: c37f8bc8917fdf64a45bb6010380cdab.dir\n  size: 4\n  nfiles: 2\n  hash: md5\n  path: data\n',
  );
  await readAgain();
  const warnings = async () =>
    (await house.status()).map((stage) => stage.warnings.filter(({ kind }) => kind !== 'by-dvc-lock'));
  expect(await warnings()).toEqual([[], [], []]);
  house.write('data/b', 'two\n');
  expect(await warnings()).toEqual([[{ kind: 'source-differs', path: 'data', file: 'data.dvc' }], [], []]);
});

test('what DVC knew of a dep that lies elsewhere stays in dvc.lock', async () => {
  const address = 'https://example.com/x.csv';
  const etag = `    - path: ${address}\n      checksum: '"a1"'\n      size: 3\n`;
  const at = lock.indexOf('    outs:\n');
  house.write('dvc.lock', lock.slice(0, at) + etag + lock.slice(at));
  house.write('dvc.yaml', definition.replace('deps: [data, code.py]', `deps: [data, code.py, "${address}"]`));
  await readAgain();
  expect(await house.why()).toEqual(upToDate);
  house.write('data/b', 'two\n');
  expect(await house.repro()).toMatchObject({ prep: 'ran' });
  expect(read('dvc.lock')).toContain(`nfiles: 2\n${etag}    outs:\n`);
});
