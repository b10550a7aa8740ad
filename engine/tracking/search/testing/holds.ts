import { assertNever, type RunGap } from '../../../../contract/index.ts';
import type { Comparand, Comparator } from '../../../store/index.ts';
import type { RunComparison, RunCondition } from '../run-condition.ts';

/** For tests: a run with nothing but what a filter may ask of it. */
export interface PlainRun {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly status: string;
  readonly source: string;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly gaps: readonly RunGap[];
  readonly isStarred: boolean;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
}

/** For tests: whether a filter lets a run through, written as plainly as can be. */
export function holds(condition: RunCondition, run: PlainRun): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.of.every((part) => holds(part, run));
    case 'any':
      return condition.of.some((part) => holds(part, run));
    case 'not':
      return !holds(condition.of, run);
    case 'words': {
      const wanted = tokensOf(condition.text);
      return [
        `${run.id} ${run.name} ${run.note}`,
        ...Object.values(run.params),
        ...Object.values(run.tags),
      ].some((text) => contains(tokensOf(text), wanted, condition.isPrefix));
    }
    case 'compare':
      return compares(condition.comparison, run);
    default:
      return assertNever(condition);
  }
}

const tokensOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

function contains(tokens: readonly string[], wanted: readonly string[], isPrefix: boolean): boolean {
  if (wanted.length === 0) return true;
  return tokens.some((_, start) =>
    wanted.every((word, index) => {
      const token = tokens[start + index] ?? '';
      return isPrefix && index === wanted.length - 1 ? token.startsWith(word) : token === word;
    }),
  );
}

function compares({ field, comparator, value }: RunComparison, run: PlainRun): boolean {
  const own = ownValue(field, run);
  if (comparator === 'IS NULL') return own === null;
  if (own === null) return false;
  if (comparator === 'IS NOT NULL') return true;
  const isPair = field.kind === 'param' || field.kind === 'tag';
  const meets = (operator: Comparator, wanted: Comparand): boolean => {
    // A number asks for the number that a param or a tag is written like.
    const left = isPair && typeof wanted === 'number' ? numberOrText(String(own)) : own;
    return meetsValue(left, operator, wanted);
  };
  if (Array.isArray(value)) {
    const isIn = value.some((item) => meets('=', item as string | number));
    return comparator === 'IN' ? isIn : !isIn;
  }
  return meets(comparator, value);
}

function meetsValue(left: string | number, operator: Comparator, right: Comparand): boolean {
  const text = String(left);
  const pattern = String(right);
  switch (operator) {
    case '=':
      return Object.is(left, right) || left === right;
    case '!=':
      return !meetsValue(left, '=', right);
    case 'LIKE':
      return likePattern(pattern, 'su').test(text);
    case 'ILIKE':
      return likePattern(pattern, 'siu').test(text);
    case '~':
      return text.toLowerCase().includes(pattern.toLowerCase());
    default: {
      if (typeof left !== 'number' || typeof right !== 'number') return false;
      if (operator === '<') return left < right;
      if (operator === '<=') return left <= right;
      return operator === '>' ? left > right : left >= right;
    }
  }
}

const likePattern = (pattern: string, flags: string) =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
      .replaceAll('%', '.*')
      .replaceAll('_', '.')}$`,
    flags,
  );

function numberOrText(text: string): string | number {
  if (!/[0-9]/.test(text) || /[^-+.0-9eE]/.test(text) || /[0-9.]-/.test(text)) return text;
  return Number.parseFloat(text) || 0;
}

function ownValue(field: RunComparison['field'], run: PlainRun): string | number | null {
  switch (field.kind) {
    case 'metric':
      return own(run.metrics, field.key);
    case 'param':
      return own(run.params, field.key);
    case 'tag':
      return own(run.tags, field.key);
    case 'dataset':
      return null;
    case 'attribute': {
      const values: Readonly<Record<string, string | number | null>> = {
        run_name: run.name,
        note: run.note,
        source: run.source,
        state: run.status,
        start_time: run.startedAt,
        end_time: run.endedAt,
        created_at: run.createdAt,
        starred: Number(run.isStarred),
      };
      return values[field.key] ?? null;
    }
    default:
      return assertNever(field);
  }
}

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | null =>
  Object.hasOwn(record, key) ? (record[key] ?? null) : null;
