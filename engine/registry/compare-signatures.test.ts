import { expect, test } from 'vitest';
import { compareSignatures } from './compare-signatures.ts';
import { mlmodelText } from './fixture-registry.ts';
import { readMlmodel } from './read-mlmodel.ts';

type Column = Record<string, unknown>;
const column = (name: string, type: string, more: Column = {}): Column => ({
  type,
  name,
  required: true,
  ...more,
});
const tensor = (dtype: string, shape: number[], name?: string): Column => ({
  type: 'tensor',
  'tensor-spec': { dtype, shape },
  ...(name === undefined ? {} : { name }),
});
const signature = (inputs: Column[], outputs?: Column[]) =>
  readMlmodel(mlmodelText(inputs, outputs)).signature;

const compared = (before: Column[], after: Column[]) => {
  const { changes } = compareSignatures(signature(before), signature(after));
  return changes.map(({ name, kind, isBreaking }) => `${name} ${kind}${isBreaking ? ' breaks' : ''}`);
};

test.each<[string, Column[], Column[], string[]]>([
  ['the same', [column('x', 'double')], [column('x', 'double')], []],
  ['a required column is new', [], [column('x', 'double')], ['x added breaks']],
  ['an optional column is new', [], [column('x', 'double', { required: false })], ['x added']],
  [
    'optional as MLflow wrote it before 2.7',
    [],
    [{ type: 'double', name: 'x', optional: true }],
    ['x added'],
  ],
  ['a column is gone', [column('x', 'double')], [], ['x removed']],
  [
    'a column may be left out now',
    [column('x', 'double')],
    [column('x', 'double', { required: false })],
    ['x required-changed'],
  ],
  [
    'a column has to be there now',
    [column('x', 'double', { required: false })],
    [column('x', 'double')],
    ['x required-changed breaks'],
  ],
  [
    'named columns in another order',
    [column('x', 'long'), column('y', 'long')],
    [column('y', 'long'), column('x', 'long')],
    ['inputs moved'],
  ],
  [
    'a size that was open is fixed',
    [tensor('float32', [-1, 28])],
    [tensor('float32', [1, 28])],
    ['0 type-changed breaks'],
  ],
  [
    'a size that was fixed is open',
    [tensor('float32', [1, 28])],
    [tensor('float32', [-1, 28])],
    ['0 type-changed'],
  ],
  [
    'a tensor of another type',
    [tensor('float32', [-1])],
    [tensor('float64', [-1])],
    ['0 type-changed breaks'],
  ],
  [
    'a type within a type',
    [column('x', 'array', { items: { type: 'string' } })],
    [column('x', 'array', { items: { type: 'long' } })],
    ['x type-changed breaks'],
  ],
])('inputs: %s', (_name, before, after, expected) => expect(compared(before, after)).toEqual(expected));

// What `mlflow.models.utils._enforce_mlflow_datatype` of MLflow 3.18 takes, tried with every pair of its types.
const taken: Readonly<Record<string, readonly string[]>> = {
  boolean: ['boolean'],
  integer: ['integer'],
  long: ['long', 'integer'],
  float: ['float'],
  double: ['double', 'float', 'integer'],
  string: ['string'],
  datetime: ['datetime'],
};
test.each(Object.keys(taken))('where %s is declared, what MLflow makes of it is taken', (declared) => {
  for (const given of Object.keys(taken)) {
    const { isBreaking } = compareSignatures(
      signature([column('x', given)]),
      signature([column('x', declared)]),
    );
    expect(!isBreaking, `${given} for ${declared}`).toBe(taken[declared]?.includes(given));
  }
});

test('outputs: what a reader may miss breaks, what is new does not', () => {
  const outputs = (after: Column[]) =>
    compareSignatures(signature([], [column('p', 'double')]), signature([], after)).changes.map(
      ({ kind, isBreaking }) => [kind, isBreaking],
    );
  expect(outputs([column('p', 'double'), column('q', 'double')])).toEqual([['added', false]]);
  expect(outputs([])).toEqual([['removed', true]]);
  expect(outputs([column('p', 'float')])).toEqual([['type-changed', true]]);
});

test('params: another default is told', () => {
  const withDefault = (value: number) =>
    readMlmodel(
      `flavors: {}\nsignature:\n  inputs: '[]'\n  params: '[{"name": "k", "type": "long", "default": ${value}, "shape": null}]'`,
    ).signature;
  expect(compareSignatures(withDefault(1), withDefault(2))).toMatchObject({
    isBreaking: false,
    changes: [{ part: 'params', name: 'k', kind: 'default-changed', before: '1', after: '2' }],
  });
});

test('a signature where there was none breaks who was never checked', () => {
  expect(compareSignatures(null, signature([]))).toMatchObject({ isBreaking: true, changes: [] });
  expect(compareSignatures(signature([]), null)).toMatchObject({ isBreaking: false });
  expect(compareSignatures(null, null)).toMatchObject({ isBreaking: false });
});

test.each([
  'flavors: [1]',
  'signature:\n  inputs: "no json"',
  '\t- :',
  'signature:\n  inputs: \'[{"name": 5}]\'',
])('%j is refused in words', (text) =>
  expect(() => readMlmodel(text)).toThrow('The MLmodel file could not be understood.'),
);
