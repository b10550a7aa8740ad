import type { Random } from './random.ts';

/** A request as both servers get it, but for the ids, which are names in it: `<run 3>`. */
export interface PlannedRequest {
  readonly method: string;
  /** With its query, percent-encoded but for the names of ids. */
  readonly path: string;
  readonly body?: unknown;
  /** What the answer's new id is called from then on. */
  readonly names?: 'run' | 'model';
  /** Whether an answer may carry a page token; then the pages are walked. */
  readonly hasPages?: boolean;
}

/** What has been created so far, as far as the plan knows. */
export interface Plan {
  runs: number;
  models: number;
  /** Runs start one millisecond apart. */
  time: number;
}

export type Maker = (random: Random, plan: Plan) => PlannedRequest;

export const experiments = ['0', '0', '1', '1', '2', '3', '4', '77'];
export const wrongExperiments = ['x', ' 1', '1.0', '-1', '99999999999999999999'];
export const registeredNames = ['flights', 'prices', 'Ünïcode', 'prompt-one', 'with space', "it's"];
export const values = [
  '0.1',
  '3',
  'adam',
  'a%b_c',
  "it's",
  '',
  'Adam',
  'ünï',
  'say "hi"',
  '10',
  '9',
  'a\\b',
  '\n',
];
export const plainKeys = ['lr', 'depth', 'val/loss', 'acc.top-1', 'a b', 'user', 'order', '1st'];
export const tagKeys = ['team', 'stage', 'mlflow.note.content', 'mlflow.runName', 'user', 'dotted.key'];
export const oddKeys = [
  '../up',
  'bad#key',
  'a//b',
  './a',
  '/abs',
  'a/',
  '..',
  '.',
  'ключ',
  'a:b',
  'k'.repeat(250),
  'k'.repeat(251),
  'tab\tkey',
  'emoji😀',
  ' lead',
  '$dollar',
  '//two',
];

export const keyOf = (random: Random): string => random.pick(random.chance(0.92) ? plainKeys : oddKeys);
export const tagKeyOf = (random: Random): string => random.pick(random.chance(0.92) ? tagKeys : oddKeys);
export const experimentOf = (random: Random): string =>
  random.pick(random.chance(0.96) ? experiments : wrongExperiments);
export const runOf = (random: Random, plan: Plan): string =>
  random.chance(0.04) || plan.runs === 0
    ? random.pick(['nobody', 'f'.repeat(32), '', 'a/b', 'x'.repeat(300)])
    : `<run ${random.below(plan.runs)}>`;
export const modelOf = (random: Random, plan: Plan): string =>
  random.chance(0.05) || plan.models === 0 ? 'm-nothing' : `<model ${random.below(plan.models)}>`;

/** Up to `limit` − 1 pairs with keys of their own. */
export const pairsOf = (
  random: Random,
  keys: readonly string[],
  limit = 3,
): { key: string; value: string }[] =>
  Array.from({ length: random.below(limit) }, () => ({
    key: random.pick(keys),
    value: random.pick(values),
  })).filter((pair, index, all) => all.findIndex(({ key }) => key === pair.key) === index);

export const post = (path: string, body: object, method = 'POST'): PlannedRequest => ({
  method,
  path: `/api/2.0/mlflow/${path}`,
  body,
});

export function get(
  path: string,
  query: Readonly<Record<string, string | number | readonly string[]>>,
): PlannedRequest {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const each of Array.isArray(value) ? (value as string[]) : [String(value)])
      search.append(name, each);
  // Names of ids are replaced later, so their brackets stand as they are.
  const text = String(search).replaceAll(/%3C(run|model)\+(\d+)%3E/g, '<$1 $2>');
  return { method: 'GET', path: `/api/2.0/mlflow/${path}?${text}` };
}

/** Only the fields that `chance` lets through: what a client leaves out. */
export function someOf<T extends object>(random: Random, fields: T, chance = 0.5): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(() => random.chance(chance))) as Partial<T>;
}
