import fc from 'fast-check';

type Files = Readonly<Record<string, string>>;

/** Single values as a person may write them in YAML. */
const scalars = [
  '1',
  '-3',
  '1.0',
  '2.50',
  '1e-5',
  '1e3',
  '1_000',
  '0x1f',
  '0o17',
  '.5',
  'true',
  'False',
  'null',
  '~',
];
const texts = ['abc', 'yes', '"two words"', '"it\'s"', "'1'", 'x-1.5', '"true"', '"a/b"', 'é'];
const scalar = fc.constantFrom(...scalars, ...texts);
/** What can stand in the name of a stage and of a file. */
const word = fc.constantFrom(...scalars, 'abc', 'yes', "'1'", 'x-1.5', '"true"', 'b');
/** As keys of one map; Python takes `1`, `1.0` and `true` for the same. */
const key = fc.constantFrom('abc', 'yes', 'x-1.5', 'b', 'true', 'null', '2.0', '5', '.5');
const list = fc.uniqueArray(word, { minLength: 1, maxLength: 4 });
const flow = (items: readonly string[]) => `[${items.join(', ')}]`;
const map = (entries: readonly (readonly [string, string])[]) =>
  `{${entries.map(([key, value]) => `${key}: ${value}`).join(', ')}}`;

/** `s0`, `l0` and `m0` with their values; `m0` has keys k and n, and the lists are of single values. */
const values = fc.record({
  s0: scalar,
  s1: scalar,
  l0: list,
  m0: fc.tuple(scalar, scalar),
  w: fc.constant('sub'),
});

/** Names that a command may hold; few of them have no value. */
const named = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom('s0', 's1', 'l0[0]', 'm0.k', 'm0', 'own.a', 'own.b[1]') },
  { weight: 1, arbitrary: fc.constantFrom('nowhere', 'l0', 'm0.', 'l0[9]') },
);
const commandWord = fc.oneof(
  fc.constantFrom('--flag', '"a b"', '$HOME', '\\${LATER}'),
  named.map((name) => `\${${name}}`),
  named.map((name) => `x=\${ ${name} }.csv`),
);

type Kind =
  | { readonly kind: 'one' }
  | { readonly kind: 'foreach'; readonly over: string; readonly hasKey: boolean }
  | { readonly kind: 'matrix'; readonly axes: readonly (readonly [string, string])[] };
const axis = fc.oneof(
  list.map(flow),
  fc.constant('"${l0}"'),
  list.map((items) => flow([...items, '"${s0}"'])),
);
const kind: fc.Arbitrary<Kind> = fc.oneof(
  fc.constant({ kind: 'one' as const }),
  axis.map((over) => ({ kind: 'foreach' as const, over, hasKey: false })),
  fc
    .uniqueArray(fc.tuple(key, scalar), { minLength: 1, maxLength: 3, selector: ([name]) => name })
    .map((entries) => ({ kind: 'foreach' as const, over: map(entries), hasKey: true })),
  fc.constant({ kind: 'foreach' as const, over: '"${m0}"', hasKey: true }),
  fc
    .tuple(axis, axis)
    .map(([a, b]) => ({ kind: 'matrix' as const, axes: [['a', a] as const, ['b', b] as const] })),
);

const stage = fc.record({
  kind,
  words: fc.array(commandWord, { maxLength: 4 }),
  isList: fc.boolean(),
  wdir: fc.constantFrom(null, null, 'sub', '"${w}"', '.'),
  readsBefore: fc.boolean(),
  params: fc.subarray(['s0', 'm0.k', 'm0', '{params.yaml: [s1]}']),
  flags: fc.subarray(['frozen: true', 'always_changed: true', 'desc: "at ${s1}"', 'vars: [{mine: 1}]']),
  isCached: fc.boolean(),
});

/** Projects of DVC with values, templates, foreach, matrix and working folders: mostly such that DVC takes them. */
export const dvcProjects: fc.Arbitrary<Files> = fc
  .record({ values, stages: fc.array(stage, { minLength: 1, maxLength: 4 }) })
  .map(({ values: { s0, s1, l0, m0, w }, stages }) => {
    const params = `s0: ${s0}\ns1: ${s1}\nl0: ${flow(l0)}\nm0: {k: ${m0[0]}, n: ${m0[1]}}\nw: ${w}\n`;
    const written = stages.map((each, at) => stageText(each, at));
    return {
      'params.yaml': params,
      'sub/params.yaml': params,
      'dvc.yaml': `vars: [{own: {a: 1.0, b: [x, y]}}]\nstages:\n${written.join('')}`,
    };
  });

type Stage = typeof stage extends fc.Arbitrary<infer Value> ? Value : never;

function stageText(
  { kind: how, words, isList, wdir, readsBefore, params, flags, isCached }: Stage,
  at: number,
): string {
  const item =
    how.kind === 'one'
      ? []
      : how.kind === 'matrix'
        ? ['${item.a}', '${item.b}', '${key}']
        : how.hasKey
          ? ['${key}', '${item}']
          : ['${item}'];
  const unique = how.kind === 'one' ? '' : how.kind === 'matrix' || how.hasKey ? '-${key}' : '-${item}';
  const command = JSON.stringify(['run', ...words, ...item].join(' '));
  const up = wdir === 'sub' || wdir === '"${w}"' ? '../' : '';
  const before = at === 0 ? 'raw.csv' : `out-${at - 1}`;
  const body = [
    `cmd: ${isList ? flow([command, '"echo done"']) : command}`,
    ...(wdir === null ? [] : [`wdir: ${wdir}`]),
    `deps: ${flow([readsBefore ? `"${up}${before}"` : 'raw.csv'])}`,
    ...(params.length === 0 ? [] : [`params: ${flow(params)}`]),
    `outs: [{"${up}out-${at}${unique}": {cache: ${isCached}}}]`,
    ...flags,
  ];
  const lines = (indent: string) => body.map((line) => `${indent}${line}\n`).join('');
  if (how.kind === 'one') return `  s${at}:\n${lines('    ')}`;
  if (how.kind === 'foreach') return `  s${at}:\n    foreach: ${how.over}\n    do:\n${lines('      ')}`;
  return `  s${at}:\n    matrix: ${map(how.axes)}\n${lines('    ')}`;
}
