import { comparators, type Comparator } from '../store/index.ts';
import type { SpanColumn, TraceAttribute, TraceComparison, TraceField, TraceOrder } from '../traces/index.ts';
import {
  bareName,
  listItems,
  parseFilter,
  quotedText,
  setText,
  splitIdentifier,
  type RawComparison,
} from './filter.ts';
import { invalid } from './mlflow-error.ts';
import { parseOrderBy, refuseDuplicates } from './order-by.ts';

type Kind = 'tag' | 'request_metadata' | 'attribute' | 'span' | 'feedback' | 'expectation' | 'issue';

const kinds: Readonly<Record<string, Kind>> = {
  tag: 'tag',
  tags: 'tag',
  request_metadata: 'request_metadata',
  metadata: 'request_metadata',
  attribute: 'attribute',
  attributes: 'attribute',
  trace: 'attribute',
  span: 'span',
  feedback: 'feedback',
  expectation: 'expectation',
  issue: 'issue',
};

/** Words of a filter that name a column of the trace. */
const attributes: Readonly<Record<string, TraceAttribute>> = {
  request_id: 'request_id',
  timestamp: 'timestamp_ms',
  timestamp_ms: 'timestamp_ms',
  execution_time: 'execution_time_ms',
  execution_time_ms: 'execution_time_ms',
  end_time: 'end_time_ms',
  end_time_ms: 'end_time_ms',
  status: 'status',
};
const numeric: readonly string[] = Object.keys(attributes).filter((key) => key.includes('time'));
/** Words that stand for a tag, metadata or the text of spans. */
const standIns = ['name', 'run_id', 'prompt', 'text'];
const filterKeys = [...Object.keys(attributes), 'client_request_id', ...standIns];
const orderKeys = [...Object.keys(attributes), 'experiment_id', 'name', 'run_id'];
const listKeys = ['name', 'status', 'request_id', 'run_id', 'client_request_id'];

const numberComparators = ['>', '>=', '!=', '=', '<', '<='];
const textComparators = ['!=', '=', 'IN', 'NOT IN', 'LIKE', 'ILIKE'];
const pairComparators = ['!=', '=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'];
const assessmentComparators = [...new Set([...numberComparators, ...pairComparators])];

interface Named {
  readonly kind: Kind;
  readonly key: string;
}

interface NamedComparison {
  readonly named: Named;
  readonly comparator: string;
  readonly value: TraceComparison['value'];
}

/** Reads the filter of a search of traces. @throws {MlflowError} */
export function traceComparisons(filter: string): TraceComparison[] {
  return parseFilter(filter, (clauses) =>
    invalid(`Invalid clause(s) in filter string: ${clauses.map((clause) => `'${clause}'`).join(', ')}`),
  )
    .map(readNamed)
    .map(readField);
}

/** Reads one condition on traces. @throws {MlflowError} */
export const traceComparison = (raw: RawComparison): TraceComparison => readField(readNamed(raw));

function readNamed(raw: RawComparison): NamedComparison {
  const named = namedBy(raw.identifier, filterKeys);
  const value = valueOf(named, raw);
  if (named.kind === 'span' && value !== null) comparatorOf(fieldOf(named), raw.comparator);
  return { named, comparator: raw.comparator, value };
}

function readField({ named, comparator, value }: NamedComparison): TraceComparison {
  const field = fieldOf(named);
  return checked({ field, comparator: comparatorOf(field, comparator), value });
}

/** Reads `order_by` of a search of traces. @throws {MlflowError} */
export function traceOrder(clauses: readonly string[]): TraceOrder[] {
  const order = clauses.map((clause) => {
    const { identifier, isDescending } = parseOrderBy(clause);
    const field = fieldOf(namedBy(identifier, orderKeys));
    if (field.kind === 'run')
      return { field: { kind: 'metadata', key: 'mlflow.sourceRun' }, isDescending } as const;
    if (field.kind !== 'attribute' && field.kind !== 'tag' && field.kind !== 'metadata')
      throw invalid(`Invalid identifier type '${field.kind}'`);
    return { field, isDescending };
  });
  refuseDuplicates(
    order.map(({ field }) => `${field.kind} ${field.key}`),
    clauses,
  );
  return order;
}

function namedBy(identifier: string, known: readonly string[]): Named {
  const { type, name } = splitIdentifier(identifier);
  const bareType = type === null ? 'attribute' : bareName(type);
  const kind = Object.hasOwn(kinds, bareType) ? kinds[bareType] : undefined;
  if (kind === undefined)
    throw invalid(`Invalid entity type '${bareType}'. Valid values are ${setText(Object.keys(kinds))}`);
  const key = bareName(name);
  if (kind === 'attribute' && !known.includes(key))
    throw invalid(`Invalid attribute key '${key}' specified. Valid keys are '${setText(known)}'`);
  return { kind, key };
}

