import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PipelineStage, StageReason } from '../../../contract/index.ts';
import { readPipeline } from '../definition/index.ts';
import { pythonEnvironment } from '../../fixture-python.ts';
import { yamlLines, type LockValue } from '../dvc-lock/yaml-text.ts';
import { openStalenessHouse } from './fixture-staleness.ts';

const dvc = pythonEnvironment('.venv-dvc');
if ('reason' in dvc) console.log(`Not beside DVC: ${dvc.reason}`);
const python = 'python' in dvc ? dvc.python : '';

let house: Awaited<ReturnType<typeof openStalenessHouse>>;
let stages: PipelineStage[] = [];
beforeEach(async () => {
  house = await openStalenessHouse(() => stages);
});
afterEach(() => house.close());

const definition = `stages:
  prepare:
    cmd: mkdir -p work && cat data/*.csv > work/all.csv && cp data/*.csv work/
    deps: [data, prepare.py]
    params: [split.seed]
    outs: [work]
  train:
    cmd: >-
      wc -c < work/all.csv > model.txt && echo '{"acc": 0.5}' > metrics.json && echo one two three four five six seven
      eight nine ten
    deps: [work/all.csv, train.py]
    params: [train, other.yaml: [depth]]
    outs:
      - model.txt
    metrics:
      - metrics.json: {cache: false}
  alone:
    cmd: echo hello > alone.txt
    outs: [alone.txt]
  always:
    cmd: echo x
`;

function write(root: string, path: string, content: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content);
}

function make(root: string): void {
  write(root, 'dvc.yaml', definition);
  write(root, 'params.yaml', 'split: {seed: 7}\ntrain:\n  lr: 1.0\n  steps: 10\n  name: "no"\n');
  write(root, 'other.yaml', 'depth: 3\n');
  for (const name of ['a', 'b', 'ü']) write(root, `data/${name}.csv`, `${name},1\n`);
  write(root, 'prepare.py', 'pass\n');
  write(root, 'train.py', 'pass\n');
}

const edits: Record<string, (root: string) => void> = {
  nothing: () => undefined,
  'a file of a folder': (root) => write(root, 'data/b.csv', 'B,2\n'),
  'a file more': (root) => write(root, 'data/c.csv', 'c,3\n'),
  'a dep': (root) => write(root, 'train.py', 'print(1)\n'),
  'a dep away': (root) => rmSync(join(root, 'train.py')),
  'a param': (root) =>
    write(root, 'params.yaml', 'split: {seed: 7}\ntrain:\n  lr: 0.5\n  steps: 10\n  name: "no"\n'),
  'a param of another file': (root) => write(root, 'other.yaml', 'depth: 4\n'),
  'an output away': (root) => rmSync(join(root, 'model.txt')),
  'an output': (root) => write(root, 'work/all.csv', 'mine'),
  'a metric': (root) => write(root, 'metrics.json', '{}'),
  'a command': (root) => write(root, 'dvc.yaml', definition.replace('echo hello', 'echo hi')),
};

test.skipIf('reason' in dvc)(
  'the same reasons as `dvc status`, after every kind of edit',
  async () => {
    const original = join(house.root, 'original');
    make(original);
    runDvc(original, 'init', '--no-scm', '--quiet');
    runDvc(original, 'repro', '--quiet');
    for (const [name, edit] of Object.entries(edits)) {
      rmSync(house.projectPath, { recursive: true });
      cpSync(original, house.projectPath, { recursive: true });
      edit(house.projectPath);
      stages = (await readPipeline(house.projectPath))?.stages ?? [];
      const theirs = JSON.parse(runDvc(house.projectPath, 'status', '--json')) as Record<string, DvcStatus>;
      const ours: Record<string, string[]> = {};
      const remade = new Set<string>();
      for (const { name: stage, reasons } of await house.status()) {
        const told = [...new Set(reasons.flatMap(asDvc))].toSorted();
        if (told.length > 0) ours[stage] = told;
        if (reasons.some(({ kind }) => kind === 'upstream')) remade.add(stage);
      }
      // What a stage upstream is about to write, DVC holds against the lock; we say that it will be written.
      const expected = Object.entries(theirs)
        .map(([stage, status]) => [
          stage,
          flat(status).filter((told) => !remade.has(stage) || !told.includes(' work')),
        ])
        .filter(([, told]) => told?.length !== 0);
      expect(ours, name).toEqual(Object.fromEntries(expected));
    }
  },
  300_000,
);

