import { pythonJson, readPythonJson, type ExactValue } from './exact-json.ts';

/**
 * Attributes of other conventions under MLflow's names, where MLflow's own is missing: OpenTelemetry's for generative AI
 * (`gen_ai.…`), OpenInference's and Traceloop's. Values are JSON texts.
 */
export function translatedAttributes(own: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const attributes = new Map(own);
  const first = (keys: readonly string[]) =>
    keys.map((key) => own.get(key)).find((text) => text !== undefined);
  for (const [name, keys] of Object.entries(synonyms)) {
    const text = first(keys);
    if (!attributes.has(name) && text !== undefined) attributes.set(name, text);
  }
  const kind = readPythonJson(own.get('openinference.span.kind') ?? own.get('traceloop.span.kind') ?? 'null');
  const operation = readPythonJson(own.get('gen_ai.operation.name') ?? 'null');
  const type =
    typeof kind === 'string'
      ? kinds[kind.toUpperCase()]
      : operations[typeof operation === 'string' ? operation : ''];
  const known = attributes.get('mlflow.spanType');
  if (type !== undefined && (known === undefined || known === '"UNKNOWN"'))
    attributes.set('mlflow.spanType', pythonJson(type));
  const usage = usageOf((keys) => readPythonJson(first(keys) ?? 'null') ?? null);
  if (!attributes.has('mlflow.chat.tokenUsage') && usage !== null)
    attributes.set('mlflow.chat.tokenUsage', pythonJson(usage));
  return attributes;
}

const synonyms: Readonly<Record<string, readonly string[]>> = {
  'mlflow.spanInputs': [
    'input.value',
    'gen_ai.input.messages',
    'gen_ai.tool.call.arguments',
    'traceloop.entity.input',
  ],
  'mlflow.spanOutputs': [
    'output.value',
    'gen_ai.output.messages',
    'gen_ai.tool.call.result',
    'traceloop.entity.output',
  ],
  'mlflow.llm.model': ['gen_ai.response.model', 'gen_ai.request.model', 'llm.model_name'],
  'mlflow.llm.provider': ['gen_ai.provider.name', 'gen_ai.system', 'llm.provider'],
};

/** OpenInference's and Traceloop's kinds of span, as MLflow calls them. */
const kinds: Readonly<Record<string, string>> = {
  TOOL: 'TOOL',
  CHAIN: 'CHAIN',
  LLM: 'LLM',
  RETRIEVER: 'RETRIEVER',
  EMBEDDING: 'EMBEDDING',
  AGENT: 'AGENT',
  RERANKER: 'RERANKER',
  GUARDRAIL: 'GUARDRAIL',
  EVALUATOR: 'EVALUATOR',
  WORKFLOW: 'WORKFLOW',
  TASK: 'TASK',
};

const operations: Readonly<Record<string, string>> = {
  chat: 'CHAT_MODEL',
  create_agent: 'AGENT',
  embeddings: 'EMBEDDING',
  execute_tool: 'TOOL',
  generate_content: 'LLM',
  invoke_agent: 'AGENT',
  text_completion: 'LLM',
};

function usageOf(value: (keys: readonly string[]) => ExactValue): Readonly<Record<string, bigint>> | null {
  const count = (keys: readonly string[]) => {
    const found = value(keys);
    return typeof found === 'bigint' ? found : null;
  };
  const input = count(['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'llm.token_count.prompt']);
  const output = count([
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.completion_tokens',
    'llm.token_count.completion',
  ]);
  if (input === null || output === null) return null;
  const total = count(['gen_ai.usage.total_tokens', 'llm.token_count.total', 'llm.usage.total_tokens']);
  return { input_tokens: input, output_tokens: output, total_tokens: total ?? input + output };
}
