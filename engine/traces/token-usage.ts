import { pythonJson, readPythonJson, type ExactValue } from './exact-json.ts';

const tokenKeys = ['input_tokens', 'output_tokens', 'total_tokens'];
const cacheKeys = [
  'cache_read_input_tokens',
  'cache_creation_input_tokens',
  'cache_creation_input_tokens_above_1hr',
];
const costKeys = ['input_cost', 'output_cost', 'total_cost'];

/** Metadata of a trace that sum up its spans, by the attribute of a span that they come from. */
export const summed: readonly { readonly metadata: string; readonly attribute: string }[] = [
  { metadata: 'mlflow.trace.tokenUsage', attribute: 'mlflow.chat.tokenUsage' },
  { metadata: 'mlflow.trace.cost', attribute: 'mlflow.llm.cost' },
];

/** Token counts or costs as MLflow keeps them: known keys in their order, counts whole. Null where nothing is left. */
export function normalSum(metadata: string, text: string): string | null {
  const value = readPythonJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const given = value as Readonly<Record<string, ExactValue>>;
  const isCost = metadata === 'mlflow.trace.cost';
  const kept = (isCost ? costKeys : [...tokenKeys, ...cacheKeys]).flatMap((key) => {
    const item = given[key];
    if (typeof item !== 'bigint' && typeof item !== 'number') return [];
    const number = isCost ? Number(item) : wholeOf(item);
    return number === null || (typeof number === 'number' && !Number.isFinite(number))
      ? []
      : [[key, number] as const];
  });
  return kept.length === 0 ? null : pythonJson(Object.fromEntries(kept));
}

const wholeOf = (value: bigint | number): bigint | null =>
  typeof value === 'bigint' ? value : Number.isInteger(value) ? BigInt(value) : null;

/**
 * The sum over a tree of spans. A span that has a figure speaks for everything below it: some libraries write the whole
 * sum into the parent. Null where no span has one.
 */
export function sumOverSpans(
  metadata: string,
  spans: readonly {
    readonly spanId: string;
    readonly parentSpanId: string | null;
    readonly text: string | undefined;
  }[],
): string | null {
  const data = new Map(
    spans.flatMap(({ spanId, text }) => {
      const value = text === undefined ? undefined : unpacked(text);
      return value === undefined ? [] : [[spanId, value] as const];
    }),
  );
  if (data.size === 0) return null;
  const parents = new Map(spans.map(({ spanId, parentSpanId }) => [spanId, parentSpanId]));
  const isCovered = (spanId: string): boolean => {
    const seen = new Set<string>([spanId]);
    for (
      let at = parents.get(spanId);
      at !== null && at !== undefined && !seen.has(at);
      at = parents.get(at)
    ) {
      if (data.has(at)) return true;
      seen.add(at);
    }
    return false;
  };
  const isCost = metadata === 'mlflow.trace.cost';
  const totals = new Map<string, number>((isCost ? costKeys : tokenKeys).map((key) => [key, 0]));
  for (const [spanId, value] of data) {
    if (isCovered(spanId)) continue;
    for (const key of [...totals.keys(), ...(isCost ? [] : cacheKeys)]) {
      const item = value[key];
      if (typeof item === 'bigint' || typeof item === 'number')
        totals.set(key, (totals.get(key) ?? 0) + Number(item));
    }
  }
  return normalSum(metadata, pythonJson(Object.fromEntries(totals)));
}

/** The figures of a span, which may be packed into a JSON text once more. */
function unpacked(text: string): Readonly<Record<string, ExactValue>> | undefined {
  const value = readPythonJson(text);
  const inner = typeof value === 'string' ? readPythonJson(value) : value;
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    ? (inner as Readonly<Record<string, ExactValue>>)
    : undefined;
}
