import type { Answer } from './mlflow-peers.ts';

/** Times that the server sets, and words that it draws. */
const serverTimes = new Set([
  'creation_time',
  'last_update_time',
  'creation_timestamp',
  'last_updated_timestamp',
  'creation_timestamp_ms',
  'last_updated_timestamp_ms',
]);

/** Lists whose order MLflow leaves open. */
const unordered = new Set([
  'metrics',
  'params',
  'tags',
  'latest_versions',
  'dataset_summaries',
  'dataset_inputs',
  'model_outputs',
  'model_inputs',
  'aliases',
  'files',
]);

/**
 * An answer without what must differ between two servers: ids become their names in the sequence, times and page tokens
 * become words, sets are sorted, the database's own error is cut off, an empty description is none, and MLflow's greatest
 * double is the infinity that it stands for.
 */
export function normalAnswer(
  { status, json }: Answer,
  names: ReadonlyMap<string, string>,
  path = '',
): unknown {
  const plain = byRun(normal(json, '', names, 0));
  // The newest version of each stage, in no order.
  const { model_versions: versions } = (plain ?? {}) as { model_versions?: unknown[] };
  if (versions === undefined || !path.includes('get-latest-versions')) return { status, json: plain };
  return { status, json: { model_versions: inOrder(versions) } };
}

function normal(value: unknown, key: string, names: ReadonlyMap<string, string>, depth: number): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => normal(item, '', names, depth + 1));
    // A history of a metric stands at the top and has an order.
    return unordered.has(key) && !(key === 'metrics' && depth === 1) ? inOrder(items) : items;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name, item]) => name !== 'description' || item !== '')
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, item]) => [name, normal(item, name, names, depth + 1)]),
    );
  }
  if (serverTimes.has(key)) return '<time>';
  if (typeof value === 'number' && Math.abs(value) === Number.MAX_VALUE)
    return value > 0 ? 'Infinity' : '-Infinity';
  if (key === 'next_page_token') return '<token>';
  if (typeof value !== 'string') return value;
  const known = value.replaceAll(/(m-)?[0-9a-f]{32}/g, (id) => names.get(id) ?? '<unknown id>');
  if (key !== 'message') return known;
  return known
    .replace(/^\((sqlite3|raised as a result)(.|\n)*$/, '<words of the database>')
    .replace(/ already exists\.(.|\n)*$/, ' already exists.')
    .replaceAll(/\{('[^}]*')\}/g, (_, set: string) => `{${set.split(', ').toSorted().join(', ')}}`);
}

/** The points of several runs come in the order of the runs' ids, which differs; within a run the order counts. */
function byRun(json: unknown): unknown {
  const { metrics } = (json ?? {}) as { metrics?: unknown };
  if (!Array.isArray(metrics)) return json;
  const runOf = (point: unknown) => String((point as { run_id?: string }).run_id);
  return {
    ...(json as object),
    metrics: metrics.toSorted((a, b) => (runOf(a) < runOf(b) ? -1 : runOf(a) > runOf(b) ? 1 : 0)),
  };
}

const inOrder = (items: readonly unknown[]): unknown[] =>
  items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
