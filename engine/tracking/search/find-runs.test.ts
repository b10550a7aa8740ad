import Database from 'better-sqlite3';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { runningMs, type RunGap } from '../../../contract/index.ts';
import { insertParams, insertRun, changeRun, removeTags, setTags } from '../writes.ts';
import { addPoints } from '../points/add-points.ts';
import { countRuns, findRuns, type RunSearch } from './find-runs.ts';
import { parseFilter } from './parse-filter.ts';
import { all, type RunCondition, type RunOrderKey } from './run-condition.ts';
import { holds, type PlainRun } from './testing/holds.ts';
import { openMemory } from './testing/open-memory.ts';
import { names, numbers, randomFilter, values } from './testing/random-filter.ts';

function insertMetric(runId: string, key: string, value: number): void {
  db.prepare('INSERT OR IGNORE INTO name (text) VALUES (?)').run(key);
  const series = db
    .prepare(
      'INSERT INTO series (run, name) SELECT r.id, n.id FROM run r, name n WHERE r.run_id = ? AND n.text = ?',
    )
    .run(runId, key);
  addPoints(db, Number(series.lastInsertRowid), {
    steps: Float64Array.of(0),
    times: Float64Array.of(0),
    values: Float64Array.of(value),
  });
}

const statuses = ['finished', 'failed', 'lost', 'queued'] as const;
const randomRun = fc.record({
  name: fc.constantFrom(...values.filter((value) => value !== '')),
  note: fc.constantFrom('', 'diverged at 100 %', 'it\'s "so"', 'adam'),
  status: fc.constantFrom(...statuses),
  createdAt: fc.nat(20),
  startedAt: fc.option(fc.constantFrom(0, 3, 5, 20)),
  endedAt: fc.option(fc.constantFrom(0, 5, 21)),
  gaps: fc.constantFrom<RunGap[]>(
    [],
    [{ from: 1, to: 4, why: 'paused' }],
    [{ from: 4, to: null, why: 'asleep' }],
  ),
  isStarred: fc.boolean(),
  params: fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...values), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
  tags: fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...values), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
  metrics: fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...numbers, Number.NaN), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
});

let db: Database.Database;
const runs: PlainRun[] = [];
beforeAll(() => {
  db = openMemory();
  const generated = fc.sample(randomRun, { numRuns: 300, seed: 7 });
  db.transaction(() => {
    for (const [index, run] of generated.entries()) {
      const id = (index * 7919).toString(16).padStart(32, 'f');
      insertRun(db, {
        id,
        name: 'before',
        projectId: null,
        experimentId: '0',
        parentRunId: null,
        status: run.status,
        command: [],
        workingFolder: null,
        source: 'runner',
        createdAt: run.createdAt,
        startedAt: run.startedAt,
      });
      changeRun(db, id, {
        name: run.name,
        note: run.note,
        isStarred: run.isStarred,
        ...(run.endedAt === null ? {} : { endedAt: run.endedAt }),
        gaps: run.gaps,
      });
      insertParams(db, id, run.params);
      // Tags change and go; the words follow.
      setTags(db, id, {
        gone: 'diverged',
        ...Object.fromEntries(Object.keys(run.tags).map((key) => [key, 'adam'])),
      });
      setTags(db, id, run.tags);
      removeTags(db, id, ['gone']);
      for (const [key, value] of Object.entries(run.metrics)) insertMetric(id, key, value);
      runs.push({ ...run, id, source: 'runner' });
    }
  })();
});

const numbersOf = (ids: readonly number[]) => ids.map((id) => runs[id - 1]?.id ?? '?');
const found = (where: RunCondition, more: Partial<RunSearch> = {}) =>
  findRuns(db, { scope: { lifecycle: 'active' }, where, order: [], after: null, limit: 1000, ...more });

test('SQL finds the runs that a plain reading of the filter finds, however it gets there', () => {
  let some = 0;
  fc.assert(
    fc.property(randomFilter, (filter) => {
      const expected = runs.filter((run) => holds(filter, run)).map(({ id }) => id);
      if (expected.length > 0 && expected.length < runs.length) some++;
      // All three ways: few gathered first, met by the index of an order, counted.
      expect(numbersOf(found(filter).runs).toSorted()).toEqual(expected.toSorted());
      expect(countRuns(db, { lifecycle: 'active' }, filter)).toBe(expected.length);
      const negated: RunCondition = { kind: 'not', of: { kind: 'not', of: filter } };
      expect(found(negated).runs.length).toBe(expected.length);
    }),
    { numRuns: 600 },
  );
  expect(some).toBeGreaterThan(200);
});

