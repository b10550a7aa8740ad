import { mkdtempSync, readdirSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { DriftReport, DriftTest } from '../../../contract/index.ts';
import { seededRandom } from '../../statistics/index.ts';
import { keepTable, keptTableIn } from './kept-reference.ts';
import { removeOldTables } from './kept-tables.ts';
import type { ReferenceFile } from './table-question.ts';
import { createTableReader } from './table-reader.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-drift-')));
const reader = createTableReader({ folder, onIdle: () => undefined });
afterAll(async () => {
  await reader.close();
  rmSync(folder, { recursive: true });
});

let count = 0;
function table(text: string, format: 'csv' | 'jsonl' | 'parquet' = 'csv') {
  const path = join(folder, `${count++}.${format}`);
  writeFileSync(path, text);
  return { path, format, isGzip: false, name: `table ${count}` };
}
const drift = (
  reference: ReturnType<typeof table>,
  current: ReturnType<typeof table>,
  tests: Record<string, DriftTest> = {},
): Promise<DriftReport> => driftFrom({ name: reference.name, file: reference, keptIn: null }, current, tests);
/** With what may be kept of the reference. */
async function driftFrom(
  reference: ReferenceFile,
  current: ReturnType<typeof table>,
  tests: Record<string, DriftTest> = {},
): Promise<DriftReport> {
  const report = await reader.ask(
    { kind: 'drift', reference, current, tests, mode: 'benchtop' },
    new AbortController().signal,
  );
  if (report === null) throw new Error('What is kept of the reference does not suffice.');
  return report;
}

function rows(seed: number, count: number, late: number, shift: number): string {
  const random = seededRandom(seed);
  const lines = Array.from({ length: count }, (_, at) => {
    const delay = (random.share() + random.share() + random.share() - 1.5) * 20 + shift;
    const text = `${random.share() < 0.3 ? 'refund' : 'thanks'} order ${random.index(1e9)}`;
    return [
      at + seed * 1e6,
      delay.toFixed(4),
      random.share() < late ? 'rush' : 'calm',
      random.index(4),
      random.share() < 0.1 ? '' : random.index(500) / 8,
      text,
      `2013-01-${String((at % 28) + 1).padStart(2, '0')}`,
    ].join(',');
  });
  return `id,delay,hour,grade,speed,note,day\n${lines.join('\n')}\n`;
}

test('what drifted is told, and by how much, in words; all else is told not to have', async () => {
  const report = await drift(table(rows(1, 3000, 0.31, 0)), table(rows(2, 2000, 0.18, 3)));
  expect(report).toMatchObject({ verdict: 'drift', reference: { rowCount: 3000 }, added: [], removed: [] });
  const column = (name: string) => report.columns.find((each) => each.name === name)!;
  expect(report.columns.slice(0, 2).map(({ name }) => name)).toEqual(['hour', 'delay']);
  expect(report.about).toMatch(/^2 of 5 columns drifted, most of all hour: /);
  expect(column('hour')).toMatchObject({ verdict: 'drift', kind: 'categories', effect: { size: 'large' } });
  expect(column('hour').about).toMatch(/^the share of "(rush|calm)" (fell|rose) from \d+ % to \d+ %$/);
  expect(column('delay').about).toMatch(/^the share up to .* fell from \d+ % to \d+ %; the median went from/);
  expect(column('delay').bins!.reference).toHaveLength(10);
  expect(column('delay').distances!.wasserstein).toBeCloseTo(3, 0);
  expect(column('grade')).toMatchObject({ verdict: 'no-drift', kind: 'categories' });
  expect(column('speed')).toMatchObject({
    verdict: 'no-drift',
    kind: 'numbers',
    test: { name: 'anderson-darling+missing' },
  });
  expect(column('note')).toMatchObject({ verdict: 'no-drift', kind: 'text' });
  expect(column('id')).toMatchObject({
    verdict: 'not-compared',
    about: expect.stringContaining('identifier') as string,
  });
  expect(column('day')).toMatchObject({ verdict: 'not-compared' });
});

test('a word that becomes frequent, empty cells and a new category are what is told', async () => {
  const lines = (word: string, empty: number, category: string) =>
    `note,x,c\n${Array.from({ length: 400 }, (_, at) => `text ${at * 7} ${at % 4 === 0 ? word : ''},${at < empty ? '' : at % 97},${at % 8 === 0 ? category : 'old'}`).join('\n')}\n`;
  const { columns } = await drift(table(lines('', 4, 'older')), table(lines('refund', 120, 'new')));
  const about = Object.fromEntries(columns.map((column) => [column.name, column]));
  expect(about['note']).toMatchObject({
    verdict: 'drift',
    about: 'the share of texts with "refund" rose from 0 % to 25 %',
  });
  expect(about['x']).toMatchObject({
    verdict: 'drift',
    about: 'the share of empty cells rose from 1 % to 30 %',
  });
  expect(about['c']?.about).toMatch(/^"(new|older)" is (new|gone)/);
});