test.skipIf('reason' in dvc)(
  'dvc.lock after our run is the one that DVC writes',
  async () => {
    const theirs = join(house.root, 'theirs');
    make(theirs);
    make(house.projectPath);
    for (const root of [theirs, house.projectPath]) {
      runDvc(root, 'init', '--no-scm', '--quiet');
      runDvc(root, 'repro', '--quiet');
      edits['a param']?.(root);
      edits['a file more']?.(root);
      edits['a command']?.(root);
    }
    const lock = (root: string) => readFileSync(join(root, 'dvc.lock'), 'utf8');
    expect(lock(house.projectPath)).toBe(lock(theirs));
    stages = (await readPipeline(house.projectPath))?.stages ?? [];
    await house.repro();
    runDvc(theirs, 'repro', '--quiet');
    expect(lock(house.projectPath)).toBe(lock(theirs));
    // DVC's cache is not filled by us: `dvc commit` does that, and changes nothing in the lock.
    const status = () =>
      JSON.parse(runDvc(house.projectPath, 'status', '--json')) as Record<string, DvcStatus>;
    expect(new Set(Object.values(status()).flatMap(flat))).toEqual(
      new Set([
        'always changed',
        ...['work', 'model.txt', 'alone.txt'].map((path) => `not in cache ${path}`),
      ]),
    );
    runDvc(house.projectPath, 'commit', '--force', '--quiet');
    expect(Object.keys(status())).toEqual(['always']);
    expect(lock(house.projectPath)).toBe(lock(theirs));
  },
  300_000,
);

test.skipIf('reason' in dvc)(
  'paths that are absolute, begin with ./ or name a remote stand in dvc.lock as DVC names them, and are read from there',
  async () => {
    const { projectPath: root } = house;
    const shared = join(house.root, 'shared');
    write(root, 'data/a.csv', 'a,1\n');
    write(root, 'data/b.csv', 'b,1\n');
    write(root, 'other.yaml', 'depth: 3\n');
    write(shared, 'in.txt', 'in');
    write(shared, 'store/x.csv', 'x');
    write(
      root,
      'dvc.yaml',
      `stages:
  away:
    cmd: cat ${shared}/in.txt data/a.csv > ${shared}/out.txt && cat data/b.csv > result.txt
    deps: [${shared}/in.txt, ${root}/data/b.csv, ./data/a.csv, remote://store/x.csv, ../shared//store/]
    params: [other.yaml: [depth]]
    outs:
      - ./result.txt
      - ${shared}/out.txt: {cache: false}
  below:
    wdir: sub
    cmd: cat ${root}/result.txt > copy.txt
    deps: [${root}/result.txt]
    outs: [${root}/sub/copy.txt]
`,
    );
    write(root, 'sub/.keep', '');
    runDvc(root, 'init', '--no-scm', '--quiet');
    runDvc(root, 'remote', 'add', 'store', join(shared, 'store'));
    runDvc(root, 'repro', '--quiet');
    const lock = () => readFileSync(join(root, 'dvc.lock'), 'utf8');
    stages = (await readPipeline(root))?.stages ?? [];
    const states = async () => (await house.status()).map(({ name, state }) => `${name} ${state}`);
    expect(await states()).toEqual(['away up-to-date', 'below up-to-date']);
    const before = lock();
    for (const file of ['in.txt', 'store/x.csv']) {
      write(shared, file, `${file} again`);
      expect(await states()).toEqual(['away stale', 'below stale']);
      await house.repro();
      const ours = lock();
      expect(ours).not.toBe(before);
      runDvc(root, 'commit', '--force', '--quiet');
      expect(lock()).toBe(ours);
      expect(JSON.parse(runDvc(root, 'status', '--json'))).toEqual({});
    }
  },
  300_000,
);

