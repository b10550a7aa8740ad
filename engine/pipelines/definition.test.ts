import { expect, test } from 'vitest';
import { parsePipeline } from './definition.ts';

const stages = (body: string, values: unknown = {}) => parsePipeline('dvc.yaml', `stages:\n${body}`, values);

test('stages come in an order in which they can run, joined by what they read and write', () => {
  const { stages: ordered, problems } = stages(`
  train:
    cmd: train
    deps: [work]
    outs:
      - model.pkl: {cache: false}
  prepare:
    cmd: [one, two]
    wdir: src dir
    outs: [work/a.csv, ./work/b.csv]
  report: {cmd: report, deps: [model.pkl]}`);
  expect(problems).toEqual([]);
  expect(ordered.map(({ name, upstream }) => [name, upstream])).toEqual([
    ['prepare', []],
    ['train', ['prepare']],
    ['report', ['train']],
  ]);
  expect(ordered[0]).toMatchObject({ commands: ['one', 'two'], workingFolder: 'src dir' });
});

test('values fill ${…} in commands and paths, and one that is missing is told', () => {
  const text = '  fit:\n    cmd: fit ${train.lr} ${list[1]} \\${HOME} ${nowhere}\n    outs: ["${out}/m"]';
  const { stages: read, problems } = stages(text, { train: { lr: 0.1 }, list: ['a', 'b'], out: 'x' });
  expect(read[0]).toMatchObject({
    commands: ['fit 0.1 b ${HOME} ${nowhere}'],
    outputs: [{ path: 'x/m' }],
  });
  expect(problems).toMatchObject([{ line: 3, message: expect.stringContaining('nowhere') }]);
});

test.each([
  ['  a: {cmd: x', 'YAML', /./],
  ['  a: {deps: [x]}', 'a stage without a command', /"a": cmd/],
  ['  a: {cmd: x, deps: 5}', 'deps that are no list', /"a": deps/],
  [
    '  a: {cmd: x, deps: [b], outs: [c]}\n  b: {cmd: x, deps: [c], outs: [b]}',
    'a circle',
    /needs its own output/,
  ],
])('%s is a mistake with a place: %s', (body, _what, message) => {
  const { problems } = stages(body);
  expect(problems.length).toBeGreaterThan(0);
  expect(problems[0]?.message).toMatch(message);
  expect(problems[0]?.line).toBeGreaterThanOrEqual(2);
  expect(problems[0]?.fix).not.toBe('');
});

test('a file without stages says so', () => {
  expect(parsePipeline('benchtop.yaml', 'vars: []', {}).problems[0]?.message).toContain('no `stages`');
});
