import fc from 'fast-check';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTableReader, type TableReader } from './table-reader.ts';
import type { TableFile } from './load-table.ts';

let folder: string;
let reader: TableReader;
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-tables-'));
  reader = createTableReader({ folder, onIdle: () => undefined });
});
afterAll(async () => {
  await reader.close();
  rmSync(folder, { recursive: true, force: true });
});

const never = new AbortController().signal;
function text(content: string | Buffer, isGzip = false): TableFile {
  const path = join(folder, `${count++}.csv`);
  writeFileSync(path, isGzip ? gzipSync(content) : content);
  return { path, format: 'csv', isGzip };
}
const compare = (before: TableFile, after: TableFile, key: string[] | 'content' | null = null) =>
  reader.ask({ kind: 'compare', before, after, key }, never);
const profile = (file: TableFile) => reader.ask({ kind: 'profile', file }, never);

const rows = (file: TableFile, offset: number, limit: number) =>
  reader.ask({ kind: 'rows', file, offset, limit }, never);

type Table = readonly (readonly (string | null)[])[];
const written = (cell: string | null) =>
  cell === null ? '' : /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
const csv = (names: readonly string[], rows: Table) =>
  `${[names, ...rows].map((row) => row.map(written).join(',')).join('\n')}\n`;

const cell = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('a', 'b', '1', '2.50', '2.5', 'x,y', 'say "hi"', 'two\nlines', 'é', ' '),
  },
  { weight: 1, arbitrary: fc.constantFrom('NaN', 'nan', '-0', '1e400', '0x10') },
  { weight: 1, arbitrary: fc.constant(null) },
);
const rowsOf = (width: number) =>
  fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 12 });

test('rows in excess are those of a count of all rows, whatever is in them', async () => {
  await fc.assert(
    fc.asyncProperty(rowsOf(3), rowsOf(3), async (own, others) => {
      // A line of empty cells alone is a row of a table with several columns.
      const before = [...own, ...others.slice(0, 3)];
      const after = [...others, ...own.slice(0, 5)];
      const delta = await compare(
        text(csv(['p', 'q', 'r'], before)),
        text(
          csv(
            ['r', 'p', 'q'],
            after.map(([p, q, r]) => [r!, p!, q!].map((value) => value ?? null)),
          ),
        ),
        'content',
      );
      const counts = new Map<string, number>();
      for (const row of before) counts.set(JSON.stringify(row), (counts.get(JSON.stringify(row)) ?? 0) - 1);
      for (const row of after) counts.set(JSON.stringify(row), (counts.get(JSON.stringify(row)) ?? 0) + 1);
      const sum = (sign: number) =>
        [...counts.values()].reduce((total, each) => total + Math.max(0, each * sign), 0);
      expect(delta.rows).toEqual({
        before: before.length,
        after: after.length,
        added: sum(1),
        removed: sum(-1),
        changed: null,
      });
      expect(delta.columns.map(({ name }) => name)).toEqual(['r', 'p', 'q']);
      expect(delta.schema.isReordered).toBe(true);
      for (const { cells, times } of delta.samples.added) {
        const [r, p, q] = cells;
        expect(counts.get(JSON.stringify([p, q, r]))).toBe(times);
      }
    }),
    { numRuns: 15 },
  );
}, 60_000);

test('with a key, rows are added, removed and changed as a look-up says', async () => {
  const keyed = fc
    .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 15 }), cell, cell), {
      selector: ([id]) => id,
      maxLength: 12,
    })
    .map((rows) => rows.map(([id, ...rest]) => [`k${id}`, ...rest]));
  await fc.assert(
    fc.asyncProperty(keyed, keyed, async (before, after) => {
      const names = ['id', 'v', 'w'];
      const delta = await compare(text(csv(names, before)), text(csv(names, after)), ['id']);
      const old = new Map(before.map((row) => [row[0], row]));
      const now = new Map(after.map((row) => [row[0], row]));
      const met = after.filter(([id]) => old.has(id));
      const changed = met.filter((row) => JSON.stringify(row) !== JSON.stringify(old.get(row[0])));
      expect(delta.rows).toEqual({
        before: before.length,
        after: after.length,
        added: after.length - met.length,
        removed: before.filter(([id]) => !now.has(id)).length,
        changed: changed.length,
      });
      expect(delta.samples.changed).toEqual(changed.map((row) => ({ before: old.get(row[0]), after: row })));
      for (const [at, name] of ['v', 'w'].entries())
        expect(delta.changedCells.find((column) => column.name === name)?.count ?? 0).toBe(
          changed.filter((row) => row[at + 1] !== old.get(row[0])![at + 1]).length,
        );
    }),
    { numRuns: 15 },
  );
}, 60_000);

