import Database from 'better-sqlite3';
import { BenchtopError, type SqlResult } from '../../contract/index.ts';
import { queries as tracking } from '../tracking/index.ts';
import { metricPoints, views } from './views.ts';

export interface Question {
  readonly query: string;
  readonly limit: number;
  readonly timeoutMs: number;
}

/** The most a result may hold, in characters: what a window or a terminal can still show. */
const maxCharacters = 32 * 1024 * 1024;
const pointsAtOnce = 5000;

/**
 * Opens a store for questions: read-only, with the documented views, and nothing that could change a file or open another.
 * @param isCancelled asked every few hundred rows.
 */
export function openForQuestions(
  databasePath: string,
  isCancelled: () => boolean,
): (question: Question) => SqlResult {
  const db = new Database(databasePath, { readonly: true });
  db.pragma('temp_store = MEMORY');
  // Points are read beside the query that asks for them.
  const beside = new Database(databasePath, { readonly: true });
  let until = 0;
  let calls = 0;
  const withinTime = () => {
    if (++calls % 256 === 0) {
      if (isCancelled()) throw new BenchtopError({ code: 'cancelled', what: 'The query was cancelled.' });
      if (performance.now() > until)
        throw new BenchtopError({
          code: 'too-large',
          what: 'The query took too long and was ended.',
          next: 'Ask for fewer rows or fewer joins, or allow it more time.',
        });
    }
    return 1;
  };
  db.function('within_time', { deterministic: false }, withinTime);
  for (const { name, select } of views) db.exec(`CREATE TEMP VIEW ${name} AS ${select}`);
  db.table(metricPoints.name, {
    columns: metricPoints.columns.map(({ name }) => name),
    parameters: ['run_id', 'key'],
    *rows(...[runId, key]: unknown[]) {
      for (let after: Parameters<(typeof tracking)['tracking.metricHistory']>[1]['after'] = null; ;) {
        const page = tracking['tracking.metricHistory'](beside, {
          runId: String(runId),
          key: String(key),
          after,
          limit: pointsAtOnce,
        });
        for (const { step, timeMs, value } of page.points) {
          withinTime();
          yield [step, timeMs, Number.isNaN(value) ? 'NaN' : value];
        }
        if (page.next === null) return;
        after = page.next;
      }
    },
  });
  db.pragma('query_only = ON');

  return ({ query, limit, timeoutMs }) => {
    const startedAt = performance.now();
    until = startedAt + timeoutMs;
    calls = 0;
    const statement = prepareSelect(db, query);
    const columns = statement.columns().map(({ name }) => name);
    const rows: SqlResult['rows'] = [];
    let characters = 0;
    let isTruncated = false;
    for (const row of statement.raw().iterate() as Iterable<unknown[]>) {
      if (rows.length === limit || characters > maxCharacters) {
        isTruncated = true;
        break;
      }
      withinTime();
      const cells = row.map(cellOf);
      for (const cell of cells) characters += typeof cell === 'string' ? cell.length : 8;
      rows.push(cells);
    }
    return { columns, rows, isTruncated, elapsedMs: performance.now() - startedAt };
  };
}

function cellOf(value: unknown): string | number | null {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('hex') : typeof value === 'bigint' ? String(value) : null;
}

/**
 * One statement that reads and gives rows. SQLite itself says whether it would write; ATTACH and PRAGMA, which write no
 * table but reach further, and endless recursion, which could not be ended, are refused by their words.
 */
function prepareSelect(db: Database.Database, query: string): Database.Statement {
  const bare = query
    .replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .trim();
  if (!/^(select|with|values|explain)\b/i.test(bare))
    throw notAllowed(
      'Only SELECT, WITH, VALUES and EXPLAIN are answered here.',
      query,
      bare.split(/\s/)[0] ?? '',
    );
  if (/\brecursive\b/i.test(bare))
    throw notAllowed('WITH RECURSIVE is not answered here: it may never end.', query, 'recursive');
  if (/\bpragma\w*/i.test(bare)) throw notAllowed('PRAGMAs are not answered here.', query, 'pragma');
  let statement: Database.Statement;
  try {
    statement = db.prepare(query);
  } catch (error) {
    throw notUnderstood(db, query, error);
  }
  if (!statement.reader || !statement.readonly)
    throw notAllowed('Only queries that read are answered here.', query, bare.split(/\s/)[0] ?? '');
  return statement;
}

function notAllowed(what: string, query: string, word: string): BenchtopError {
  const offset = Math.max(0, query.toLowerCase().indexOf(word.toLowerCase()));
  return new BenchtopError({
    code: 'not-allowed',
    what,
    at: { offset, length: Math.max(1, word.length) },
    next: 'The views that can be read are in docs/sql.md.',
  });
}

/** SQLite's words for what is wrong, with the place found again. */
function notUnderstood(db: Database.Database, query: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof BenchtopError) return error;
  const { message } = error;
  const near = /near "(.*)": syntax error/s.exec(message)?.[1];
  const named = /no such (?:column|table|function): (?:\w+\.)*([^\s]+)/.exec(message)?.[1];
  const offset =
    near === undefined
      ? named === undefined
        ? -1
        : query.search(new RegExp(`\\b${named.replaceAll(/\W/g, String.raw`\$&`)}\\b`))
      : placeOfSyntaxError(db, query, near, message);
  const word = near ?? named ?? '';
  return new BenchtopError(
    {
      code: 'invalid-input',
      what: `The query was not understood: ${message}.`,
      ...(/incomplete input/.test(message)
        ? { at: { offset: query.length, length: 1 } }
        : offset < 0
          ? {}
          : { at: { offset, length: Math.max(1, word.length) } }),
      next: 'The views and their columns are in docs/sql.md.',
    },
    { cause: error },
  );
}

/** The first place of the word where the query, cut right behind it, fails the same way. */
function placeOfSyntaxError(db: Database.Database, query: string, near: string, message: string): number {
  for (let at = query.indexOf(near); at >= 0; at = query.indexOf(near, at + 1)) {
    try {
      db.prepare(query.slice(0, at + near.length));
    } catch (error) {
      if (error instanceof Error && error.message === message) return at;
    }
  }
  return -1;
}
