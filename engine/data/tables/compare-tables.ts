import type { DuckDBConnection } from '@duckdb/node-api';
import { BenchtopError, type TableColumn, type TableDelta } from '../../../contract/index.ts';
import { isFloat, loadTable, rowsOf, type LoadedTable, type TableFile } from './load-table.ts';

/** Rows of each kind that are shown. */
const samplesAtMost = 100;
const charactersAtMost = 200;
/** Columns that may be a key are held against every row; this many are tried. */
const keysTried = 5;

/** A column of both tables: where it stands in each, and what makes its cells comparable. */
interface Shared extends TableColumn {
  readonly before: string;
  readonly after: string;
  readonly mayBeKey: boolean;
}

/**
 * What differs by rows. Cells of text tables are compared as they are written, cells of Parquet by value, NaN being equal to
 * NaN and NULL to NULL; where the two differ in type, by their text. Columns are matched by name.
 * @throws {BenchtopError} `invalid-input` for a key that is none.
 */
export async function compareTables(
  db: DuckDBConnection,
  files: { before: TableFile; after: TableFile },
  key: readonly string[] | 'content' | null,
): Promise<TableDelta> {
  const before = await loadTable(db, 'a', files.before);
  const after = await loadTable(db, 'b', files.after);
  const shared = sharedColumns(before, after);
  try {
    // With names of their own, c0, c1, …, in the same order and of the same types.
    for (const [name, from, side] of [
      ['x', 'a', 'before'],
      ['y', 'b', 'after'],
    ] as const)
      if (shared.length > 0)
        await db.run(
          `CREATE OR REPLACE TEMP VIEW ${name} AS SELECT rowid AS r, ${shared.map((column, at) => `${column[side]} AS c${at}`).join(', ')} FROM ${from}`,
        );
    const places =
      key === 'content' || shared.length === 0
        ? null
        : key === null
          ? await foundKey(db, shared, before, after)
          : await givenKey(db, shared, key, before, after);
    const found =
      shared.length === 0
        ? nothingShared(before, after)
        : places === null
          ? await byContent(db, shared)
          : await byKey(db, shared, places);
    return {
      schema: schemaDelta(before, after),
      columns: shared.map(({ name, type }) => ({ name, type })),
      key:
        places === null
          ? null
          : { columns: places.map((at) => shared[at]?.name ?? ''), isFound: key === null },
      ...found,
      rows: { before: before.rowCount, after: after.rowCount, ...found.rows },
    };
  } finally {
    await db.run(
      'DROP VIEW IF EXISTS x; DROP VIEW IF EXISTS y; DROP TABLE IF EXISTS d; DROP TABLE IF EXISTS a; DROP TABLE IF EXISTS b',
    );
  }
}

type Found = Pick<TableDelta, 'samples' | 'changedCells'> & {
  readonly rows: Pick<TableDelta['rows'], 'added' | 'removed' | 'changed'>;
};

function sharedColumns(before: LoadedTable, after: LoadedTable): Shared[] {
  const textSides = [before, after].filter(({ layout }) => layout !== null).length;
  return after.columns.flatMap((column, at) => {
    const place = before.columns.findIndex(({ name }) => name === column.name);
    const other = before.columns[place];
    if (other === undefined) return [];
    const isSame = textSides === 2 || (textSides === 0 && other.type === column.type);
    const comparable = (name: string) => (isSame ? name : `CAST(${name} AS VARCHAR)`);
    return {
      name: column.name,
      type: column.type,
      before: comparable(`c${place}`),
      after: comparable(`c${at}`),
      mayBeKey: [column.type, other.type].every((type) => !isFloat(type) && type !== 'BOOLEAN'),
    };
  });
}

function schemaDelta(before: LoadedTable, after: LoadedTable): TableDelta['schema'] {
  const plain = ({ name, type }: TableColumn): TableColumn => ({ name, type });
  const missingIn = (table: LoadedTable) => (column: TableColumn) =>
    !table.columns.some(({ name }) => name === column.name);
  const namesIn = (table: LoadedTable, other: LoadedTable) =>
    table.columns.filter((column) => !missingIn(other)(column)).map(({ name }) => name);
  return {
    added: after.columns.filter(missingIn(before)).map(plain),
    removed: before.columns.filter(missingIn(after)).map(plain),
    changed: after.columns.flatMap(({ name, type }) => {
      const was = before.columns.find((column) => column.name === name)?.type ?? type;
      return was === type ? [] : [{ name, before: was, after: type }];
    }),
    isReordered: namesIn(after, before).join('\n') !== namesIn(before, after).join('\n'),
  };
}

