import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import type { NamedFile } from './table-question.ts';
import { createTableReader } from './table-reader.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-unreadable-')));
const reader = createTableReader({ folder, onIdle: () => undefined });
afterAll(async () => {
  await reader.close();
  rmSync(folder, { recursive: true });
});
const { signal } = new AbortController();

let count = 0;
function file(content: string | Uint8Array, format: NamedFile['format'] = 'csv', isGzip = false): NamedFile {
  const path = join(folder, `${count++}.${format}`);
  writeFileSync(path, content);
  return { path, format, isGzip, name: 'the table' };
}
const fine = file(
  `score,label\n${Array.from({ length: 60 }, (_, at) => `${at / 60},${at % 2}`).join('\n')}\n`,
);

const profile = (table: NamedFile) => reader.ask({ kind: 'profile', file: table }, signal);
const drift = (table: NamedFile) =>
  reader.ask(
    {
      kind: 'drift',
      reference: { name: fine.name, file: fine, keptIn: null },
      current: table,
      tests: {},
      mode: 'benchtop',
    },
    signal,
  );
const estimate = (table: NamedFile) =>
  reader.ask(
    {
      kind: 'performance',
      reference: fine,
      current: table,
      lateLabels: null,
      asked: {
        reference: fine.path,
        current: table.path,
        columns: {
          probabilities: 'score',
          prediction: null,
          label: 'label',
          positive: null,
          predictedAt: null,
        },
        chunkRows: null,
        labels: null,
      },
    },
    signal,
  );

/** A Parquet file of two columns with some bytes of the second one overwritten. */
async function brokenParquet(): Promise<Buffer> {
  const path = join(folder, 'whole.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const db = await instance.connect();
  await db.run(
    `COPY (SELECT random() AS score, random() AS label FROM range(50000)) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  instance.closeSync();
  const bytes = readFileSync(path);
  return bytes.fill(0, Math.floor(bytes.length * 0.7), Math.floor(bytes.length * 0.8));
}

test('what is broken is told with its place, whatever is asked of it', async () => {
  const packed = gzipSync(
    `score,label\n${Array.from({ length: 200_000 }, (_, at) => `0.${at},1`).join('\n')}\n`,
  );
  for (const [table, said] of [
    [
      file('score,label\n0.5,1\n0.5,1,3\n'),
      /^Line 3: Expected Number of Columns: 2 Found: 3 It begins with 0\.5,1,3$/,
    ],
    [
      file(`score,label\n0.5,1\n"${'x,\n'.repeat(50_000)}`),
      /^Line 3: Value with unterminated quote found\. It begins with "x,$/,
    ],
    [
      file(`score,label\n0.5,1\n${'"'.repeat(50_001)}`),
      /^Line 3: Value with unterminated quote found\. It begins with "{80}$/,
    ],
    [file(Buffer.from('score,label\nM\xfcnchen,1\n', 'latin1')), /^Line 2: Invalid unicode/],
    [file('score,label\n0.5,\0\n'), /byte 17 is NUL/],
    [file('{"score": 0.5, "label": 1}\n{"score": \n', 'jsonl'), /at byte \d+ in line [23]/],
    [file('PAR1 and no more', 'parquet'), /No magic bytes/],
    [file(await brokenParquet(), 'parquet'), /^Column "label": /],
    [file(packed.subarray(0, packed.length / 2), 'csv', true), /unexpected end of file, after \d{6} bytes/],
    [file('score,label\n0.5,1\n', 'csv', true), /incorrect header check, after 0 bytes/],
  ] as const)
    for (const ask of [profile, drift, estimate])
      await expect(ask(table), `${ask.name} of ${table.path}`).rejects.toMatchObject({
        code: 'unsupported',
        message: 'the table cannot be read as a table.',
        evidence: expect.stringMatching(said) as string,
      });
}, 60_000);

test('an empty table is said to be, and has a profile without columns', async () => {
  for (const table of [file(''), file('', 'jsonl'), file('', 'parquet')]) {
    expect(await profile(table)).toMatchObject({ rowCount: 0, columns: [] });
    for (const ask of [drift, estimate])
      await expect(ask(table)).rejects.toMatchObject({
        code: 'invalid-input',
        message: 'the table is empty: it has no columns.',
      });
  }
});

test('one row, no row, only empty cells, mixed cells and the ends of the range of doubles have a profile and a verdict', async () => {
  const rows = (cell: (at: number) => string) =>
    file(`score,label\n${Array.from({ length: 60 }, (_, at) => `${cell(at)},${at % 2}`).join('\n')}\n`);
  for (const [table, verdict] of [
    [file('score,label\n0.5,1\n'), 'not-enough-data'],
    [file('score,label\n'), 'not-enough-data'],
    [rows(() => ''), 'not-enough-data'],
    [rows((at) => (at % 2 === 0 ? 'word' : '0.5')), 'not-compared'],
    [rows((at) => (at % 2 === 0 ? '1e308' : '-1e308')), 'drift'],
    [rows(() => '1e999'), 'drift'],
  ] as const) {
    const told = await profile(table);
    expect(told.columns.map(({ name }) => name)).toEqual(['score', 'label']);
    const report = await drift(table);
    expect(report?.columns.find(({ name }) => name === 'score')).toMatchObject({ verdict });
  }
  await expect(estimate(rows(() => '1e308'))).rejects.toMatchObject({
    message: 'The column "score" of the table holds 1e+308 in row 1, which is no probability.',
  });
});
