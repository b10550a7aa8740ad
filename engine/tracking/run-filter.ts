import { BenchtopError } from '../../contract/index.ts';

/** A condition on table `run` (alias r), with its bound values. */
export interface Condition {
  readonly sql: string;
  readonly values: (string | number)[];
}

const operators = ['>=', '<=', '!=', '=', '>', '<', '~'] as const;
const termPattern = /"([^"]*)"|(\S+?)\s*(>=|<=|!=|=|>|<|~)\s*("[^"]*"|\S+)|(\S+)/g;

/**
 * Reads the text of the runs' filter. Terms are joined by AND: a word or "quoted words" must appear in the name, note, command,
 * a param or a tag; `params.lr = 0.1`, `metrics.loss < 0.5`, `tags.team = "a b"`, `status = failed`, `duration > 60` (seconds)
 * compare; `~` means "contains"; `starred` keeps the starred runs.
 * @throws {BenchtopError} `invalid-input` for a comparison that cannot be understood, naming the term.
 */
export function runFilter(text: string): Condition {
  const parts: Condition[] = [];
  for (const match of text.matchAll(termPattern)) {
    const [term, quoted, field, operator, value, word] = match;
    if (quoted !== undefined) parts.push(containing(quoted));
    else if (word === 'starred') parts.push({ sql: 'r.is_starred = 1', values: [] });
    else if (word !== undefined) parts.push(containing(word));
    else parts.push(comparing(term, field ?? '', operator as Operator, (value ?? '').replaceAll('"', '')));
  }
  return {
    sql: parts.map((part) => `(${part.sql})`).join(' AND ') || '1',
    values: parts.flatMap((part) => part.values),
  };
}

type Operator = (typeof operators)[number];

function containing(word: string): Condition {
  const like = `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return {
    sql: `r.name LIKE ? ESCAPE '\\' OR r.note LIKE ? ESCAPE '\\' OR r.command LIKE ? ESCAPE '\\' OR r.run_id LIKE ? ESCAPE '\\'
      OR EXISTS (SELECT 1 FROM param p WHERE p.run = r.id AND p.value LIKE ? ESCAPE '\\')
      OR EXISTS (SELECT 1 FROM tag t WHERE t.run = r.id AND t.value LIKE ? ESCAPE '\\')`,
    values: [like, like, like, like, like, like],
  };
}

function comparing(term: string, field: string, operator: Operator, value: string): Condition {
  const [, table, name] = /^(params?|metrics?|tags?)\.(.+)$/.exec(field) ?? [];
  const sqlOperator = operator === '~' ? 'LIKE' : operator;
  const bound = operator === '~' ? `%${value}%` : value;
  if (name !== undefined && table?.startsWith('metric')) {
    return {
      sql: `EXISTS (SELECT 1 FROM series s JOIN name n ON n.id = s.name WHERE s.run = r.id AND n.text = ? AND s.last_value ${numeric(operator, term)} ?)`,
      values: [name.replaceAll('`', ''), finite(value, term)],
    };
  }
  if (name !== undefined) {
    const rows = table?.startsWith('tag') ? 'tag' : 'param';
    const number = Number(value);
    const asNumber = operator !== '~' && value.trim() !== '' && Number.isFinite(number);
    const compared = asNumber ? `CAST(v.value AS REAL) ${sqlOperator} ?` : `v.value ${sqlOperator} ?`;
    return {
      sql: `EXISTS (SELECT 1 FROM ${rows} v JOIN name n ON n.id = v.name WHERE v.run = r.id AND n.text = ? AND ${compared})`,
      values: [name.replaceAll('`', ''), asNumber ? number : bound],
    };
  }
  if (field === 'status' || field === 'name') return { sql: `r.${field} ${sqlOperator} ?`, values: [bound] };
  if (field === 'duration') {
    return {
      sql: `(coalesce(r.ended_at, unixepoch('subsec') * 1000) - r.started_at) / 1000.0 ${numeric(operator, term)} ?`,
      values: [finite(value, term)],
    };
  }
  throw notUnderstood(term, 'Compare params.NAME, metrics.NAME, tags.NAME, status, name or duration.');
}

function numeric(operator: Operator, term: string): string {
  if (operator === '~') throw notUnderstood(term, 'Numbers are compared with =, !=, <, <=, > or >=.');
  return operator;
}

function finite(value: string, term: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number))
    throw notUnderstood(term, `"${value}" is not a number.`);
  return number;
}

const notUnderstood = (term: string, next: string) =>
  new BenchtopError({ code: 'invalid-input', what: `The filter "${term}" was not understood.`, next });
