import type { z } from 'zod';
import { plainNumbers } from './plain-numbers.ts';
import type { YamlValue } from './read-yaml.ts';

export interface SchemaMistake {
  readonly path: readonly (string | number)[];
  /** Whether the key is wrong or what it holds. */
  readonly of: 'key' | 'value';
  readonly message: string;
  readonly fix: string;
}

/**
 * What keeps a value from its schema, every mistake at once, in words for the person who wrote it. An unknown key is held against
 * `keys`, and those of `otherPlaces` get their hint. `page` of the documentation has all keys.
 */
export function schemaMistakes(
  schema: z.ZodType,
  value: YamlValue | undefined,
  keys: readonly string[],
  otherPlaces: readonly { keys: readonly string[]; hint: string }[] = [],
  page = 'docs/pipelines.md',
): SchemaMistake[] {
  const checked = schema.safeParse(plainNumbers(value));
  if (checked.success) return [];
  return checked.error.issues.flatMap((issue) => mistakesOf(issue, [], { value, keys, otherPlaces, page }));
}

function mistakesOf(
  issue: z.core.$ZodIssue,
  before: readonly (string | number)[],
  hints: {
    value: YamlValue | undefined;
    keys: readonly string[];
    otherPlaces: readonly { keys: readonly string[]; hint: string }[];
    page: string;
  },
): SchemaMistake[] {
  const path = [...before, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const elsewhere = hints.otherPlaces.find(({ keys }) => keys.includes(key));
      const close = closest(key, hints.keys);
      const fix =
        elsewhere?.hint ??
        (close === null ? `Remove it; ${hints.page} has all keys.` : `Did you mean "${close}"?`);
      return { path: [...path, key], of: 'key', message: `"${key}" is no key here.`, fix };
    });
  }
  if (issue.code === 'invalid_union') {
    // The alternative that the value came closest to: where something inside of it is wrong.
    const inner = issue.errors.find((issues) =>
      issues.some(({ path: deeper, code }) => deeper.length > 0 || code === 'unrecognized_keys'),
    );
    if (inner !== undefined) return inner.flatMap((each) => mistakesOf(each, path, hints));
  }
  const key = path.findLast((part) => typeof part === 'string');
  if (path.length > 0 && isAbsent(hints.value, path)) {
    return [
      {
        path: path.slice(0, -1),
        of: 'key',
        message: `"${key ?? ''}" is missing.`,
        fix: `Add \`${key ?? ''}\`; it ${issue.message}.`,
      },
    ];
  }
  const subject = key === undefined ? 'The file' : `"${key}"`;
  const item = typeof path.at(-1) === 'number' ? `${Number(path.at(-1)) + 1}. entry of ${subject}` : subject;
  return [
    {
      path,
      of: 'value',
      message: `${item === subject ? subject : `The ${item}`} ${issue.message}.`,
      fix: `See ${hints.page} for what may stand here.`,
    },
  ];
}

function isAbsent(value: YamlValue | undefined, path: readonly (string | number)[]): boolean {
  let node: unknown = value;
  for (const part of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, part)) return true;
    node = (node as Record<string | number, unknown>)[part];
  }
  return false;
}

/** The word that a wrong one was meant for: at most a third of its letters off. */
function closest(word: string, words: readonly string[]): string | null {
  let best: string | null = null;
  let bestSteps = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of words) {
    const steps = editSteps(word.toLowerCase(), candidate.toLowerCase());
    if (steps < bestSteps) [best, bestSteps] = [candidate, steps];
  }
  return best;
}

/** Letters to add, remove, replace or swap with the next (Damerau and Levenshtein). */
function editSteps(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cell = (di: number, dj: number) => (di === 0 ? row : rows[i - di])?.[j - dj] ?? Infinity;
      let steps = Math.min(cell(1, 0) + 1, cell(0, 1) + 1, cell(1, 1) + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        steps = Math.min(steps, cell(2, 2) + 1);
      row.push(steps);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
