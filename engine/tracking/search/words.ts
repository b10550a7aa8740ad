import type { SqlPart } from '../../store/index.ts';
import type { RunCondition } from './run-condition.ts';

/**
 * Row numbers of `run_text` hold the run's number above these bits; below it stand the name's number and what the text is
 * (0 the run's own words, 1 a param, 2 a tag). Migration 10 has them too.
 */
export const runShift = 34;

/** The query of FTS5 for some words; null where there is no letter and no digit to look for. */
export function wordsMatch({ text, isPrefix }: RunCondition & { kind: 'words' }): string | null {
  if (!/[\p{L}\p{N}]/u.test(text)) return null;
  return `"${text.replaceAll('"', '""').replaceAll('\0', ' ')}"${isPrefix ? ' *' : ''}`;
}

/**
 * Whether a run contains the words. Of few, all runs that contain them are gathered once; of words that are everywhere
 * each run is asked by itself, since a page of them is found soon.
 */
export function containedWords(match: string, isBroad: boolean): SqlPart {
  return isBroad
    ? {
        sql: `EXISTS (SELECT 1 FROM run_text WHERE run_text MATCH ? AND rowid >= r.id << ${runShift} AND rowid < (r.id + 1) << ${runShift})`,
        values: [match],
      }
    : { sql: `r.id IN (${runsWithWords})`, values: [match] };
}

/** The numbers of all runs that contain the words. */
export const runsWithWords = `SELECT rowid >> ${runShift} FROM run_text WHERE run_text MATCH ?`;