function nothingShared(before: LoadedTable, after: LoadedTable): Found {
  return {
    rows: { added: after.rowCount, removed: before.rowCount, changed: null },
    changedCells: [],
    samples: { added: [], removed: [], changed: [] },
  };
}

/** A column that is filled and different in every row of both; one called an id is asked first. */
async function foundKey(
  db: DuckDBConnection,
  shared: readonly Shared[],
  before: LoadedTable,
  after: LoadedTable,
): Promise<number[] | null> {
  if (before.rowCount === 0 || after.rowCount === 0) return null;
  const candidates = [...shared.keys()].filter((at) => shared[at]?.mayBeKey === true);
  if (candidates.length === 0) return null;
  const terms = candidates.flatMap((at) => [
    `count(c${at}) = count(*)`,
    `approx_count_distinct(c${at}) >= 0.8 * count(*)`,
  ]);
  const [inBefore = []] = await rowsOf(db, `SELECT ${terms.join(', ')} FROM x`);
  const [inAfter = []] = await rowsOf(db, `SELECT ${terms.join(', ')} FROM y`);
  const likely = candidates.filter((_, index) =>
    [inBefore, inAfter].every((row) => row[index * 2] === true && row[index * 2 + 1] === true),
  );
  const isNamedKey = (at: number) => /(^|[_\s.-])(id|key|uuid|index)$/i.test(shared[at]?.name ?? '');
  const ordered = [...likely.filter(isNamedKey), ...likely.filter((at) => !isNamedKey(at))];
  for (const at of ordered.slice(0, keysTried))
    if ((await repeatedKey(db, 'x', [at])) === null && (await repeatedKey(db, 'y', [at])) === null)
      return [at];
  return null;
}

async function givenKey(
  db: DuckDBConnection,
  shared: readonly Shared[],
  key: readonly string[],
  before: LoadedTable,
  after: LoadedTable,
): Promise<number[]> {
  const places = key.map((name) => {
    const at = shared.findIndex((column) => column.name === name);
    if (at >= 0) return at;
    const isIn = ({ columns }: LoadedTable) => columns.some((column) => column.name === name);
    throw new BenchtopError({
      code: 'invalid-input',
      what: `${isIn(before) || isIn(after) ? 'Only one of the tables' : 'Neither table'} has a column "${name}".`,
      evidence: `Both have: ${shared
        .map((column) => column.name)
        .slice(0, 50)
        .join(', ')}.`,
    });
  });
  for (const [table, which] of [
    ['x', 'before'],
    ['y', 'after'],
  ] as const) {
    const repeated = await repeatedKey(db, table, places);
    if (repeated !== null)
      throw new BenchtopError({
        code: 'invalid-input',
        what: `${key.join(', ')} is no key: it does not tell the rows of the table ${which} apart.`,
        evidence: repeated,
        next: 'Give more columns, or none, to compare whole rows.',
      });
  }
  return places;
}

/** What shows that columns are no key; null when they are one. */
async function repeatedKey(
  db: DuckDBConnection,
  table: string,
  places: readonly number[],
): Promise<string | null> {
  const columns = places.map((at) => `c${at}`);
  const [[empty] = []] = await rowsOf(
    db,
    `SELECT count(*)::DOUBLE FROM ${table} WHERE ${columns.map((column) => `${column} IS NULL`).join(' OR ')}`,
  );
  if (Number(empty) > 0) return `It is empty in ${Number(empty)} rows.`;
  const [repeated] = await rowsOf(
    db,
    `SELECT count(*)::DOUBLE, ${columns.map(shown).join(', ')} FROM ${table} GROUP BY ${columns.join(', ')} HAVING count(*) > 1 LIMIT 1`,
  );
  if (repeated === undefined) return null;
  const [times, ...values] = repeated;
  return `${values.join(', ')} comes ${Number(times)} times.`;
}

