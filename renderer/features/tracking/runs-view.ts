import { z } from 'zod';

export const bands = ['range', 'deviation', 'none'] as const;

/** How the runs are looked at: filter, order, columns, baseline, groups. What a saved view keeps and a link carries. */
export const runsView = z.object({
  text: z.string().max(4000),
  order: z.object({ by: z.string().max(300), descending: z.boolean() }),
  /** Null: chosen by what varies most. */
  columns: z.array(z.string().max(300)).max(1000).nullable(),
  onlyDiffering: z.boolean(),
  /** Id of the run that the others are compared with. */
  baseline: z.string().max(64).nullable(),
  /** The param whose values the selected runs are grouped by. */
  groupBy: z.string().max(300).nullable(),
  band: z.enum(bands),
});
export type RunsView = z.infer<typeof runsView>;

export const savedView = runsView.extend({ name: z.string().min(1).max(100) });
export type SavedView = z.infer<typeof savedView>;

export const plainView: RunsView = {
  text: '',
  order: { by: 'created', descending: true },
  columns: null,
  onlyDiffering: true,
  baseline: null,
  groupBy: null,
  band: 'range',
};

/** Parameters of an address besides `q` (the filter) and `view` (a saved view's id). */
const linked = ['order', 'columns', 'equal', 'baseline', 'group', 'band'] as const;

/** The address' parameters for a view; what is as in `plainView` is left out. */
export function viewParams(view: RunsView): URLSearchParams {
  const params = new URLSearchParams();
  if (view.text !== '') params.set('q', view.text);
  const { by, descending } = view.order;
  if (by !== plainView.order.by || descending !== plainView.order.descending)
    params.set('order', `${descending ? '-' : ''}${by}`);
  if (view.columns !== null) params.set('columns', JSON.stringify(view.columns));
  if (!view.onlyDiffering) params.set('equal', 'shown');
  if (view.baseline !== null) params.set('baseline', view.baseline);
  if (view.groupBy !== null) params.set('group', view.groupBy);
  if (view.band !== plainView.band) params.set('band', view.band);
  return params;
}

/** The view that an address carries whole; null where it names nothing but a filter, or cannot be read. */
export function viewOfParams(params: URLSearchParams): RunsView | null {
  if (!linked.some((name) => params.has(name))) return null;
  const order = params.get('order');
  const columns = params.get('columns');
  const parsed = runsView.safeParse({
    text: params.get('q') ?? '',
    order:
      order === null ? plainView.order : { by: order.replace(/^-/, ''), descending: order.startsWith('-') },
    columns: columns === null ? null : parseJson(columns),
    onlyDiffering: params.get('equal') !== 'shown',
    baseline: params.get('baseline'),
    groupBy: params.get('group'),
    band: params.get('band') ?? plainView.band,
  });
  return parsed.success ? parsed.data : null;
}

/** The parameters that stay in the address once its view is taken over. */
export function withoutView(params: URLSearchParams): URLSearchParams {
  const rest = new URLSearchParams(params);
  for (const name of linked) rest.delete(name);
  return rest;
}

export function isSameView(one: RunsView, other: RunsView): boolean {
  return viewParams(one).toString() === viewParams(other).toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no valid list of columns, so no valid view
  }
}
