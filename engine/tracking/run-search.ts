import type Database from 'better-sqlite3';
import { z } from 'zod';
import {
  BenchtopError,
  gateTag,
  type countRuns as asked,
  type runSearch,
  type RunPage,
} from '../../contract/index.ts';
import { prepared, type Cursor } from '../store/index.ts';
import { runsOf, type RunRow } from './rows.ts';
import { countRuns, findRuns, type RunScope } from './search/find-runs.ts';
import { knownName } from './search/names.ts';
import { parseFilter } from './search/parse-filter.ts';
import { orderKeys } from './search/parse-order.ts';
import { all } from './search/run-condition.ts';

const cursor = z.array(z.union([z.string(), z.number(), z.null()]));

/** One page of runs for the window. Pages follow each other by key, so page 50 costs what page 1 costs. */
export function searchRuns(db: Database.Database, search: z.output<typeof runSearch>): RunPage {
  const scope = scopeOf(search);
  const { runs, next, narrowedTo } = findRuns(db, {
    scope,
    where: parseFilter(search.text, Date.now()),
    order: orderKeys(search.order),
    after: search.after === undefined ? null : readCursor(search.after),
    offset: search.offset,
    limit: search.limit,
  });
  const rows = prepared(
    db,
    'SELECT r.* FROM json_each(?) c CROSS JOIN run r ON r.id = c.value ORDER BY c.key',
  ).all(JSON.stringify(runs)) as RunRow[];
  const total = countRuns(db, scope, all([]));
  const isWhole = search.after === undefined && search.offset === 0 && next === null;
  // Where few runs can match, counting them costs little; else whoever wants to know asks for it.
  const isCounted = isWhole || search.text.trim() === '' || narrowedTo !== null;
  return {
    runs: runsOf(db, rows),
    matched: isWhole
      ? runs.length
      : search.text.trim() === ''
        ? total
        : isCounted
          ? countRuns(db, scope, parseFilter(search.text, Date.now()))
          : runs.length,
    isMatchedExact: isCounted,
    total,
    evidenceCount: evidenceCount(db, search.projectId ?? null),
    next: next === null ? null : JSON.stringify(next),
  };
}

/** How many runs match, however many. */
export function countMatches(db: Database.Database, search: z.output<typeof asked>): { matched: number } {
  return { matched: countRuns(db, scopeOf(search), parseFilter(search.text, Date.now())) };
}

/** Runs that judged versions, less those in the bin. */
function evidenceCount(db: Database.Database, projectId: string | null): number {
  const name = knownName(db, gateTag);
  if (name === null) return 0;
  return prepared(
    db,
    `SELECT count(*) FROM tag t JOIN run r ON r.id = t.run
     WHERE t.name = ? AND r.deleted_at IS NULL AND (? IS NULL OR r.project_id = ?)`,
  )
    .pluck()
    .get(name, projectId, projectId) as number;
}

const scopeOf = ({ deleted, projectId, text, evidence }: z.output<typeof asked>): RunScope => ({
  lifecycle: deleted ? 'deleted' : 'active',
  withoutEvidence: !deleted && !evidence && !text.includes(gateTag),
  ...(projectId === undefined ? {} : { projectId }),
});

function readCursor(after: string): Cursor {
  let parsed: unknown;
  try {
    parsed = JSON.parse(after);
  } catch {
    parsed = null; // rejected below, like any other text that no page gave out
  }
  const checked = cursor.safeParse(parsed);
  if (checked.success) return checked.data;
  throw new BenchtopError({ code: 'invalid-input', what: `"${after}" is not a page of this search.` });
}
