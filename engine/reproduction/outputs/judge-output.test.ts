import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { defaultTolerance } from '../../../contract/index.ts';
import { pythonEnvironment } from '../../fixture-python.ts';
import { holdsNumbers, judgeOutput } from './judge-output.ts';
import { isClose } from './numbers.ts';
import { readSafetensors } from './read-safetensors.ts';

const environment = pythonEnvironment();
if ('reason' in environment) console.log(`Not compared with NumPy: ${environment.reason}`);
const folder = mkdtempSync(join(tmpdir(), 'benchtop-outputs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const judgeText = (path: string, a: string, b: string) =>
  judgeOutput(path, bytes(a), bytes(b), defaultTolerance);

/** Writes pairs of arrays of every kind, and says what NumPy itself holds of each pair. */
const script = `
import json, sys, numpy as np
rng = np.random.default_rng(7)
told = []
kinds = ["f2", "f4", "f8", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "?"]
for n in range(120):
    kind = kinds[n % len(kinds)]
    shape = [(), (5,), (3, 4), (2, 3, 4), (0,)][n % 5]
    a = rng.normal(0, 50, shape).astype("f8") if kind[0] == "f" else rng.integers(0, 100, shape)
    b = a * (1 + rng.choice([0, 1e-7, 1e-4])) if kind[0] == "f" else a + rng.choice([0, 0, 1])
    a, b = np.asarray(a).astype(kind), np.asarray(b).astype(kind)
    if kind[0] == "f" and a.size > 2 and n % 3 == 0:
        a.flat[0] = b.flat[0] = np.nan
        a.flat[1] = np.inf
        b.flat[1] = rng.choice([np.inf, -np.inf, 1.0])
    if a.ndim == 2 and n % 2:
        a, b = np.asfortranarray(a), np.asfortranarray(b)
    close = bool(np.allclose(a.astype("f8"), b.astype("f8"), equal_nan=True))
    ending = ["npy", "npz", "zip.npz"][n % 3]
    for side, x in (("a", a), ("b", b)):
        name = f"{sys.argv[1]}/{n}-{side}.{ending}"
        if ending == "npy": np.save(name, x)
        elif ending == "npz": np.savez(name, one=x, two=np.arange(3))
        else: np.savez_compressed(name, one=x, two=np.arange(3))
    told.append([n, ending, close])
np.save(f"{sys.argv[1]}/object.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
print(json.dumps(told))
`;

test.skipIf('reason' in environment)(
  'arrays are close exactly where NumPy says so, for every kind of number',
  async () => {
    const python = 'python' in environment ? environment.python : '';
    const told = JSON.parse(
      execFileSync(python, ['-W', 'ignore', '-c', script, folder], { encoding: 'utf8' }),
    ) as [number, string, boolean][];
    for (const [number, ending, isTrue] of told) {
      const read = (side: string) =>
        new Uint8Array(readFileSync(join(folder, `${number}-${side}.${ending}`)));
      const { state } = await judgeOutput(`x.${ending}`, read('a'), read('b'), defaultTolerance);
      expect(state, `pair ${number}`).toBe(isTrue ? 'within' : 'differs');
    }
    expect(new Set(told.map(([, , isTrue]) => isTrue)).size).toBe(2);
    // Objects would have to be unpickled, which runs code.
    const objects = new Uint8Array(readFileSync(join(folder, 'object.npy')));
    expect(await judgeOutput('object.npy', objects, bytes('x'), defaultTolerance)).toMatchObject({
      state: 'other bytes',
    });
  },
);

/** As the format's specification lays it out. */
function safetensors(
  tensors: Readonly<Record<string, { dtype: string; shape: number[]; data: Uint8Array }>>,
) {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let offset = 0;
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.length] };
    offset += data.length;
  }
  const text = bytes(JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return new Uint8Array(Buffer.concat([length, text, ...Object.values(tensors).map(({ data }) => data)]));
}
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

test('safetensors are compared tensor by tensor', async () => {
  const of = (...values: number[]) =>
    safetensors({ 'layer.weight': { dtype: 'F32', shape: [values.length], data: floats(...values) } });
  const judge = (a: Uint8Array<ArrayBuffer>, b: Uint8Array<ArrayBuffer>) =>
    judgeOutput('model.safetensors', a, b, defaultTolerance);
  expect(await judge(of(1, 2), of(1.000001, 2))).toMatchObject({ state: 'within' });
  expect(await judge(of(1, 2), of(1.1, 2))).toMatchObject({
    state: 'differs',
    detail: 'greatest difference 0.1',
  });
  expect(await judge(of(1, 2), of(1, 2, 3))).toEqual({
    state: 'differs',
    detail: 'layer.weight has another shape',
    greatest: null,
  });
  expect(await judge(of(1), bytes('nothing of the kind'))).toMatchObject({ state: 'other bytes' });
  const brain = readSafetensors(
    safetensors({
      x: { dtype: 'BF16', shape: [2], data: new Uint8Array(Uint16Array.of(0x3fc0, 0xc000).buffer) },
    }),
  );
  expect(Array.from(brain?.get('x')?.values ?? [])).toEqual([1.5, -2]);
});

test('texts are compared by their numbers, with the words between them equal', async () => {
  expect(
    await judgeText('m.json', '{"auc_2": 0.5, "n": [1, 2]}', '{"auc_2": 0.5000001, "n": [1, 2]}'),
  ).toMatchObject({
    state: 'within',
    detail: 'greatest difference 1e-7',
  });
  expect(await judgeText('m.json', '{"auc_2": 0.5}', '{"auc_3": 0.5}')).toMatchObject({ state: 'differs' });
  expect(await judgeText('m.csv', 'a,b\n1,nan\n', 'a,b\n1,nan\n2,3\n')).toMatchObject({ state: 'differs' });
  expect(await judgeText('m.csv', 'a\n1e3\nNaN\n', 'a\n1000\nNaN\n')).toMatchObject({ state: 'within' });
  expect(holdsNumbers('model.pkl', 10)).toBe(false);
  expect(holdsNumbers('m.json', 1e9)).toBe(false);
});

test('closeness is NumPy’s, with an infinity close to itself alone', () => {
  expect(isClose(1, 1 + 1e-6, defaultTolerance)).toBe(true);
  expect(isClose(1, 1 + 1e-4, defaultTolerance)).toBe(false);
  expect(isClose(Infinity, Infinity, defaultTolerance)).toBe(true);
  expect(isClose(Infinity, 1, defaultTolerance)).toBe(false);
  expect(isClose(Number.NaN, Number.NaN, defaultTolerance)).toBe(true);
});
