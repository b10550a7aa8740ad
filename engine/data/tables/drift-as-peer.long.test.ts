import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pythonEnvironment } from '../../fixture-python.ts';
import { createTableReader } from './table-reader.ts';
import { mixedTable } from './testing/mixed-table.ts';

const environment = pythonEnvironment('.venv-drift');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-peers-')));
const reader = createTableReader({ folder, onIdle: () => undefined });
afterAll(async () => {
  await reader.close();
  rmSync(folder, { recursive: true });
});

interface Said {
  readonly evidently: Record<
    string,
    { method: string; value: number; isDrifted: boolean } | { error: string }
  >;
  readonly share: number;
  readonly nannyml: Record<
    string,
    { values: number[]; alerts: boolean[]; threshold: number } | { error: string }
  >;
}

test.skipIf('reason' in environment).each([
  [300, 200, 0],
  [1000, 812, 0.1],
  [1001, 700, 0.1],
  [4000, 2501, 0.05],
  [4000, 4000, 0.6],
])('of %i and %i rows, moved by %f, both peers say what they say', async (n, m, shift) => {
  if ('reason' in environment) return;
  const files = [mixedTable(n, n, 0), mixedTable(m + 1, m, shift)].map((text, at) => {
    const path = join(folder, `${n}-${m}-${shift}-${at}.csv`);
    writeFileSync(path, text);
    return { path, name: path, format: 'csv', isGzip: false } as const;
  });
  const [reference, current] = [files[0]!, files[1]!];
  const output = execFileSync(
    environment.python,
    [join(import.meta.dirname, 'testing', 'peer-drift.py'), reference.path, current.path],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
    },
  );
  const said = JSON.parse(output) as Said;
  const reportOf = async (mode: 'evidently' | 'nannyml') => {
    const report = await reader.ask(
      {
        kind: 'drift',
        reference: { name: reference.name, file: reference, keptIn: null },
        current,
        tests: {},
        mode,
      },
      new AbortController().signal,
    );
    return new Map(report!.columns.map((column) => [column.name, column]));
  };
  let compared = 0;
  let furthest = 0;
  const same = (own: number | null | undefined, theirs: number, what: string) => {
    const off = Math.abs((own ?? Number.NaN) - theirs) / Math.max(1e-3, Math.abs(theirs));
    expect(off, `${what}: ${own} and ${theirs}`).toBeLessThan(1e-9);
    furthest = Math.max(furthest, off);
    compared++;
  };
  const ofEvidently = await reportOf('evidently');
  for (const [name, theirs] of Object.entries(said.evidently)) {
    const own = ofEvidently.get(name);
    // A text is judged by a classifier there, and by nobody here.
    if ('error' in theirs || /text/i.test(theirs.method)) {
      expect(own?.peer, name).toBeNull();
      continue;
    }
    expect(own?.peer, name).toMatchObject({ method: theirs.method, isDrifted: theirs.isDrifted });
    same(own?.peer?.value, theirs.value, `evidently ${name}`);
  }
  const ofNannyml = await reportOf('nannyml');
  for (const [name, theirs] of Object.entries(said.nannyml)) {
    const own = ofNannyml.get(name)?.peer;
    if ('error' in theirs) {
      expect(own, name).toBeNull();
      continue;
    }
    same(own?.threshold, theirs.threshold, `nannyml ${name}, threshold`);
    expect(
      own?.chunks?.map(({ isDrifted }) => isDrifted),
      name,
    ).toEqual(theirs.alerts);
    for (const [at, value] of theirs.values.entries())
      same(own?.chunks?.[at]?.value, value, `nannyml ${name}, chunk ${at}`);
  }
  console.log(`${n} / ${m} rows: ${compared} figures compared, furthest apart ${furthest} of their size`);
  expect(compared).toBeGreaterThan(50);
});
