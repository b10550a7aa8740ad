import type { PlannedRequest } from './requests/plan.ts';

/** A normalised answer. */
interface Normal {
  readonly status: number;
  readonly json: { readonly error_code?: string; readonly message?: string } | null;
}

export interface Reason {
  /** As in the table of docs/mlflow.md. */
  readonly reason: string;
  holds(request: PlannedRequest, theirs: Normal, ours: Normal): boolean;
}

const isRefusal = ({ status }: Normal) => status >= 400 && status < 500;
export const messageOf = ({ json }: Normal) => json?.message ?? '';
const isSearch = ({ path }: PlannedRequest) => /\/search(\?|$)/.test(path);
const maxResultsOf = ({ path, body }: PlannedRequest) =>
  Number(
    (body as { max_results?: number } | undefined)?.max_results ?? /max_results=(-?\d+)/.exec(path)?.[1] ?? 1,
  );

/** An answer with 0 for each NaN, as MLflow keeps the metrics of logged models. */
const withZeros = (answer: Normal): unknown =>
  JSON.parse(JSON.stringify(answer), (key, value: unknown) => {
    if (key === 'value' && value === 'NaN') return 0;
    // Sorted by their text, which has just changed.
    return key === 'metrics' && Array.isArray(value)
      ? value.map((metric) => JSON.stringify(metric)).toSorted()
      : value;
  }) as unknown;

/** Every deliberate difference that a sequence of sound requests can meet, with what it is recognised by. */
export const reasons: readonly Reason[] = [
  {
    reason: 'what MLflow answers with 500 is answered or refused',
    holds: (_request, theirs, ours) => theirs.status >= 500 && ours.status < 500,
  },
  {
    reason: 'where MLflow shows an error of its database, the refusal is in words',
    holds: (_request, theirs, ours) => messageOf(theirs) === '<words of the database>' && isRefusal(ours),
  },
  {
    reason: 'linking a model or giving it a param again changes nothing',
    holds: ({ path }, theirs, ours) =>
      /runs\/outputs$|logged-models\/[^/]+\/params$/.test(path) &&
      messageOf(theirs) === '<words of the database>' &&
      ours.status === 200,
  },
  {
    reason: 'a data set without a digest is one of any digest',
    holds: ({ path, body }, theirs, ours) =>
      path.endsWith('logged-models/search') &&
      JSON.stringify(body).includes('"datasets":[{"dataset_name":"flights"}]') &&
      [theirs, ours].every(({ status }) => status === 200),
  },
  {
    reason: 'NaN of a logged model comes back as NaN',
    holds: ({ path }, theirs, ours) =>
      path.includes('logged-models') && JSON.stringify(withZeros(ours)) === JSON.stringify(withZeros(theirs)),
  },
  {
    reason: 'a page of no or fewer rows is refused',
    holds: (request, theirs, ours) =>
      isSearch(request) &&
      maxResultsOf(request) < 1 &&
      theirs.status === 200 &&
      messageOf(ours).includes('max_results'),
  },
  {
    reason: 'a comparator may be spelt in small letters',
    holds: (request, theirs, ours) =>
      isSearch(request) &&
      /^Invalid comparator (for .*: |')((not )?(like|ilike|in)|[A-Z][a-z]+)\b/.test(messageOf(theirs)) &&
      (ours.status === 200 || ours.json?.error_code === 'INVALID_PARAMETER_VALUE'),
  },
  {
    reason: 'a filter that is not well-formed is refused in other words',
    holds: (request, theirs, ours) =>
      isSearch(request) &&
      [theirs, ours].every(({ json }) => json?.error_code === 'INVALID_PARAMETER_VALUE') &&
      [theirs, ours].some((answer) =>
        /^Invalid (clause\(s\) in filter string|comparison clause|filter string|comparison)\b/.test(
          messageOf(answer),
        ),
      ),
  },
];

/**
 * Why two answers may differ, or null where they must not.
 * @param more reasons that hold for one release of MLflow only.
 */
export const reasonToDiffer = (
  request: PlannedRequest,
  theirs: unknown,
  ours: unknown,
  more: readonly Reason[] = [],
): string | null =>
  [...reasons, ...more].find(({ holds }) => holds(request, theirs as Normal, ours as Normal))?.reason ?? null;