test('a key is found where one column is filled and different in every row of both', async () => {
  const before = text('flight,delay,id\nAA,1.5,10\nUA,2,11\nAA,3,12\n');
  const after = text('flight,delay,id\nAA,1.5,10\nUA,4,11\nDL,9,13\n');
  const found = await compare(before, after);
  expect(found).toMatchObject({
    key: { columns: ['id'], isFound: true },
    rows: { added: 1, removed: 1, changed: 1 },
    changedCells: [{ name: 'delay', count: 1 }],
  });
  // What was measured is no key, even where every measure differs.
  expect((await compare(text('x\n1.5\n2.5\n'), text('x\n1.5\n3.5\n'))).key).toBeNull();
});

test('a key that is none is refused with what shows it', async () => {
  const one = text('id,v\n1,a\n1,b\n');
  const other = text('id,v\n1,a\n,b\n');
  const fine = text('id,v\n1,a\n2,b\n');
  await expect(compare(one, fine, ['id'])).rejects.toMatchObject({
    code: 'invalid-input',
    evidence: '1 comes 2 times.',
  });
  await expect(compare(fine, other, ['id'])).rejects.toMatchObject({ evidence: 'It is empty in 1 rows.' });
  await expect(compare(fine, one, ['no'])).rejects.toMatchObject({
    message: 'Neither table has a column "no".',
    evidence: 'Both have: id, v.',
  });
  expect((await compare(one, fine, ['id', 'v'])).rows).toMatchObject({ added: 1, removed: 1, changed: 0 });
});

test('columns that came, went or changed their type are told, and the rest is compared', async () => {
  const delta = await compare(text('id,gone,size\n1,x,1\n2,y,2\n'), text('size,id,new\n1,1,\nlarge,2,\n'), [
    'id',
  ]);
  expect(delta.schema).toEqual({
    added: [{ name: 'new', type: 'VARCHAR' }],
    removed: [{ name: 'gone', type: 'VARCHAR' }],
    changed: [{ name: 'size', before: 'BIGINT', after: 'VARCHAR' }],
    isReordered: true,
  });
  expect(delta.rows).toMatchObject({ added: 0, removed: 0, changed: 1 });
  expect(delta.samples.changed).toEqual([{ before: ['2', '2'], after: ['large', '2'] }]);
});

test('an empty file has no columns, one with names alone has no rows', async () => {
  expect(await profile(text(''))).toMatchObject({ rowCount: 0, columnCount: 0, columns: [] });
  expect(await profile(text('a,b\n'))).toMatchObject({ rowCount: 0, columnCount: 2 });
  const delta = await compare(text(''), text('a,b\n1,2\n'));
  expect(delta.rows).toEqual({ before: 0, after: 1, added: 1, removed: 0, changed: null });
  expect(delta.schema.added.map(({ name }) => name)).toEqual(['a', 'b']);
  expect((await compare(text('a,b\n'), text('a,b\n1,2\n'))).rows).toMatchObject({ added: 1, removed: 0 });
});

test('how a text is written makes no difference: delimiter, quotes, line ends, a mark at its beginning, gzip', async () => {
  const plain = text('id,v\n1,a\n2,b\n');
  for (const same of [
    text('id;v\r\n"1";"a"\r\n2;b\r\n'),
    text('\uFEFFid\tv\n1\ta\n2\tb'),
    text('"id","v"\n1,a\n2,b\n', true),
  ])
    expect((await compare(plain, same)).rows).toMatchObject({
      before: 2,
      after: 2,
      added: 0,
      removed: 0,
      changed: 0,
    });
});

test('what is no table is said to be none, with the line', async () => {
  await expect(profile(text('a,b\n1,2\n3\n4,5,6\n'))).rejects.toMatchObject({
    code: 'unsupported',
    evidence: expect.stringContaining('Line 3: ') as string,
  });
  await expect(profile(text(Buffer.from('a,b\nx\xE9,1\n', 'latin1')))).rejects.toMatchObject({
    code: 'unsupported',
  });
  const path = join(folder, 'no.parquet');
  writeFileSync(path, 'PAR0 this is none');
  await expect(profile({ path, format: 'parquet', isGzip: false })).rejects.toMatchObject({
    code: 'unsupported',
  });
});

test('a file outside its folder is never read, whatever is asked', async () => {
  await expect(profile({ path: '/etc/passwd', format: 'parquet', isGzip: false })).rejects.toThrow(
    /Permission|not be read|cannot/,
  );
});

