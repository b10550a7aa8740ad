import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ProfileProgress } from '../../../../contract/index.ts';
import type { TableFile } from '../load-table.ts';
import { createTableReader } from '../table-reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchtop-profile-'));
const reader = createTableReader({ folder, onIdle: () => undefined });
afterAll(async () => {
  await reader.close();
  rmSync(folder, { recursive: true });
});

let count = 0;
function text(content: string): TableFile {
  const path = join(folder, `${count++}.csv`);
  writeFileSync(path, content);
  return { path, format: 'csv', isGzip: false };
}
const csv = (names: readonly string[], rows: readonly (readonly (string | null)[])[]) =>
  `${[names, ...rows].map((row) => row.map((cell) => cell ?? '').join(',')).join('\n')}\n`;
const profile = (file: TableFile, onPart?: (told: ProfileProgress) => void) =>
  reader.ask({ kind: 'profile', file }, new AbortController().signal, onPart);

test('a column is summed up: type, empty cells, extremes, mean, quantiles, frequent values', async () => {
  const rows = Array.from({ length: 1000 }, (_, at) => [
    String(at),
    at % 10 === 0 ? null : (at / 4).toFixed(2),
    at % 3 === 0 ? 'JFK' : 'LGA',
    `2013-01-${String((at % 28) + 1).padStart(2, '0')}`,
    at % 2 === 0 ? 'true' : 'false',
    null,
    at === 7 ? 'NaN' : '1',
  ]);
  const { columns, rowCount } = await profile(
    text(csv(['id', 'delay', 'origin', 'day', 'late', 'none', 'nan'], rows)),
  );
  expect(rowCount).toBe(1000);
  expect(columns.map(({ type }) => type)).toEqual([
    'BIGINT',
    'DOUBLE',
    'VARCHAR',
    'DATE',
    'BOOLEAN',
    'VARCHAR',
    'DOUBLE',
  ]);
  const [id, delay, origin, day, , none, nan] = columns;
  expect(id).toMatchObject({ nullCount: 0, min: '0', max: '999', mean: 499.5, top: [] });
  expect(id).toMatchObject({ distinctCount: 1000, isDistinctExact: true });
  expect(id!.quantiles![2]).toBe(499.5);
  expect(delay).toMatchObject({ nullCount: 100, min: '0.25', max: '249.75' });
  expect(delay!.histogram!.counts).toHaveLength(20);
  expect(delay!.histogram!.counts.reduce((sum, count) => sum + count, 0)).toBe(900);
  expect(delay!.histogram!.counts[0]).toBe(45);
  expect(nan!.histogram).toBeNull();
  expect(origin).toMatchObject({
    lengths: { min: 3, mean: 3, max: 3 },
    rule: 'a cell fits no narrower type',
    histogram: null,
  });
  expect(id!.rule).toBe('the narrowest type that every one of 1000 cells fits');
  expect(none!.rule).toBe('every cell is empty');
  expect(origin!.top).toEqual([
    { value: 'LGA', count: 666 },
    { value: 'JFK', count: 334 },
  ]);
  expect(day).toMatchObject({ min: '2013-01-01', max: '2013-01-28', mean: null });
  expect(none).toMatchObject({ nullCount: 1000, min: null, max: null, top: [] });
  expect(nan).toMatchObject({ nanCount: 1, nullCount: 0, min: '1.0', max: '1.0', mean: 1 });
});

