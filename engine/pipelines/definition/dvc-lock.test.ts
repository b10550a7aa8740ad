import { expect, test } from 'vitest';
import { readDvcLock } from './index.ts';
import { fixtureProject } from './fixture-project.ts';

const lock = `schema: '2.0'
stages:
  train@a:
    cmd: python train.py
    deps:
    - path: ../data
      hash: md5
      md5: 20b786b6e6f80e2b3fcf17827ad18597.dir
      size: 6
      nfiles: 2
    - path: train.py
      md5: d8e8fca2dc0f896fd7cb4cb0031ba249
      size: 5
    params:
      params.yaml:
        lr: 0.1
        train.epochs: 3
    outs:
    - path: model.pkl
      hash: md5
      md5: b026324c6904b2a9cb4b88d6d61c81d1
      size: 2
`;

test('the lock is read with paths of the project', async () => {
  const project = fixtureProject({ 'dvc.lock': lock });
  const read = await readDvcLock(
    project,
    'dvc.yaml',
    new Map([['train@a', { workingFolder: 'src', lockNames: {} }]]),
  );
  expect(read?.get('train@a')).toEqual({
    commands: ['python train.py'],
    deps: [
      {
        path: 'data',
        md5: '20b786b6e6f80e2b3fcf17827ad18597',
        hashName: 'md5',
        isFolder: true,
        sizeBytes: 6,
        fileCount: 2,
      },
      {
        path: 'src/train.py',
        md5: 'd8e8fca2dc0f896fd7cb4cb0031ba249',
        hashName: 'md5-dos2unix',
        isFolder: false,
        sizeBytes: 5,
        fileCount: null,
      },
    ],
    params: { 'src/params.yaml': { lr: 0.1, 'train.epochs': 3n } },
    outs: [expect.objectContaining({ path: 'src/model.pkl', hashName: 'md5' })],
  });
});

test('the lock of a sub-folder names stages as the pipeline does; what is no lock of DVC is none', async () => {
  const project = fixtureProject({
    'sub/dvc.lock': lock,
    'dvc.lock': 'stages: {}\n',
    'bad/dvc.lock': 'a: [\n',
  });
  const read = await readDvcLock(project, 'sub/dvc.yaml', new Map());
  expect([...(read?.keys() ?? [])]).toEqual(['sub/dvc.yaml:train@a']);
  expect(read?.values().next().value?.deps[0]?.path).toBe('data');
  expect(await readDvcLock(project, 'dvc.yaml', new Map())).toBeNull();
  expect(await readDvcLock(project, 'bad/dvc.yaml', new Map())).toBeNull();
  expect(await readDvcLock(project, 'none/dvc.yaml', new Map())).toBeNull();
});
