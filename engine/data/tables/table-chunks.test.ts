import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ChunkRule } from '../../../contract/index.ts';
import { seededRandom } from '../../statistics/index.ts';
import type { ChunkDrift, NamedFile } from './table-question.ts';
import { createTableReader } from './table-reader.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-chunks-')));
const reader = createTableReader({ folder, onIdle: () => undefined });
afterAll(async () => {
  await reader.close();
  rmSync(folder, { recursive: true });
});

const { signal } = new AbortController();
let count = 0;
function table(lines: readonly string[], format: 'csv' | 'jsonl' = 'csv'): NamedFile {
  const path = join(folder, `${count++}.${format}`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return { path, format, isGzip: false, name: `table ${count}` };
}
const chunksOf = (file: NamedFile, rule: ChunkRule) => reader.ask({ kind: 'chunks', file, rule }, signal);

/** Rows of four months, the third of which is shifted. */
function months(): string[] {
  const random = seededRandom(5);
  return [1, 2, 3, 4].flatMap((month) =>
    Array.from(
      { length: 400 },
      (_, at) =>
        `2013-0${month}-${String((at % 28) + 1).padStart(2, '0')} 10:00:00,${(random.share() * 10 + (month === 3 ? 4 : 0)).toFixed(4)},${random.index(3)}`,
    ),
  );
}

test('a table is cut into periods, and what is known of their content does not depend on the order of rows', async () => {
  const rows = months();
  const rule: ChunkRule = { by: 'time', column: 'at', every: 'month' };
  const cut = await chunksOf(table(['at,x,grade', ...rows, ',1.5,2']), rule);
  expect(cut.chunks.map(({ label, rowCount }) => [label, rowCount])).toEqual([
    ['2013-01', 400],
    ['2013-02', 400],
    ['2013-03', 400],
    ['2013-04', 400],
  ]);
  expect(cut.waitingRows, 'without a time').toBe(1);
  const turned = await chunksOf(table(['at,x,grade', ...rows.toReversed()]), rule);
  expect(turned.chunks.map(({ content }) => content)).toEqual(cut.chunks.map(({ content }) => content));
  const changed = await chunksOf(table(['at,x,grade', ...rows.slice(1), '2013-01-01 10:00:00,99,0']), rule);
  expect(changed.chunks.map(({ content }, at) => content === cut.chunks[at]?.content)).toEqual([
    false,
    true,
    true,
    true,
  ]);
  const weeks = await chunksOf(table(['at,x,grade', ...rows]), { ...rule, every: 'week' });
  expect(weeks.chunks[0]).toMatchObject({ label: 'week of 2012-12-31' });
});

test('a last period that has only begun, and rows that do not make a chunk yet, wait', async () => {
  const rows = months();
  const begun = table(['at,x,grade', ...rows, '2013-05-01 00:00:00,1,1']);
  const byTime = await chunksOf(begun, { by: 'time', column: 'at', every: 'month' });
  expect(byTime.chunks.at(-1)?.label).toBe('2013-04');
  expect(byTime.waitingRows).toBe(1);
  const byRows = await chunksOf(begun, { by: 'rows', count: 500 });
  expect(byRows.chunks.map(({ label }) => label)).toEqual([
    'rows 1 to 500',
    'rows 501 to 1,000',
    'rows 1,001 to 1,500',
  ]);
  expect(byRows.waitingRows).toBe(101);
});

test('a column that there is not, or that holds no times, is named', async () => {
  const file = table(['at,x', '2013-01-01,1', '2013-01-02,2']);
  await expect(chunksOf(file, { by: 'time', column: 'when', every: 'day' })).rejects.toMatchObject({
    code: 'invalid-input',
    message: expect.stringContaining('no column "when"') as string,
    evidence: 'It has at, x.',
  });
  await expect(chunksOf(file, { by: 'time', column: 'x', every: 'day' })).rejects.toMatchObject({
    message: expect.stringContaining('holds no times: it was read as BIGINT') as string,
  });
});

test('each chunk is told as it is judged, and one that cannot be read does not keep the others from it', async () => {
  const file = table(['at,x,grade', ...months()]);
  const rule: ChunkRule = { by: 'time', column: 'at', every: 'month' };
  const { chunks } = await chunksOf(file, rule);
  const told: ChunkDrift[] = [];
  await reader.ask(
    {
      kind: 'drift-of-chunks',
      reference: {
        file,
        part: { by: 'range', column: 'at', from: null, before: '2013-03-01' },
        keptIn: join(folder, 'kept'),
      },
      rule,
      chunks: [
        ...chunks.map(({ part }) => ({ file, part })),
        { file: table(['x,grade', '1', '2,3,4']), part: null },
        { file: table(['{"x": 1, "grade": 2}'], 'jsonl'), part: null },
      ],
      ignored: ['grade'],
      answers: null,
    },
    signal,
    (part) => told.push(part),
  );
  expect(told.map(({ at }) => at)).toEqual([0, 1, 2, 3, 4, 5]);
  const verdicts = told.map((each) => ('report' in each ? each.report.verdict : each.error.code));
  expect(verdicts).toEqual(['no-drift', 'no-drift', 'drift', 'no-drift', 'unsupported', 'not-enough-data']);
  const [first] = told;
  expect(first).toMatchObject({ report: { reference: { rowCount: 800 }, current: { rowCount: 400 } } });
  expect('report' in first! && first.report.columns.map(({ name }) => name).toSorted()).toEqual(['at', 'x']);
});

test('chunks held against what is kept of a reference are judged the same, and the reference is not read again', async () => {
  const lines = months().map((line) => {
    const [at, x, grade] = line.split(',');
    return JSON.stringify({ at, x: Number(x), grade: Number(grade) });
  });
  const reference = table(lines, 'jsonl');
  // A table of another file, cut as the reference would be.
  const file = table(lines.toReversed(), 'jsonl');
  const rule: ChunkRule = { by: 'time', column: 'at', every: 'month' };
  const { chunks } = await chunksOf(file, rule);
  const judged = async () => {
    const told: ChunkDrift[] = [];
    await reader.ask(
      {
        kind: 'drift-of-chunks',
        reference: { file: reference, part: null, keptIn: join(folder, 'kept of all') },
        rule,
        chunks: chunks.map(({ part }) => ({ file, part })),
        ignored: [],
        answers: null,
      },
      signal,
      (part) => told.push(part),
    );
    return told.map((each) => ('report' in each ? each.report : each.error));
  };
  const first = await judged();
  expect(first.map((report) => 'verdict' in report && report.verdict)).toContain('drift');
  writeFileSync(reference.path, 'gone');
  expect(await judged()).toEqual(first);
});
