import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineApi } from '../../../contract/index.ts';
import { openEngine } from '../../fixture-engine.ts';
import { proposeStages, type ObservedRun } from './propose-stages.ts';

const run = (program: string, more: Partial<ObservedRun> = {}): ObservedRun => ({
  runId: program,
  command: `python ${program}`,
  program,
  script: program,
  workingFolder: '.',
  reads: [],
  writes: [],
  ...more,
});

test('one program reads what another writes, each as sure as what shows it', () => {
  const { stages, edges, leftOut } = proposeStages([
    run('train.py', {
      reads: [
        { path: 'work/ready.csv', knownBy: ['named', 'observed'] },
        { path: 'labels.csv', knownBy: ['named'] },
      ],
      writes: [{ path: 'model.pkl', known: 'observed' }],
    }),
    run('train.py', { runId: 'older', writes: [{ path: 'old.pkl', known: 'observed' }] }),
    run('src/prep.py', {
      reads: [{ path: 'raw.csv', knownBy: ['declared'] }],
      writes: [
        { path: 'work', known: 'declared' },
        { path: 'work/ready.csv', known: 'observed' },
      ],
    }),
  ]);
  expect(stages.map(({ name, deps, outs }) => ({ name, deps, outs }))).toEqual([
    {
      name: 'prep',
      deps: [
        { path: 'src/prep.py', known: 'declared' },
        { path: 'raw.csv', known: 'declared' },
      ],
      outs: [{ path: 'work', known: 'declared' }],
    },
    {
      name: 'train',
      deps: [
        { path: 'train.py', known: 'declared' },
        { path: 'work/ready.csv', known: 'observed' },
        { path: 'labels.csv', known: 'guessed' },
      ],
      outs: [{ path: 'model.pkl', known: 'observed' }],
    },
  ]);
  expect(edges).toEqual([{ from: 'prep', to: 'train', path: 'work/ready.csv', known: 'observed' }]);
  expect(leftOut).toEqual([]);
});

test('two that write one path, one that reads what it writes, and circles: what is left out is told', () => {
  const { stages, edges, leftOut } = proposeStages([
    run('a.py', {
      reads: [
        { path: 'b.txt', knownBy: ['named'] },
        { path: 'a.txt', knownBy: ['observed'] },
      ],
      writes: [{ path: 'a.txt', known: 'observed' }],
    }),
    run('b.py', {
      reads: [{ path: 'a.txt', knownBy: ['observed'] }],
      writes: [
        { path: 'b.txt', known: 'observed' },
        { path: 'a.txt', known: 'observed' },
      ],
    }),
  ]);
  expect(stages.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(edges).toEqual([{ from: 'a', to: 'b', path: 'a.txt', known: 'observed' }]);
  expect(leftOut).toEqual([
    'a.py reads a.txt and writes it; it is only an output.',
    'b.py wrote a.txt too; it is an output of a.',
    'a reads b.txt of b, which needs a itself.',
  ]);
});

let root: string;
let api: EngineApi;
let close: () => Promise<void>;
beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-proposal-')));
  ({ api, close } = await openEngine(join(root, 'home')));
});
afterAll(async () => {
  await close();
  rmSync(root, { recursive: true, force: true });
});

test('real runs of two scripts become a pipeline, which is written only where there is none', async () => {
  const folder = join(root, 'project');
  mkdirSync(folder);
  writeFileSync(join(folder, 'raw.csv'), 'a,b\n1,2\n');
  writeFileSync(join(folder, 'prep.sh'), 'sleep 0.2\nmkdir -p work\ncat "raw.csv" > work/ready.csv\n');
  writeFileSync(join(folder, 'train.sh'), 'sleep 0.2\ncat "work/ready.csv" > model.bin\n');
  const { id: projectId } = await api.projects.open({ path: folder });
  expect(await api.pipelines.proposal({ projectId })).toBeNull();
  for (const script of ['prep.sh', 'train.sh']) {
    const { runId } = await api.runner.start({ projectId, command: ['sh', script] });
    await expect
      .poll(async () => (await api.tracking.run({ runId })).status, { timeout: 20_000 })
      .toBe('finished');
    const names = async () => (await api.data.ofRun({ runId })).map(({ path }) => path);
    await expect.poll(names, { timeout: 20_000 }).not.toEqual([]);
  }
  const proposal = await api.pipelines.proposal({ projectId });
  expect(proposal?.stages.map(({ name, command, outs }) => ({ name, command, outs }))).toEqual([
    { name: 'prep', command: 'sh prep.sh', outs: [{ path: 'work/ready.csv', known: 'observed' }] },
    { name: 'train', command: 'sh train.sh', outs: [{ path: 'model.bin', known: 'observed' }] },
  ]);
  expect(proposal?.edges).toMatchObject([{ from: 'prep', to: 'train', path: 'work/ready.csv' }]);
  const text = proposal?.text ?? '';

  await expect(api.pipelines.saveProposal({ projectId, text: text.replace('deps', 'dep') })).rejects.toThrow(
    /"dep" is no key/,
  );
  const saved = await api.pipelines.saveProposal({ projectId, text });
  expect(saved).toMatchObject({ file: 'benchtop.yaml', problems: [] });
  expect(saved.stages.map(({ name, upstream }) => [name, upstream])).toEqual([
    ['prep', []],
    ['train', ['prep']],
  ]);
  expect(readFileSync(join(folder, 'benchtop.yaml'), 'utf8')).toBe(text);
  await expect(api.pipelines.saveProposal({ projectId, text })).rejects.toThrow(/benchtop\.yaml already/);
}, 60_000);