test('days, mixed types, repeated rows and what goes together are told', async () => {
  const rows = Array.from({ length: 400 }, (_, at) => [
    // Ten weeks from a Monday on, the second and third left out.
    new Date(Date.UTC(2024, 0, 1 + (at % 56 < 7 ? at % 56 : (at % 56) + 14))).toISOString().slice(0, 10),
    at % 10 === 0 ? 'unknown' : String(at % 40),
    String(at % 100),
    String((at % 100) ** 3),
    at % 2 === 0 ? 'left' : 'right',
    at % 2 === 0 ? 'a' : 'b',
    'same',
    at < 300 ? null : 'x',
    `text ${at % 350}`,
  ]);
  const names = ['day', 'age', 'x', 'cube', 'side', 'letter', 'one', 'rare', 'note'];
  const told = await profile(text(csv(names, [...rows, ...rows.slice(0, 3)])));
  const column = Object.fromEntries(told.columns.map((each) => [each.name, each]));
  expect(column['day']!.days).toMatchObject({
    spanDays: 70,
    withoutRows: 14,
    longestGap: { from: '2024-01-08', days: 14 },
  });
  expect(column['day']!.days!.byWeekday.reduce((sum, count) => sum + count)).toBe(403);
  expect(column['day']!.days!.byMonth[3]).toBe(0);
  expect(column['age']).toMatchObject({ warnings: ['mixed'], mixed: { times: 0 }, distinctCount: 37 });
  expect(column['age']!.mixed!.numbers).toBeCloseTo(362 / 403, 12);
  expect(Object.values(column).map(({ warnings }) => warnings.join())).toEqual([
    '',
    'mixed',
    '',
    '',
    '',
    '',
    'constant',
    'mostly-missing,constant',
    'many-different',
  ]);
  expect(column['side']).toMatchObject({ distinctCount: 2, isDistinctExact: true });
  expect(told).toMatchObject({ sampledRows: null, duplicateRows: 3 });
  const { numbers, categories } = told.correlations!;
  expect(told.correlations!.rowCount).toBe(403);
  expect(numbers.columns).toEqual(['x', 'cube']);
  expect(numbers.spearman[0]![1]).toBe(1);
  expect(numbers.pearson[0]![1]).toBeCloseTo(0.9175, 2);
  expect(categories.columns).toEqual(['age', 'side', 'letter']);
  expect(categories.cramersV[2]![1]).toBeCloseTo(1, 12);
});

test('of a large table every so-manieth row is ranked, and all are counted', async () => {
  const lines = Array.from(
    { length: 250_000 },
    (_, at) => `${at},${(at * 7919) % 1000},${at / 8},${Math.abs(at - 125_000)}`,
  );
  lines[77] = '77,-5,inf,0';
  const progress: ProfileProgress[] = [];
  const told = await profile(text(`id,code,share,turn\n${lines.join('\n')}\n`), (part) =>
    progress.push(part),
  );
  const shares = progress.map(({ share }) => share);
  expect(shares.length).toBeGreaterThan(0);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...shares)).toBeLessThanOrEqual(1);
  expect(told).toMatchObject({ rowCount: 250_000, sampledRows: 125_000, duplicateRows: 0 });
  const [id, code, share] = told.columns;
  expect(code).toMatchObject({ min: '-5', distinctCount: 1001, isDistinctExact: true });
  expect(code!.mean).toBeCloseTo(499.496928, 9);
  expect(Math.abs(id!.quantiles![2]! - 125_000)).toBeLessThan(1000);
  expect(share).toMatchObject({ nullCount: 0, max: '31249.875', isDistinctExact: false });
  expect(Math.abs(share!.distinctCount - 250_000)).toBeLessThan(25_000);
  expect(id!.histogram!.counts.reduce((sum, count) => sum + count)).toBe(125_000);
  // What falls in the first half and rises in the second goes with nothing, which the first rows alone would not tell.
  const { rowCount, numbers } = told.correlations!;
  expect(rowCount).toBeGreaterThan(15_000);
  expect(Math.abs(numbers.pearson[0]![numbers.columns.indexOf('turn')]!)).toBeLessThan(0.01);
}, 60_000);

test('a type is held against every row, not against the first ones', async () => {
  const rows = Array.from({ length: 30_000 }, (_, at) => [
    at === 29_999 ? '1.5' : '7',
    at === 29_998 ? 'none' : '1',
  ]);
  const { columns } = await profile(text(csv(['a', 'b'], rows)));
  expect(columns.map(({ type }) => type)).toEqual(['DOUBLE', 'VARCHAR']);
});
