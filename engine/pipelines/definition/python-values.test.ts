import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { readPythonValues } from './python-values.ts';

const text = `
"""A module. WORD = "not this" """
import os
A = 1  # a comment
B: float = 2.5e-3
C = 'it\\'s' # with = and # in it
D = [1, "two", None, True,
     [3]]
E = {"k": 1, 'l': {"m": [1.0]}}
F = os.environ.get("X")
G = A + 1
H = """three
lines"""
I = -5
J = 1_000
K = {1, 2}
a = b = 3
if A == 1:
    L = 9
class Train(Base):
    "doc"
    lr = 0.1
    class Inner:
        deep = "x"
    def __init__(self, x=1):
        self.depth = 4
        local = 5
        self.width: int = 6
    def other(self):
        self.no = 7
    after = 8
def f():
    M = 1
N = r'\\d'
`;

test('constants are read as Python has them', () => {
  const read = readPythonValues(text);
  expect(read).toEqual({
    A: 1n,
    B: 0.0025,
    C: "it's",
    D: [1n, 'two', null, true, [3n]],
    E: { k: 1n, l: { m: [1] } },
    H: 'three\nlines',
    I: -5n,
    J: 1000n,
    K: [1n, 2n],
    Train: { lr: 0.1, Inner: { deep: 'x' }, depth: 4n, width: 6n, after: 8n },
    N: '\\d',
  });
  // Python's own reader agrees on the values of the module.
  const script = `import ast, json, sys
tree = ast.parse(sys.stdin.read())
out = {}
for node in tree.body:
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0] if len(node.targets) == 1 else None
        if target is None: continue
        try: out[target.id] = ast.literal_eval(node.value)
        except ValueError: continue
print(json.dumps({k: sorted(v) if isinstance(v, set) else v for k, v in out.items()}))`;
  const theirs = JSON.parse(
    execFileSync('python3', ['-c', script], { input: text, encoding: 'utf8' }),
  ) as object;
  const { Train: _, ...ours } = read;
  expect(
    JSON.parse(
      JSON.stringify(ours, (_key, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
    ),
  ).toEqual(theirs);
});
