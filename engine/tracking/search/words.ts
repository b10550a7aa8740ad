import type Database from 'better-sqlite3';
import type { SqlPart } from '../../store/index.ts';
import type { RunCondition } from './run-condition.ts';

/**
 * Row numbers of `run_text` hold the run's number above these bits; below it stand the name's number and what the text is
 * (0 the run's own words, 1 a param, 2 a tag). Migrations 10, 37 and 42 have them too.
 */
export const runShift = 34;

/** The query of FTS5 for some words; null where there is no letter and no digit to look for. */
export function wordsMatch({ text, isPrefix }: RunCondition & { kind: 'words' }): string | null {
  if (!/[\p{L}\p{N}]/u.test(text)) return null;
  return `"${text.replaceAll('"', '""').replaceAll('\0', ' ')}"${isPrefix ? ' *' : ''}`;
}

/**
 * Whether a run contains the words. Of few, all runs that contain them are gathered once; words that are everywhere are
 * looked for in the texts of each run that is met, since a page of such runs is found soon.
 */
export function containedWords(
  db: Database.Database,
  words: RunCondition & { kind: 'words' },
  match: string,
  isBroad: boolean,
): SqlPart {
  if (isBroad) return containedIn(db, 'r', words);
  const { sql, values } = runsWithWords(db, words, match);
  return { sql: `r.id IN (${sql})`, values };
}

/** A query for the numbers of all runs that contain the words: those of the index, and the latest, whose words wait for it. */
export function runsWithWords(
  db: Database.Database,
  words: RunCondition & { kind: 'words' },
  match: string,
): SqlPart {
  const waiting = containedIn(db, 'w', words);
  return {
    sql: `SELECT rowid >> ${runShift} FROM run_text WHERE run_text MATCH ?
      UNION ALL SELECT w.id FROM run w WHERE w.id > (SELECT last FROM run_words) AND ${waiting.sql}`,
    values: [match, ...waiting.values],
  };
}

/** Whether a run, a row of `run` under an alias, contains the words: its texts are looked through. */
function containedIn(db: Database.Database, run: string, words: RunCondition & { kind: 'words' }): SqlPart {
  offerContainsWords(db);
  const contains = (text: string) => `contains_words(${text}, ?, ${Number(words.isPrefix)})`;
  const value = 'substr(v.value, 1, 4000)';
  return {
    sql: `(${contains(`${run}.run_id || ' ' || ${run}.name || ' ' || ${run}.note || ' ' || ${run}.command`)}
      OR ifnull((SELECT max(${contains(value)}) FROM param v WHERE v.run = ${run}.id), 0)
      OR ifnull((SELECT max(${contains(value)}) FROM tag v JOIN name n ON n.id = v.name WHERE v.run = ${run}.id AND n.text NOT IN ('mlflow.log-model.history', 'benchtop.environmentSet')), 0))`,
    values: [words.text, words.text, words.text],
  };
}

const offered = new WeakSet<Database.Database>();

/** Offers `contains_words(text, words, isPrefix)` on a connection: what MATCH says of one text. */
function offerContainsWords(db: Database.Database): void {
  if (offered.has(db)) return;
  offered.add(db);
  let lastWords = '';
  let wanted: readonly string[] = [];
  db.function('contains_words', { deterministic: true }, (text, words, isPrefix) => {
    if (words !== lastWords) {
      lastWords = String(words);
      wanted = tokensOf(lastWords);
    }
    return Number(containsTokens(tokensOf(String(text)), wanted, isPrefix === 1));
  });
}

/** As FTS5's unicode61 cuts a text: letters and digits, without case and accents. */
const tokensOf = (text: string): readonly string[] =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}\p{Co}]+/gu) ?? [];

function containsTokens(tokens: readonly string[], wanted: readonly string[], isPrefix: boolean): boolean {
  const last = wanted.length - 1;
  return tokens.some((_, start) =>
    wanted.every((word, index) => {
      const token = tokens[start + index];
      return isPrefix && index === last ? token?.startsWith(word) === true : token === word;
    }),
  );
}