describe('order', () => {
  const attribute = (key: 'start_time' | 'created_at' | 'run_name' | 'duration' | 'state') =>
    ({ kind: 'attribute', key }) as const;
  const fields: RunOrderKey['field'][] = [
    attribute('start_time'),
    attribute('created_at'),
    attribute('run_name'),
    attribute('duration'),
    attribute('state'),
    { kind: 'metric', key: 'val/loss' },
    { kind: 'metric', key: 'never logged' },
    { kind: 'param', key: 'lr' },
    { kind: 'tag', key: 'a b' },
  ];
  const newestFirst: RunOrderKey = { field: attribute('start_time'), isDescending: true };
  const key = fc.record({
    field: fc.constantFrom(...fields),
    isDescending: fc.boolean(),
    byNumber: fc.boolean(),
  });

  /** Rank of what is missing, then the value. */
  function valueOf({ field, byNumber }: RunOrderKey, run: PlainRun): [number, number | string] {
    const rank = (value: number | string | null | undefined): [number, number | string] =>
      value === null || value === undefined ? [2, 0] : Number.isNaN(value) ? [1, 0] : [0, value];
    if (field.kind === 'metric') return rank(run.metrics[field.key]);
    if (field.kind === 'tag') return rank(run.tags[field.key]);
    if (field.kind === 'param') {
      const value = run.params[field.key];
      if (value === undefined || byNumber !== true) return rank(value);
      return rank(/^[-+.0-9eE]+$/.test(value) && !/[0-9.]-/.test(value) ? Number.parseFloat(value) : value);
    }
    switch (field.key) {
      case 'start_time':
        return rank(run.startedAt);
      case 'created_at':
        return rank(run.createdAt);
      case 'run_name':
        return rank(run.name);
      case 'state':
        return rank(run.status);
      default:
        return rank(run.endedAt === null ? null : runningMs(run, run.endedAt));
    }
  }
  const compare = (a: number | string, b: number | string) =>
    typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === 'number' ? -1 : 1;
  const expectedOrder = (order: readonly RunOrderKey[]) =>
    runs.toSorted((one, other) => {
      for (const part of order.length > 0 ? order : [newestFirst]) {
        const [[rankOne, valueOne], [rankOther, valueOther]] = [valueOf(part, one), valueOf(part, other)];
        if (rankOne !== rankOther) return rankOne - rankOther;
        const by = compare(valueOne, valueOther);
        if (by !== 0) return part.isDescending ? -by : by;
      }
      const isByStart =
        order.length === 0 ||
        order.some(({ field }) => field.kind === 'attribute' && field.key === 'start_time');
      const byStart = isByStart ? 0 : (other.startedAt ?? 0) - (one.startedAt ?? 0);
      return byStart !== 0 ? byStart : compare(one.id, other.id);
    });

  test('pages follow each other in the order asked for, without gap or repetition', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 3 }), fc.constantFrom(7, 100, 299, 300), (order, limit) => {
        const unique = order.filter(
          ({ field }, at) => order.findIndex((own) => own.field.key === field.key) === at,
        );
        const paged: number[] = [];
        for (let after: RunSearch['after'] = null; ;) {
          const page = found(all([]), { order: unique, after, limit });
          paged.push(...page.runs);
          if (page.next === null) break;
          after = JSON.parse(JSON.stringify(page.next)) as NonNullable<RunSearch['after']>;
        }
        expect(numbersOf(paged)).toEqual(expectedOrder(unique).map(({ id }) => id));
      }),
      { numRuns: 150 },
    );
  });
});

describe('with many runs', () => {
  test.each<[string, RunSearch['order'], RegExp]>([
    [
      '',
      [{ field: { kind: 'metric', key: 'lr' }, isDescending: true }],
      /SEARCH k USING (COVERING )?INDEX series_by_value/,
    ],
    [
      '',
      [{ field: { kind: 'param', key: 'lr' }, isDescending: false }],
      /SEARCH k USING (COVERING )?INDEX param_by_value/,
    ],
    [
      '',
      [{ field: { kind: 'param', key: 'lr' }, isDescending: false, byNumber: true }],
      /SEARCH k USING (COVERING )?INDEX param_by_number/,
    ],
    [
      '',
      [{ field: { kind: 'tag', key: 'lr' }, isDescending: false }],
      /SEARCH k USING (COVERING )?INDEX tag_by_value/,
    ],
    ['', [{ field: { kind: 'attribute', key: 'start_time' }, isDescending: true }], /INDEX run_by_start/],
    ['', [{ field: { kind: 'attribute', key: 'run_name' }, isDescending: true }], /INDEX run_by_name/],
    [
      'metrics.lr > 0.5',
      [],
      /SEARCH v USING COVERING INDEX series_by_value \(name=\? AND last_value>\? AND last_value<\?\)/,
    ],
    [
      'params.lr > 0.5',
      [],
      /SEARCH v USING COVERING INDEX param_by_number \(name=\? AND <expr>>\? AND <expr><\?\)/,
    ],
    ['params.lr = adam', [], /SEARCH v USING COVERING INDEX param_by_value \(name=\? AND value=\?\)/],
    ['tags.lr = adam', [], /SEARCH v USING COVERING INDEX tag_by_value \(name=\? AND value=\?\)/],
    ['status = failed', [], /SEARCH r USING COVERING INDEX run_by_status/],
    ['starred', [], /run_starred/],
  ])('%s %j uses its index', (text, order, plan) => expect(plansOf(text, order)).toMatch(plan));

  test('the newest come first without being sorted', () => {
    expect(plansOf('', [])).toContain('INDEX run_by_start');
    expect(plansOf('', [])).not.toContain('TEMP B-TREE');
  });

  /** How SQLite answers what a search asks. */
  function plansOf(text: string, order: RunSearch['order']): string {
    const sql = new Set<string>();
    const traced = new Database(db.serialize(), { verbose: (statement) => sql.add(String(statement)) });
    findRuns(traced, {
      scope: { lifecycle: 'active' },
      where: parseFilter(text, 0),
      order,
      // So small that no condition leaves few runs in the way of the order.
      after: null,
      limit: 5,
    });
    const plans = [...sql]
      .filter((statement) => statement.startsWith('SELECT'))
      .flatMap((statement) => traced.prepare(`EXPLAIN QUERY PLAN ${statement}`).all() as { detail: string }[])
      .map(({ detail }) => detail);
    traced.close();
    return plans.join('\n');
  }
});
