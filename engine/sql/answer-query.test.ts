import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHome } from '../fixture-home.ts';
import { createTracking } from '../tracking/index.ts';
import { openForQuestions } from './answer-query.ts';
import { metricPoints, views } from './views.ts';

let folder: string;
let ask: (
  query: string,
  more?: { limit?: number; timeoutMs?: number },
) => ReturnType<ReturnType<typeof openForQuestions>>;
let isCancelled = false;
let runId: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-sql-'));
  const { home, store, close } = await openHome(folder);
  const tracking = createTracking(store, Date.now);
  const run = await tracking.createRun({
    name: 'first',
    projectId: null,
    status: 'finished',
    command: [],
    workingFolder: null,
    source: 'runner',
    createdAt: 1,
    startedAt: 2,
    params: { lr: '0.1' },
  });
  runId = run.id;
  await tracking.logPoints(
    runId,
    Array.from({ length: 12_000 }, (_, step) => ({
      key: 'loss',
      step,
      timeMs: step,
      value: step === 5 ? Number.NaN : 1 / (step + 1),
    })),
    { origin: 'told' },
  );
  // Reading the run brings its points into their series.
  expect(tracking.run(runId).metrics['loss']?.count).toBe(12_000);
  const path = home.databasePath;
  await close();
  const open = openForQuestions(path, () => isCancelled);
  ask = (query, more) => open({ query, limit: 1000, timeoutMs: 60_000, ...more });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('docs/sql.md has every view with every column, and no other', () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/sql.md', import.meta.url)), 'utf8');
  const documented = page
    .split(/^## /m)
    .slice(1)
    .map((section) => [
      section.split('\n', 1)[0],
      ...[...section.matchAll(/^\| `(\w+)`/gm)].map((match) => match[1]),
    ]);
  expect(documented).toEqual(
    [...views, metricPoints].map(({ name, columns }) => [name, ...columns.map((column) => column.name)]),
  );
});

test.each(views)('the view $name has the columns it is said to have', ({ name, columns }) => {
  expect(ask(`SELECT * FROM ${name}`).columns).toEqual(columns.map((column) => column.name));
});

test('joins, points and limits', () => {
  expect(
    ask("SELECT r.name, p.value FROM runs r JOIN params p USING (run_id) WHERE p.key = 'lr'").rows,
  ).toEqual([['first', '0.1']]);
  expect(
    ask("SELECT count(*), sum(value = 'NaN'), max(step) FROM runs r, metric_points(r.run_id, 'loss')").rows,
  ).toEqual([[12_000, 1, 11_999]]);
  const cut = ask(`SELECT step FROM metric_points('${runId}', 'loss')`, { limit: 10 });
  expect(cut).toMatchObject({ isTruncated: true, columns: ['step'] });
  expect(cut.rows.length).toBe(10);
});

describe('nothing can be written or reached', () => {
  test.each([
    'DELETE FROM run',
    'INSERT INTO run_text (rowid, text) VALUES (1, 1)',
    'WITH x AS (SELECT 1) UPDATE run SET name = 1',
    "ATTACH 'other.db' AS other",
    'PRAGMA query_only = OFF',
    "SELECT * FROM pragma_table_info('run')",
    '/* */ pragma journal_mode = DELETE',
    'CREATE TABLE t (x)',
    'CREATE TEMP TABLE t (x)',
    'VACUUM',
    'DROP VIEW runs',
    'BEGIN',
    'EXPLAIN DELETE FROM run; DELETE FROM run',
    'SELECT 1; DELETE FROM run',
    "SELECT load_extension('x')",
    'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n',
  ])('%s', (query) => {
    expect(() => ask(query)).toThrow(
      /^(Only|PRAGMAs|WITH RECURSIVE|The query was not understood|The supplied SQL|not authorized)/,
    );
    expect(ask('SELECT count(*) FROM runs').rows).toEqual([[1]]);
  });
});

test.each([
  ['SELECT nam FROM runs', 'nam'],
  ['SELECT r.nam FROM runs r', 'nam'],
  ["SELECT 'FORM' FORM runs FORM x", 'runs'],
  ['SELECT * FROM nowhere', 'nowhere'],
  ['SELECT 1 FROM', ''],
])('%s: the place of what is wrong', (query, place) => {
  try {
    ask(query);
    expect.unreachable();
  } catch (error) {
    const { at } = error as { at: { offset: number; length: number } };
    expect(query.slice(at.offset, at.offset + at.length)).toBe(place);
  }
});

test('a query that takes too long is ended, and so is one that is cancelled', () => {
  const long = `SELECT count(*) FROM metric_points('${runId}', 'loss') a, metric_points('${runId}', 'loss') b`;
  expect(() => ask(long, { timeoutMs: 50 })).toThrow(/took too long/);
  isCancelled = true;
  expect(() => ask(long)).toThrow(/cancelled/);
  isCancelled = false;
  expect(ask('SELECT 1').rows).toEqual([[1]]);
});
