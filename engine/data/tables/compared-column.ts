import { DuckDBDoubleVector, type DuckDBConnection } from '@duckdb/node-api';
import { BenchtopError, type DriftTest } from '../../../contract/index.ts';
import {
  categoryEvidence,
  numberEvidence,
  textEvidence,
  type ComparedColumn,
  type SideCounts,
} from '../../drift/index.ts';
import { sortNumbers } from '../../statistics/index.ts';
import { isNumeric, rowsOf, type LoadedColumn, type LoadedTable } from './load-table.ts';
import { unreadableTable } from './unreadable-table.ts';

/** A column of one of the two tables. */
export interface ColumnPlace {
  readonly table: LoadedTable;
  readonly column: LoadedColumn;
  /** Its file, as people know it. */
  readonly file: string;
}

/** Numbers with so few different values are compared as categories: codes, grades, days of the week. */
const fewNumbers = 10;
/** Words with more different values than this are compared as texts. */
const categoriesAtMost = 10_000;
/** The most frequent words of both sides together are held against each other. */
const wordsAtMost = 200;

/** Reads a column of both tables whole and compares it as what it is. @throws {BenchtopError} `invalid-input` for a test that does not fit. */
export async function comparedColumn(
  db: DuckDBConnection,
  name: string,
  reference: ColumnPlace,
  current: ColumnPlace,
  test: DriftTest | undefined,
): Promise<ComparedColumn> {
  const kinds = [reference, current].map(({ column }) => kindOf(column.type));
  const empty = (missingOf: (side: ColumnPlace) => number) => ({
    name,
    reference: sideOf(reference, missingOf(reference)),
    current: sideOf(current, missingOf(current)),
  });
  if (kinds[0] !== kinds[1]) {
    const before = await emptyCells(db, reference);
    const now = await emptyCells(db, current);
    return {
      ...empty((side) => (side === reference ? before : now)),
      found: {
        why:
          before === reference.table.rowCount
            ? 'the reference has no value of it'
            : now === current.table.rowCount
              ? 'the current data have no value of it'
              : `it holds ${kinds[0]} in the reference and ${kinds[1]} in the current data`,
      },
    };
  }
  if (kinds[0] === 'times') {
    const before = await emptyCells(db, reference);
    const now = await emptyCells(db, current);
    return {
      ...empty((side) => (side === reference ? before : now)),
      found: { why: 'a time moves on by itself' },
    };
  }
  return kinds[0] === 'numbers'
    ? comparedNumbers(db, name, reference, current, test)
    : comparedWords(db, name, reference, current, test);
}

function kindOf(type: string): 'numbers' | 'times' | 'words' {
  return isNumeric(type) ? 'numbers' : /^(DATE|TIME|INTERVAL)/.test(type) ? 'times' : 'words';
}

const sideOf = ({ table, column }: ColumnPlace, missingCount: number): SideCounts => ({
  type: column.type,
  rowCount: table.rowCount,
  missingCount,
});

async function emptyCells(db: DuckDBConnection, { table, column }: ColumnPlace): Promise<number> {
  const [[count] = []] = await rowsOf(db, `SELECT count(${column.typed})::DOUBLE FROM ${table.from}`);
  return table.rowCount - Number(count);
}

const numberOf = ({ column }: ColumnPlace): string =>
  `coalesce(CAST(${column.typed} AS DOUBLE), 'NaN'::DOUBLE)`;

async function comparedNumbers(
  db: DuckDBConnection,
  name: string,
  reference: ColumnPlace,
  current: ColumnPlace,
  test: DriftTest | undefined,
): Promise<ComparedColumn> {
  const before = await numbersOf(db, reference, numberOf(reference));
  const now = await numbersOf(db, current, numberOf(current));
  const sides = {
    name,
    reference: sideOf(reference, reference.table.rowCount - before.length),
    current: sideOf(current, current.table.rowCount - now.length),
  };
  const none = noValues(before.length, now.length);
  if (none !== null) return { ...sides, found: { why: none } };
  const isCategories = test === 'chi-square' || test === 'two-proportion';
  const counts = [before, now].map((side) => fewCounts(side, isCategories ? categoriesAtMost : fewNumbers));
  const [ofReference, ofCurrent] = counts;
  if (ofReference && ofCurrent && (test === undefined || isCategories))
    return {
      ...sides,
      found: categoryEvidence({ reference: ofReference, current: ofCurrent }, test ?? 'chi-square'),
    };
  if (isCategories) throw unfit(name, test, `it has more than ${categoriesAtMost} different numbers`);
  if (isIdentifier(reference, before) && isIdentifier(current, now))
    return { ...sides, found: { why: 'an identifier: a whole number, and another one in every row' } };
  return {
    ...sides,
    found: numberEvidence({ reference: before, current: now }, test ?? 'kolmogorov-smirnov'),
  };
}

/** What an expression gives for every row; NaN is left out. */
async function numbersOf(
  db: DuckDBConnection,
  { table, file }: ColumnPlace,
  expression: string,
): Promise<Float64Array> {
  const values = new Float64Array(table.rowCount);
  let count = 0;
  try {
    const result = await db.stream(`SELECT ${expression} FROM ${table.from}`);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      const vector = chunk.getColumnVector(0);
      if (!(vector instanceof DuckDBDoubleVector)) throw new Error('Numbers were asked for as DOUBLE.');
      for (let at = 0; at < chunk.rowCount; at++) {
        const value = vector.getItem(at) ?? Number.NaN;
        if (!Number.isNaN(value)) values[count++] = value;
      }
    }
  } catch (error) {
    throw unreadableTable(error, file);
  }
  return values.subarray(0, count);
}

