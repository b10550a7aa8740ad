import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createTableReader } from './table-reader.ts';
import { mixedTable } from './testing/mixed-table.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-peer-')));
const reader = createTableReader({ folder, onIdle: () => undefined });
afterAll(async () => {
  await reader.close();
  rmSync(folder, { recursive: true });
});

async function report(n: number, m: number, shift: number, mode: 'evidently' | 'nannyml', tests = {}) {
  const files = [mixedTable(n, n, 0), mixedTable(m + 1, m, shift)].map((text, at) => {
    const path = join(folder, `${n}-${at}.csv`);
    writeFileSync(path, text);
    return { path, name: path, format: 'csv', isGzip: false } as const;
  });
  const [reference, current] = [files[0]!, files[1]!];
  const found = await reader.ask(
    { kind: 'drift', reference: { name: 'before', file: reference, keptIn: null }, current, tests, mode },
    new AbortController().signal,
  );
  return { ...found!, by: Object.fromEntries(found!.columns.map((column) => [column.name, column])) };
}

// What Evidently 0.7.23 said of these two files (testing/peer-drift.py); the long test asks it anew, about all columns.
test.each([
  [300, 200, 0.3, 'holes', 'K-S p_value', 0.0015138095329208265, true],
  [300, 200, 0.3, 'four', 'chi-square p_value', 0.06210344801692779, false],
  [300, 200, 0.3, 'town', 'chi-square p_value', 0.00026064186331706496, true],
  [300, 200, 0.3, 'yes', 'Z-test p_value', 0.001402619072006006, true],
  [1001, 700, 0.1, 'normal', 'Wasserstein distance (normed)', 0.06541940853120044, false],
  [1001, 700, 0.1, 'holes', 'K-S p_value', 0.06525823622022367, false],
  [1001, 700, 0.1, 'town', 'Jensen-Shannon distance', 0.050761378625248585, false],
] as const)(
  'of %i and %i rows, moved by %f, Evidently says of %s',
  async (n, m, shift, name, method, value, isDrifted) => {
    const { mode, by } = await report(n, m, shift, 'evidently');
    expect(mode).toEqual({ name: 'evidently', version: '0.7.23' });
    expect(by[name]).toMatchObject({
      verdict: isDrifted ? 'drift' : 'no-drift',
      peer: { method, isDrifted },
    });
    expect(by[name]?.peer?.value).toBeCloseTo(value, 12);
    expect(by['note']).toMatchObject({ verdict: 'not-compared', peer: null });
  },
);

test('NannyML says of each tenth whether it is further away than the tenths of the reference are', async () => {
  const { mode, verdict, by } = await report(300, 200, 0.3, 'nannyml');
  expect(mode).toEqual({ name: 'nannyml', version: '0.13.1' });
  expect(verdict).toBe('drift');
  // NannyML 0.13.1 said so of these two files.
  const alerts = { normal: [7, 8], town: [0, 1, 3, 4, 7, 8], code: [0, 1, 4, 5, 8, 9] };
  for (const [name, threshold, furthest] of [
    ['normal', 0.3801929133120389, 0.4130953446576463],
    ['town', 0.35537597391503367, 0.469536881463211],
    ['code', 0.36053298585987537, 0.5337769182722496],
  ] as const) {
    expect(by[name]?.peer?.threshold).toBeCloseTo(threshold, 12);
    expect(by[name]?.peer?.value).toBeCloseTo(furthest, 12);
    const above = by[name]?.peer?.chunks?.flatMap(({ isDrifted }, at) => (isDrifted ? [at] : []));
    expect(above).toEqual(alerts[name]);
  }
});

test('too few rows for a peer are told, and tests by column are ours alone', async () => {
  const { verdict, by } = await report(30, 7, 0, 'nannyml');
  expect(verdict).toBe('not-enough-data');
  expect(by['normal']).toMatchObject({
    verdict: 'not-compared',
    about: 'NannyML cuts each side into ten chunks, and there are 7 rows',
  });
  await expect(report(30, 30, 0, 'evidently', { normal: 'chi-square' })).rejects.toMatchObject({
    code: 'invalid-input',
  });
});
