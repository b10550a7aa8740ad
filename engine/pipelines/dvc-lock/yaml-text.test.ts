import { expect, test } from 'vitest';
import { yamlLines } from './yaml-text.ts';

// What ruamel.yaml 0.18 makes of the same values, as DVC uses it; beside-dvc.long.test.ts asks it for many more.
test('text is plain where it may be, quoted where it must be, and broken beyond 80 columns', () => {
  const long =
    'echo "long command line with : colon and # hash and \'quotes\' and more words to make it longer than eighty columns so that folding" > all.txt\n';
  expect(
    yamlLines(
      {
        cmd: long,
        true: 'true',
        version: '2.0',
        empty: '',
        plain: "it's yes",
        hash: 'a #b',
        numbers: [1n, 1, 1e-5, 1e16, 0.1, 123456789n],
        nested: [{ a: null, b: [] }, [true, {}]],
      },
      4,
    ).join('\n'),
  ).toBe(`    cmd: "echo \\"long command line with : colon and # hash and 'quotes' and more words
      to make it longer than eighty columns so that folding\\" > all.txt\\n"
    'true': 'true'
    version: '2.0'
    empty: ''
    plain: it's yes
    hash: 'a #b'
    numbers:
    - 1
    - 1.0
    - 1e-05
    - 1e+16
    - 0.1
    - 123456789
    nested:
    - a:
      b: []
    - - true
      - {}`);
});