/** How often each number comes, as long as there are few; null when there are more. */
function fewCounts(values: Float64Array, atMost: number): Map<string, number> | null {
  const counts = new Map<number, number>();
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
    if (counts.size > atMost) return null;
  }
  return new Map([...counts].map(([value, count]) => [String(value), count]));
}

/** The first rows tell of most columns that they repeat themselves. */
const firstRows = 1000;

function isIdentifier({ column }: ColumnPlace, values: Float64Array): boolean {
  const first = values.subarray(0, firstRows);
  if (!/INT/.test(column.type) || values.length < 2 || new Set(first).size < first.length) return false;
  const sorted = values.slice();
  sortNumbers(sorted, new Float64Array(sorted.length));
  return sorted.every((value, at) => at === 0 || value !== sorted[at - 1]);
}

async function comparedWords(
  db: DuckDBConnection,
  name: string,
  reference: ColumnPlace,
  current: ColumnPlace,
  test: DriftTest | undefined,
): Promise<ComparedColumn> {
  if (test === 'kolmogorov-smirnov' || test === 'cramer-von-mises')
    throw unfit(name, test, 'it holds no numbers');
  const before = await wordCounts(db, reference);
  const now = await wordCounts(db, current);
  const filled = async (place: ColumnPlace, counts: ReadonlyMap<string, number> | null) =>
    counts === null
      ? place.table.rowCount - (await emptyCells(db, place))
      : [...counts.values()].reduce((sum, count) => sum + count, 0);
  const [n, m] = [await filled(reference, before), await filled(current, now)];
  const sides = {
    name,
    reference: sideOf(reference, reference.table.rowCount - n),
    current: sideOf(current, current.table.rowCount - m),
  };
  const none = noValues(n, m);
  if (none !== null) return { ...sides, found: { why: none } };
  const distinct = before === null || now === null ? null : new Set([...before.keys(), ...now.keys()]).size;
  const isText = distinct === null || (test === undefined && distinct > (n + m) / 2);
  if (!isText && before !== null && now !== null)
    return { ...sides, found: categoryEvidence({ reference: before, current: now }, test ?? 'chi-square') };
  if (test !== undefined) throw unfit(name, test, `it has more than ${categoriesAtMost} different values`);
  const words = await frequentWords(db, reference, current);
  const length = ({ column }: ColumnPlace) =>
    `coalesce(CAST(length(CAST(${column.typed} AS VARCHAR)) AS DOUBLE), 'NaN'::DOUBLE)`;
  const lengths = {
    reference: await numbersOf(db, reference, length(reference)),
    current: await numbersOf(db, current, length(current)),
  };
  return {
    ...sides,
    found: textEvidence(
      { lengths: lengths.reference, words: words.reference },
      { lengths: lengths.current, words: words.current },
    ),
  };
}

/** How often each value comes; null where there are too many different ones. */
async function wordCounts(
  db: DuckDBConnection,
  { table, column, file }: ColumnPlace,
): Promise<Map<string, number> | null> {
  const rows = await rowsOf(
    db,
    `SELECT CAST(${column.typed} AS VARCHAR), count(*)::DOUBLE FROM ${table.from} WHERE ${column.typed} IS NOT NULL
     GROUP BY ${column.typed} LIMIT ${categoriesAtMost + 1}`,
  ).catch((error: unknown) => {
    throw unreadableTable(error, file);
  });
  if (rows.length > categoriesAtMost) return null;
  return new Map(rows.map(([value, count]) => [String(value), Number(count)]));
}

/** In how many texts of each side the words come that are most frequent in both together. */
async function frequentWords(db: DuckDBConnection, reference: ColumnPlace, current: ColumnPlace) {
  const textOf = ({ column }: ColumnPlace) => `CAST(${column.typed} AS VARCHAR)`;
  const rows = await rowsOf(
    db,
    `SELECT w, (count(*) FILTER (s = 0))::DOUBLE, (count(*) FILTER (s = 1))::DOUBLE
     FROM (SELECT s, unnest(list_distinct(regexp_extract_all(lower(t), '[\\p{L}\\p{N}]{1,50}'))) AS w
           FROM (SELECT 0 AS s, ${textOf(reference)} AS t FROM ${reference.table.from}
                 UNION ALL SELECT 1, ${textOf(current)} FROM ${current.table.from}) WHERE t IS NOT NULL)
     GROUP BY w ORDER BY count(*) DESC, w LIMIT ${wordsAtMost}`,
  );
  return {
    reference: new Map(rows.map(([word, count]) => [String(word), Number(count)])),
    current: new Map(rows.map(([word, , count]) => [String(word), Number(count)])),
  };
}

const noValues = (before: number, now: number): string | null =>
  before > 0 && now > 0
    ? null
    : before === 0 && now === 0
      ? 'neither side has a value of it'
      : before === 0
        ? 'the reference has no value of it'
        : 'the current data have no value of it';

const unfit = (name: string, test: DriftTest | undefined, why: string) =>
  new BenchtopError({
    code: 'invalid-input',
    what: `The test ${test} does not fit the column "${name}": ${why}.`,
    next: 'Numbers take kolmogorov-smirnov and cramer-von-mises; what has few different values chi-square and two-proportion.',
  });