test('Parquet is compared by value: NaN is NaN, an empty cell is none, lists are told by their text', async () => {
  // Written by pyarrow 25 in row groups of two, with the statistics that some readers skip NaN by.
  const parquet = (name: string): TableFile => {
    const path = join(folder, name);
    cpSync(new URL(`./fixtures/${name}`, import.meta.url), path);
    return { path, format: 'parquet', isGzip: false };
  };
  const before = parquet('before.parquet');
  const after = parquet('after.parquet');
  const { columns } = await profile(before);
  expect(columns.map(({ name, type }) => [name, type])).toEqual([
    ['id', 'INTEGER'],
    ['x', 'DOUBLE'],
    ['tags', 'VARCHAR[]'],
  ]);
  expect(columns[1]).toMatchObject({ nullCount: 1, nanCount: 1, min: '1.0', max: '4.0', mean: 2.5 });
  const delta = await compare(before, after, ['id']);
  expect(delta).toMatchObject({
    schema: { changed: [{ name: 'id', before: 'INTEGER', after: 'BIGINT' }] },
    rows: { before: 4, after: 4, added: 1, removed: 1, changed: 1 },
    changedCells: [
      { name: 'x', count: 1 },
      { name: 'tags', count: 1 },
    ],
  });
  expect(delta.samples.changed).toEqual([{ before: ['3', null, '[b, c]'], after: ['3', 'nan', '[b]'] }]);
  expect((await compare(before, before, 'content')).rows).toMatchObject({ added: 0, removed: 0 });
});

test('a cancelled question ends, and the next one is answered', async () => {
  const lines = Array.from({ length: 150_000 }, (_, at) => `${at},${at * 7},${at % 13},text ${at}`);
  const large = text(`id,a,b,c\n${lines.join('\n')}\n`);
  const abort = new AbortController();
  const asked = reader.ask({ kind: 'compare', before: large, after: large, key: 'content' }, abort.signal);
  setTimeout(() => abort.abort(), 50);
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  expect((await profile(text('a\n1\n'))).rowCount).toBe(1);
}, 60_000);

test('the process is gone when nobody asks any more, and comes back with the next question', async () => {
  const own = join(folder, 'own');
  mkdirSync(own);
  let idled = 0;
  const brief = createTableReader({ folder: own, onIdle: () => (idled += 1), idleAfterMs: 50 });
  const path = join(own, 'a.csv');
  writeFileSync(path, 'a\n1\n');
  const ask = () => brief.ask({ kind: 'profile', file: { path, format: 'csv', isGzip: false } }, never);
  expect((await ask()).rowCount).toBe(1);
  await expect.poll(() => idled, { timeout: 20_000 }).toBe(1);
  expect(brief.isOpen()).toBe(false);
  expect((await ask()).rowCount).toBe(1);
  await brief.close();
});

test('some rows of a table are read in the order of the file, as text', async () => {
  const long = Array.from({ length: 50 }, (_, at) => [`${at}.50`, at === 3 ? null : `t${at}`]);
  const file = text(Buffer.from(csv(['x', 'y'], long)), true);
  expect(await rows(file, 2, 2)).toEqual({
    columns: [
      { name: 'x', type: 'VARCHAR' },
      { name: 'y', type: 'VARCHAR' },
    ],
    columnCount: 2,
    rows: [
      ['2.50', 't2'],
      ['3.50', null],
    ],
    rowCount: null,
  });
  expect((await rows(file, 49, 10)).rows).toEqual([['49.50', 't49']]);
  expect(await rows(text(''), 0, 10)).toMatchObject({ columns: [], rows: [] });
  const path = join(folder, 'rows.parquet');
  cpSync(new URL('./fixtures/before.parquet', import.meta.url), path);
  const parquet = await rows({ path, format: 'parquet', isGzip: false }, 1, 2);
  expect(parquet).toMatchObject({
    columnCount: 3,
    rowCount: 4,
    columns: [{}, { name: 'x', type: 'DOUBLE' }, {}],
  });
  expect(parquet.rows.map(([id]) => id)).toEqual(['2', '3']);
  await expect(rows(text('not a table\n1,2,3\n'), 0, 10)).rejects.toMatchObject({ code: 'unsupported' });
});

test('a table answers a query by its names and types, and nothing can be written or read beside it', async () => {
  const file = { ...text('id,late by,origin\n1,5.5,JFK\n2,-3,LGA\n3,70,JFK\n'), name: 'flights.csv' };
  const query = (asked: string, limit = 10) =>
    reader.ask({ kind: 'query', file, query: asked, limit }, never);
  expect(await query('SELECT * FROM t WHERE "late by" > 0 ORDER BY "late by" DESC;', 1)).toMatchObject({
    columns: ['id', 'late by', 'origin'],
    rows: [[3, 70, 'JFK']],
    isTruncated: true,
  });
  expect(await query('SELECT origin, count(*) AS n FROM t GROUP BY origin ORDER BY n')).toMatchObject({
    columns: ['origin', 'n'],
    rows: [
      ['LGA', 1],
      ['JFK', 2],
    ],
  });
  for (const bad of [
    'SELECT nothing FROM t',
    'DROP TABLE q',
    'SELECT 1) ; DROP TABLE q; SELECT * FROM (SELECT 1',
    "SELECT * FROM read_csv('/etc/passwd')",
  ])
    await expect(query(bad)).rejects.toMatchObject({ code: 'invalid-input' });
  expect((await query('SELECT count(*) FROM t')).rows).toEqual([[3]]);
});
