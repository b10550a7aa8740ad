import type { Release } from './compare-servers.ts';
import type { PlannedRequest } from './requests/plan.ts';
import { messageOf, reasonToDiffer, type Reason } from './reasons-to-differ.ts';

interface LeftOut {
  readonly what: string;
  holds(request: PlannedRequest): boolean;
}

const bodyOf = ({ body }: PlannedRequest) =>
  (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Requests that one of the servers takes and the other refuses, after which they would not hold the same. */
const leftOut: readonly LeftOut[] = [
  {
    what: 'later than 3.11: an experiment is not named with blanks only',
    holds: (request) =>
      /experiments\/(create|update)$/.test(request.path) &&
      [bodyOf(request)['name'], bodyOf(request)['new_name']].some((name) => /^\s+$/.test(text(name))),
  },
  {
    what: 'later than 3.11: a new name of an experiment has at most 500 characters',
    holds: (request) =>
      request.path.endsWith('experiments/update') && text(bodyOf(request)['new_name']).length > 500,
  },
  {
    what: 'later than 3.11: a tag of an experiment may have 20,000 characters, not 5000',
    holds: (request) =>
      request.path.endsWith('set-experiment-tag') && text(bodyOf(request)['value']).length > 5000,
  },
  {
    what: 'later than 3.11: a prompt has no source of files',
    holds: (request) =>
      request.path.endsWith('model-versions/create') && JSON.stringify(request.body).includes('is_prompt'),
  },
  {
    what: 'later than 3.11: the source of a version lies in the run or the model that the request names',
    holds: (request) => {
      const { source, run_id, model_id } = bodyOf(request);
      const named = [text(run_id), text(model_id)].filter((id) => id !== '');
      return (
        request.path.endsWith('model-versions/create') &&
        /^(mlflow-artifacts:|models:|runs:|file:|\/)/.test(text(source)) &&
        (text(source).startsWith('mlflow-artifacts:') || !named.some((id) => text(source).includes(id)))
      );
    },
  },
  {
    what: 'later than 3.11: blanks around the number of a version count for nothing',
    holds: (request) =>
      /^\s|\s$/.test(text(bodyOf(request)['version'])) || /[?&]version=(\+|%20)/.test(request.path),
  },
];

const isOk = ({ status }: { readonly status: number }) => status === 200;

/** What the answers show of the releases since. */
const reasons: readonly Reason[] = [
  {
    reason: 'later than 3.11: a page of no or fewer points is refused',
    holds: ({ path }, theirs, ours) =>
      path.includes('metrics/get-history') && isOk(theirs) && messageOf(ours).includes('max_results'),
  },
  {
    reason: 'later than 3.11: without the size of a page a history has all its points, not none',
    holds: ({ path }, theirs, ours) =>
      /metrics\/get-history\?/.test(path) && !path.includes('max_results') && [theirs, ours].every(isOk),
  },
  {
    reason: 'later than 3.11: the number of a version is compared with whole numbers only',
    holds: ({ path }, _theirs, ours) =>
      path.includes('model-versions/search') &&
      messageOf(ours).startsWith("Invalid value for numeric attribute 'version_number'"),
  },
  {
    reason: 'later than 3.11: lists of names in a search of the registry, and NOT IN',
    holds: ({ path }, theirs) =>
      /(model-versions|registered-models)\/search/.test(path) &&
      /^(Only the 'run_id' attribute supports comparison with a list|Invalid comparator for attribute: NOT IN)/.test(
        messageOf(theirs),
      ),
  },
  {
    reason: 'later than 3.11: other words for a list where none may be',
    holds: ({ path }, theirs, ours) =>
      path.endsWith('runs/search') &&
      messageOf(theirs).startsWith("Only the 'run_id' attribute supports") &&
      messageOf(ours).startsWith("Only ['run_id'] attributes support"),
  },
  {
    reason: 'later than 3.11: NaN is no number to a comparison of a metric, not 0',
    holds: ({ path, body }, theirs, ours) =>
      path.endsWith('runs/search') &&
      /metric/.test(text((body as { filter?: unknown } | undefined)?.filter)) &&
      [theirs, ours].every(isOk) &&
      JSON.stringify([theirs, ours]).includes('"NaN"'),
  },
  {
    reason: 'later than 3.11: a thinned history has one point where one is asked for, and steps below 0',
    holds: ({ path }, theirs, ours) =>
      path.includes('get-history-bulk-interval') &&
      [theirs, ours].every(isOk) &&
      (/max_results=1(&|$)/.test(path) || JSON.stringify(ours).includes('"step":-')),
  },
  {
    reason: 'later than 3.11: experiment_id in a search of experiments, and whole numbers for times only',
    holds: ({ path }, theirs, ours) =>
      path.includes('experiments/search') &&
      (/^Invalid attribute key .*\{'creation_time', 'last_update_time', 'name'\}/.test(messageOf(theirs)) ||
        messageOf(ours).startsWith('Invalid value for numeric attribute')),
  },
  {
    reason: 'later than 3.11: attributes. as well as attribute. in a search of experiments',
    holds: ({ path }, theirs) =>
      path.includes('experiments/search') && messageOf(theirs).startsWith("Invalid entity type 'attributes'"),
  },
  {
    reason: 'later than 3.11: a status of a logged model is named by its word',
    holds: ({ path, body }) =>
      path.endsWith('logged-models/search') && /status/.test(JSON.stringify(body ?? '')),
  },
  {
    reason: 'later than 3.11: a metric of a logged model counts by its latest value',
    holds: ({ path, body }, theirs, ours) =>
      path.endsWith('logged-models/search') &&
      JSON.stringify(body ?? '').includes('metrics') &&
      [theirs, ours].every(isOk),
  },
  {
    reason: 'a comparator may be spelt in small letters',
    holds: (_request, theirs) =>
      /^Invalid comparison operator for .*'(not )?(like|ilike|in|[A-Z][a-z]+)'/.test(messageOf(theirs)),
  },
];

/** MLflow 3.11, the oldest release whose client must work here. */
export const release311: Release = {
  whyLeftOut: (request) => leftOut.find(({ holds }) => holds(request))?.what ?? null,
  withoutLaterFields: ({ status, json }) => ({ status, json: json === '' ? {} : withoutLater(json) }),
  reasonToDiffer: (request, theirs, ours) => reasonToDiffer(request, theirs, ours, reasons),
};

/** The classification of errors and the workspace came later; so did an empty answer to an upload. */
function withoutLater(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutLater);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .filter(([name]) => !['error_class', 'sqlstate', 'workspace'].includes(name))
      .map(([name, value]) => [name, withoutLater(value)]),
  );
}