test.skipIf('reason' in dvc)(
  'values are written as ruamel.yaml writes them for DVC',
  () => {
    const values: LockValue[] = [];
    const words = [
      'a',
      'python',
      '-m',
      "'x y'",
      '"q"',
      '&&',
      '--lr=0.1',
      '#',
      ': ',
      'ü',
      '\\n',
      '${A}',
      ' ',
      '\t',
      '~',
    ];
    let seed = 1;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 3000; round++)
      values.push(
        Array.from({ length: random(30) }, () => words[random(words.length)]).join(
          random(6) === 0 ? '\n' : ' ',
        ),
      );
    values.push(
      '',
      '1',
      '0x1f',
      '1e5',
      '2024-01-01',
      'null',
      'yes',
      '-',
      '- a',
      '? b',
      'a: b',
      '[x]',
      '{x}',
      '%x',
      '@x',
      '`x`',
      '!x',
      '.5',
      '1_000',
      'a:',
      ':a',
    );
    values.push('x'.repeat(200), `${'x'.repeat(90)} ${'y'.repeat(90)} z`);
    const program = `
import json, sys
from dvc.utils.serialize import dumps_yaml
print(json.dumps([dumps_yaml({'stages': {'s': {'cmd': v, 'l': [v]}}}) for v in json.load(sys.stdin)]))`;
    const theirs = JSON.parse(
      execFileSync(python, ['-c', program], {
        input: JSON.stringify(values),
        encoding: 'utf8',
        maxBuffer: 1e8,
      }),
    ) as string[];
    const differing = values.filter((value, at) => {
      const ours = ['stages:', '  s:', ...yamlLines({ cmd: value, l: [value] }, 4)].join('\n');
      return `${ours}\n` !== theirs[at];
    });
    console.info(
      `${values.length - differing.length} of ${values.length} texts byte for byte as DVC writes them`,
    );
    expect(differing.slice(0, 3)).toEqual([]);
  },
  120_000,
);

type DvcStatus = (string | Record<string, Record<string, unknown>>)[];

/** `[{"changed deps": {"data": "modified", "params.yaml": {"train": "modified"}}}]` in the words below. */
function flat(status: DvcStatus): string[] {
  const told = status.flatMap((part) =>
    typeof part === 'string'
      ? [part]
      : Object.values(part).flatMap((changes) =>
          Object.entries(changes).flatMap(([path, change]) =>
            typeof change === 'string'
              ? [`${change} ${path}`]
              : Object.entries(change as Record<string, string>).map(
                  ([name, how]) => `${how} ${path}:${name}`,
                ),
          ),
        ),
  );
  return [...new Set(told)].toSorted();
}

/** A reason in DVC's words, which names a param as the stage does; what lies upstream it does not look at. */
function asDvc(reason: StageReason): string[] {
  const how = { modified: 'modified', missing: 'deleted', new: 'new' } as const;
  switch (reason.kind) {
    case 'always-changed':
      return ['always changed'];
    case 'command':
      return ['changed command'];
    case 'dep':
    case 'output':
      return reason.change in how ? [`${how[reason.change as keyof typeof how]} ${reason.path}`] : [];
    case 'param':
      return [
        `modified ${reason.file}:${reason.name
          .split('.')
          .slice(0, reason.name.startsWith('split') ? 2 : 1)
          .join('.')}`,
      ];
    default:
      return [];
  }
}

function runDvc(cwd: string, ...args: string[]): string {
  return execFileSync(join(python, '../dvc'), args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, DVC_NO_ANALYTICS: '1' },
  });
}