test('too little data, one row, all empty and another type get no verdict, with the reason', async () => {
  const report = await drift(table('a,b,c,d\n1.5,,x,1\n'), table('a,b,c,d\n9.5,,2,\n'));
  const told = Object.fromEntries(report.columns.map(({ name, verdict, about }) => [name, [verdict, about]]));
  expect(report.verdict).toBe('not-enough-data');
  expect(told['a']?.[0]).toBe('not-enough-data');
  expect(told['b']).toEqual(['not-enough-data', 'neither side has a value of it']);
  expect(told['c']).toEqual([
    'not-compared',
    'it holds words in the reference and numbers in the current data',
  ]);
  expect(told['d']).toEqual(['not-enough-data', 'the current data have no value of it']);
});

test('JSON lines and CSV of the same rows do not differ', async () => {
  const csv = table(rows(3, 500, 0.3, 0));
  const [head = '', ...lines] = rows(3, 500, 0.3, 0).trim().split('\n');
  const names = head.split(',');
  const json = lines.map((line) =>
    JSON.stringify(
      Object.fromEntries(
        line
          .split(',')
          .map((cell, at) => [names[at], cell === '' ? null : at < 5 && at !== 2 ? Number(cell) : cell]),
      ),
    ),
  );
  const report = await drift(csv, table(`${json.join('\n')}\n`, 'jsonl'));
  expect(report.columns.filter(({ effect }) => effect !== null && effect.moved > 0)).toEqual([]);
  expect(report.columns.filter(({ verdict }) => verdict === 'no-drift')).toHaveLength(5);
});

test('a test may be asked for by column, and one that does not fit is refused', async () => {
  const reference = table(rows(4, 300, 0.5, 0));
  const current = table(rows(5, 300, 0.5, 1));
  const report = await drift(reference, current, { delay: 'cramer-von-mises', hour: 'two-proportion' });
  expect(report.columns.flatMap(({ test }) => test?.name ?? [])).toEqual(
    expect.arrayContaining(['cramer-von-mises', 'two-proportion']),
  );
  await expect(drift(reference, current, { hour: 'cramer-von-mises' })).rejects.toMatchObject({
    message: 'The test cramer-von-mises does not fit the column "hour": it holds no numbers.',
  });
  await expect(drift(reference, current, { none: 'chi-square' })).rejects.toMatchObject({
    code: 'invalid-input',
  });
});

test('what cannot be read is said with the file and the place in it', async () => {
  const fine = table('a,b\n1,2\n');
  for (const [bad, said] of [
    [table(''), /is empty/],
    [table('x,y\n1,2\n'), /no column in common/],
    [table('a,b\n1,2\n"'.padEnd(50_000, '"')), /cannot be read as a table/],
    [table('a,b\n1,2\n1,2,3\n'), /cannot be read as a table/],
    [table('PAR1 no', 'parquet'), /cannot be read as a table/],
    [table('{"a": 1}\n{"a": \n', 'jsonl'), /cannot be read as a table/],
  ] as const)
    await expect(drift(fine, bad)).rejects.toThrow(said);
  await expect(drift(fine, table('a,b\n1,2\n3\n'))).rejects.toMatchObject({
    evidence: expect.stringContaining('Line 3: ') as string,
  });
});

test('numbers near the end of the range of doubles, and infinite ones, are compared', async () => {
  const lines = (scale: string) =>
    `x,y\n${Array.from({ length: 60 }, (_, at) => `${at - 30}${scale},${at % 7 === 0 ? 'inf' : at}`).join('\n')}\n`;
  const { columns } = await drift(table(lines('e306')), table(lines('e306')));
  expect(columns.map(({ verdict }) => verdict)).toEqual(['no-drift', 'no-drift']);
  expect(columns.find(({ name }) => name === 'y')?.distances?.wasserstein).toBeNull();
});

test('with what is kept of a reference the report is the same, and the reference is not read again', async () => {
  const reference = table(rows(1, 3000, 0.31, 0));
  const current = table(rows(2, 2000, 0.18, 3));
  const keptIn = join(folder, 'references', 'one');
  const { name } = reference;
  const first = await driftFrom({ name, file: reference, keptIn }, current);
  expect(first).toEqual(await driftFrom({ name, file: reference, keptIn: null }, current));
  writeFileSync(reference.path, 'gone');
  expect(await driftFrom({ name, file: null, keptIn }, current)).toEqual(first);
  // What was not asked of the reference then is not kept: how many cells of a column of words are filled.
  const numbers = table(rows(9, 200, 0.5, 0).replaceAll(/,(rush|calm),/g, ',1.5,'));
  await expect(driftFrom({ name, file: null, keptIn }, numbers)).rejects.toThrow('does not suffice');
});

test('what was used longest ago is no longer kept when there is too much', async () => {
  const all = join(folder, 'kept');
  const names = ['old', 'new', 'newest'];
  for (const [at, name] of names.entries()) {
    keepTable(join(all, name), { name, columns: [], rowCount: 0, numbers: () => Promise.resolve([]) });
    writeFileSync(join(all, name, '0.numbers'), Buffer.alloc(100_000));
    utimesSync(join(all, name), at + 1, at + 1);
  }
  removeOldTables(all, 250_000);
  expect(readdirSync(all).toSorted()).toEqual(['new', 'newest']);
  // One that is asked for is the newest then.
  expect(keptTableIn(join(all, 'new'))).toEqual({ columns: [], rowCount: 0 });
  removeOldTables(all, 150_000);
  expect(readdirSync(all)).toEqual(['new']);
});