function fieldOf({ kind, key }: Named): TraceField {
  if (kind === 'span') return spanField(key);
  // As in MLflow these words mean the same behind every other type: `tags.name` is the trace's name.
  switch (key.toLowerCase()) {
    case 'name':
      return { kind: 'tag', key: 'mlflow.traceName' };
    case 'prompt':
      return { kind: 'prompt' };
    case 'run_id':
      return { kind: 'run' };
    case 'text':
      return { kind: 'span', key: 'content' };
    default:
  }
  if (kind === 'request_metadata')
    return key === 'mlflow.sourceRun' ? { kind: 'run' } : { kind: 'metadata', key };
  if (kind === 'tag') return key === 'mlflow.linkedPrompts' ? { kind: 'prompt' } : { kind, key };
  if (kind === 'attribute') {
    const attribute = [
      ...Object.values(attributes),
      'client_request_id',
      'experiment_id',
    ] as TraceAttribute[];
    const found = attribute.find((own) => own === (attributes[key] ?? key));
    if (found !== undefined) return { kind, key: found };
  }
  if (kind === 'issue') {
    if (key !== 'id') throw invalid(`Invalid issue attribute '${key}'. Supported attributes: id`);
    return { kind, key };
  }
  return { kind: kind === 'expectation' ? 'expectation' : 'feedback', key };
}

const spanColumns: readonly SpanColumn[] = ['name', 'type', 'status', 'content'];

function spanField(key: string): TraceField {
  const [, attribute] = /^attributes\.(.*)$/s.exec(key) ?? [];
  if (attribute === '') throw invalid("Span attribute name cannot be empty after 'attributes.'");
  if (attribute !== undefined) return { kind: 'spanAttribute', key: bareName(attribute) };
  const column = spanColumns.find((own) => own === key);
  if (column === undefined)
    throw invalid(
      `Invalid span attribute '${key}'. Supported attributes: name, status, type, attributes.<attribute_name>.`,
    );
  return { kind: 'span', key: column };
}

function valueOf({ kind, key }: Named, { comparator, value }: RawComparison): TraceComparison['value'] {
  if (value.kind === 'none') return null;
  const isText = value.kind === 'text' || value.kind === 'identifier';
  const isNumber = value.kind === 'integer' || value.kind === 'float';
  if (kind === 'feedback' || kind === 'expectation') {
    const wantsNumber = ['>', '>=', '<', '<='].includes(comparator);
    if (wantsNumber ? !isNumber : !isText)
      throw invalid(
        wantsNumber
          ? `Expected a numeric value for ${kind} when using comparator '${comparator}'. Got value ${value.text}`
          : `Expected a quoted string value for ${kind} (e.g. 'my-value'). Got value ${value.text}`,
      );
  }
  if (isText) return quotedText(value.text);
  if (kind === 'attribute') {
    if (value.kind === 'list') {
      if (!listKeys.includes(key))
        throw invalid(
          `Only attributes in ${setText(listKeys)} supports comparison with a list of quoted string values.`,
        );
      return listItems(value);
    }
    if (!numeric.includes(key))
      throw invalid(`Only the '${setText(numeric)}' attributes support comparison with numeric values.`);
    return Number(value.text);
  }
  if (isNumber && (kind === 'feedback' || kind === 'expectation')) return Number(value.text);
  if (value.kind === 'list' && (kind === 'tag' || kind === 'span')) return listItems(value);
  throw invalid(`Expected a quoted string value for ${kind} (e.g. 'my-value'). Got value ${value.text}`);
}

function comparatorOf(field: TraceField, comparator: string): Comparator {
  const { allowed, what } = rulesOf(field);
  const known = comparators.find((own) => own === comparator);
  if (known === undefined || !allowed.includes(comparator))
    throw invalid(`${what}comparator '${comparator}' not one of '${setText(allowed)}'`);
  return known;
}

function rulesOf(field: TraceField): { allowed: readonly string[]; what: string } {
  const what = 'Invalid ';
  switch (field.kind) {
    case 'attribute':
      return { allowed: numeric.includes(field.key) ? numberComparators : textComparators, what };
    case 'tag':
    case 'metadata':
    case 'run':
    case 'prompt':
      return { allowed: pairComparators, what };
    case 'span':
      return {
        allowed: field.key === 'content' ? ['LIKE', 'ILIKE'] : textComparators,
        what: `span.${field.key} `,
      };
    case 'spanAttribute':
      return { allowed: textComparators, what: `span.attributes.${field.key} ` };
    case 'issue':
      return { allowed: ['='], what: 'issue.id ' };
    case 'word':
      return { allowed: ['~'], what };
    default:
      return { allowed: assessmentComparators, what: `assessment.${field.key} ` };
  }
}

/** What a kind of field asks beyond its comparators. */
function checked(comparison: TraceComparison): TraceComparison {
  const { field, comparator, value } = comparison;
  if (field.kind === 'run' && comparator !== '=')
    return { field: { kind: 'metadata', key: 'mlflow.sourceRun' }, comparator, value };
  if (field.kind === 'issue') return { ...comparison, field: { kind: 'issue', key: String(value) } };
  if (field.kind === 'prompt') {
    if (comparator !== '=')
      throw invalid(
        `Invalid comparator '${comparator}' for prompts filter. Only '=' is supported with format: prompt = "name/version"`,
      );
    if (String(value).split('/').length !== 2)
      throw invalid(
        `Invalid prompts filter value '${String(value)}'. Expected format: prompt = "name/version"`,
      );
  }
  return comparison;
}