async function byKey(
  db: DuckDBConnection,
  shared: readonly Shared[],
  places: readonly number[],
): Promise<Found> {
  const others = [...shared.keys()].filter((at) => !places.includes(at));
  const isSameKey = places.map((at) => `x.c${at} = y.c${at}`).join(' AND ');
  const differs = (at: number) => `x.c${at} IS DISTINCT FROM y.c${at}`;
  const isChanged = others.length === 0 ? 'false' : others.map(differs).join(' OR ');
  const [counts = []] = await rowsOf(
    db,
    `SELECT (count(*) FILTER (${isChanged}))::DOUBLE, count(*)::DOUBLE${others.map((at) => `, (count(*) FILTER (${differs(at)}))::DOUBLE`).join('')}
     FROM x JOIN y ON ${isSameKey}`,
  );
  const [changed = 0, met = 0, ...perColumn] = counts.map(Number);
  const [[inBefore] = [], [inAfter] = []] = [
    ...(await rowsOf(db, 'SELECT count(*)::DOUBLE FROM x')),
    ...(await rowsOf(db, 'SELECT count(*)::DOUBLE FROM y')),
  ];
  const cellsOf = (table: string) => shared.map((_, at) => shown(`${table}.c${at}`)).join(', ');
  const only = (own: string, other: string) =>
    rowsOf(
      db,
      `SELECT ${cellsOf(own)} FROM ${own} ANTI JOIN ${other} ON ${isSameKey} ORDER BY ${own}.r LIMIT ${samplesAtMost}`,
    );
  const changes =
    changed === 0
      ? []
      : await rowsOf(
          db,
          `SELECT ${cellsOf('x')}, ${cellsOf('y')} FROM x JOIN y ON ${isSameKey} WHERE ${isChanged} ORDER BY y.r LIMIT ${samplesAtMost}`,
        );
  return {
    rows: { added: Number(inAfter) - met, removed: Number(inBefore) - met, changed },
    changedCells: others
      .map((at, index) => ({ name: shared[at]?.name ?? '', count: perColumn[index] ?? 0 }))
      .filter(({ count }) => count > 0),
    samples: {
      added: (await only('y', 'x')).map((row) => ({ cells: row.map(cellOf), times: 1 })),
      removed: (await only('x', 'y')).map((row) => ({ cells: row.map(cellOf), times: 1 })),
      changed: changes.map((row) => ({
        before: row.slice(0, shared.length).map(cellOf),
        after: row.slice(shared.length).map(cellOf),
      })),
    },
  };
}

/** Rows as a multiset: one that comes three times here and five times there was added twice. */
async function byContent(db: DuckDBConnection, shared: readonly Shared[]): Promise<Found> {
  const columns = shared.map((_, at) => `c${at}`).join(', ');
  await db.run(
    `CREATE OR REPLACE TEMP TABLE d AS SELECT ${columns}, sum(n) AS n, min(r) AS r
     FROM (SELECT ${columns}, -1 AS n, r FROM x UNION ALL SELECT ${columns}, 1 AS n, r FROM y)
     GROUP BY ${columns} HAVING sum(n) <> 0`,
  );
  const [[added, removed] = []] = await rowsOf(
    db,
    'SELECT coalesce(sum(n) FILTER (n > 0), 0)::DOUBLE, coalesce(-sum(n) FILTER (n < 0), 0)::DOUBLE FROM d',
  );
  const sample = async (condition: string) =>
    (
      await rowsOf(
        db,
        `SELECT abs(n)::DOUBLE, ${shared.map((_, at) => shown(`c${at}`)).join(', ')} FROM d WHERE ${condition} ORDER BY r LIMIT ${samplesAtMost}`,
      )
    ).map(([times, ...row]) => ({ cells: row.map(cellOf), times: Number(times) }));
  return {
    rows: { added: Number(added), removed: Number(removed), changed: null },
    changedCells: [],
    samples: { added: await sample('n > 0'), removed: await sample('n < 0'), changed: [] },
  };
}

const shown = (column: string): string => `left(CAST(${column} AS VARCHAR), ${charactersAtMost})`;
const cellOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
