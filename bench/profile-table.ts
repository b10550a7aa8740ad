import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createTableReader } from '../engine/data/index.ts';
import { pythonEnvironment } from '../engine/fixture-python.ts';
import { alternate } from './alternate.ts';
import type { Measure } from './measure.ts';

const rows = 10_000_000;
const rounds = 3;
const threads = 2;

/** Sequences, measurements, whole numbers, words of few and of many kinds, times and empty cells. */
const columns = [
  'range AS id',
  ...Array.from(
    { length: 6 },
    (_, at) => `sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) AS measure${at}`,
  ),
  'CASE WHEN random() < 0.05 THEN NULL ELSE round(random() * random() * 300, 1) END AS delay',
  'CAST(floor(random() * 8) AS INTEGER) AS grade',
  'CAST(floor(50 + random() * 4950) AS BIGINT) AS distance',
  "'carrier ' || CAST(floor(random() * 16) AS INTEGER) AS carrier",
  "'place ' || CAST(floor(random() * 400) AS INTEGER) AS origin",
  "'N' || CAST(floor(random() * 5000000) AS INTEGER) AS tail",
  "TIMESTAMP '2013-01-01' + INTERVAL (CAST(range * 3 AS BIGINT)) SECOND AS taken_at",
  'random() < 0.2 AS late',
];

/** A large Parquet file: its first rows, and its columns summed up. */
export const profileTable: Measure = {
  name: 'profile-table',
  question: 'How soon are the first rows of a large Parquet file on screen, and its columns summed up?',
  goal: 'first rows within 1 s, statistics within 3 s a GB on two cores',
  isLong: true,
  async run({ scratch }) {
    const folder = join(scratch, 'profile');
    mkdirSync(folder);
    const path = join(folder, 'table.parquet');
    const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
    const db = await instance.connect();
    await db.run(`SELECT setseed(0.5)`);
    await db.run(`COPY (SELECT ${columns.join(', ')} FROM range(${rows})) TO '${path}' (FORMAT parquet)`);
    const gigabytes = statSync(path).size / 1e9;
    const reader = createTableReader({ folder, onIdle: () => undefined });
    const file = { path, format: 'parquet', isGzip: false, name: path } as const;
    const { signal } = new AbortController();
    try {
      const first = await alternate(rounds, {
        ours: () =>
          taken(() => reader.ask({ kind: 'query', file, query: 'SELECT * FROM t', limit: 1000 }, signal)),
        floor: () => taken(() => readAll(db, `SELECT * FROM read_parquet('${path}') LIMIT 1000`)),
      });
      const statistics = await alternate(rounds, {
        ours: () => taken(async () => reader.ask({ kind: 'profile', file }, signal)),
        floor: () => taken(() => readAll(db, `SUMMARIZE SELECT * FROM read_parquet('${path}')`)),
      });
      const perGigabyte = (samples: readonly number[]) => samples.map((ms) => ms / gigabytes);
      const environment = pythonEnvironment('.venv');
      return {
        figures: [
          { name: 'first 1,000 rows', unit: 'ms', below: 1000, floorIs: 'DuckDB alone', samples: first },
          {
            name: 'statistics, a GB',
            unit: 'ms',
            below: 3000,
            floorIs: "DuckDB's own SUMMARIZE",
            samples: {
              ours: perGigabyte(statistics.ours),
              floor: perGigabyte(statistics.floor),
              ...('reason' in environment
                ? {}
                : { peer: perGigabyte([describeWithPandas(environment.python, path)]) }),
            },
          },
        ],
        notes: [
          `${rows} rows of ${columns.length} columns, ${gigabytes.toFixed(2)} GB of Parquet; ${threads} threads at the floor. Ours tells histograms, frequent values, days and correlations besides.`,
          'reason' in environment
            ? `pandas was not measured: ${environment.reason}`
            : 'The peer is pandas: read_parquet and describe of the columns of numbers alone.',
        ],
      };
    } finally {
      await reader.close();
      instance.closeSync();
      rmSync(folder, { recursive: true });
    }
  },
};

async function taken(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const readAll = async (db: DuckDBConnection, sql: string) => (await db.runAndReadAll(sql)).getRowsJson();

/** Milliseconds, the loading of the library left out. */
function describeWithPandas(python: string, path: string): number {
  const program = [
    'import sys, time, pandas as pd, pyarrow.parquet as pq, pyarrow as pa',
    'start = time.perf_counter()',
    'names = [f.name for f in pq.read_schema(sys.argv[1]) if pa.types.is_integer(f.type) or pa.types.is_floating(f.type)]',
    'pd.read_parquet(sys.argv[1], columns=names).describe()',
    'print((time.perf_counter() - start) * 1000)',
  ].join('\n');
  return Number(execFileSync(python, ['-c', program, path], { encoding: 'utf8' }));
}
