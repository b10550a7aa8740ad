import { comparators } from '../store/index.ts';
import type {
  ModelOrderKey,
  ModelQuery,
  VersionField,
  VersionOrderKey,
  VersionQuery,
} from '../registry/index.ts';
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
import { reprString } from './python-text.ts';

const promptTag = 'mlflow.prompt.is_prompt';

/** What a search of the registry asks for: `comparisons`, and whether it means models or prompts. */
type Found<Q extends { comparisons: unknown }> = Pick<
  Q & { kind: 'models' | 'prompts' },
  'comparisons' | 'kind'
>;

/** Reads the filter of a search of registered models. @throws {MlflowError} */
export function modelFilter(filter: string): Found<ModelQuery> {
  const comparisons = parseFilter(filter).map((raw) => comparisonOf(raw, ['name'], ['name']));
  return chooseKind(comparisons) as Found<ModelQuery>;
}

/** Reads the filter of a search of model versions. @throws {MlflowError} */
export function versionFilter(filter: string): Found<VersionQuery> {
  return chooseKind(
    parseFilter(filter).map((raw) =>
      comparisonOf(raw, ['name', 'version_number', 'run_id', 'source_path'], ['name', 'run_id']),
    ),
  );
}

type Comparison = VersionQuery['comparisons'][number];

function comparisonOf(
  { identifier, comparator, value }: RawComparison,
  attributes: readonly (VersionField & { kind: 'attribute' })['key'][],
  withLists: readonly string[],
): Comparison {
  const field = fieldOf(identifier, attributes);
  const known = comparators.find((own) => own === comparator);
  if (value.kind === 'none') throw invalid('Invalid comparison clause. Expected 3 tokens found 2');
  const refuse = () =>
    invalid(`Invalid comparator for ${field.kind === 'tag' ? 'tag' : 'attribute'}: ${comparator}`);
  if (field.kind === 'tag') {
    if (value.kind !== 'text' && value.kind !== 'identifier')
      throw invalid(`Expected a quoted string value for tag (e.g. 'my-value'). Got value ${value.text}`);
    if (known === undefined || !['=', '!=', 'LIKE', 'ILIKE'].includes(known)) throw refuse();
    return { field, comparator: known, value: quotedText(value.text) };
  }
  if (field.key === 'version_number') {
    if (known === undefined || !['=', '!=', '<', '<=', '>', '>='].includes(known))
      throw invalid(`Invalid comparator for attribute ${field.key}: ${comparator}`);
    const text = value.kind === 'text' || value.kind === 'identifier' ? quotedText(value.text) : value.text;
    if (!/^\s*[-+]?\d+\s*$/.test(text))
      throw invalid(`Invalid value for numeric attribute '${field.key}': ${reprString(text)}`);
    return { field, comparator: known, value: Number(text) };
  }
  if (value.kind === 'list' && !withLists.includes(field.key))
    throw invalid(
      `Only [${withLists.map(reprString).join(', ')}] attributes support comparison with a list of quoted string values.`,
    );
  if (value.kind === 'integer' || value.kind === 'float')
    throw invalid(
      attributes.length === 1
        ? `Expected a quoted string value or a list of quoted string values for attributes. Got value ${value.text}`
        : "Only the '{'version_number', 'creation_timestamp', 'last_updated_timestamp'}' attributes support comparison with numeric values.",
    );
  const compared = value.kind === 'list' ? listItems(value) : quotedText(value.text);
  const allowed = ['=', '!=', 'LIKE', 'ILIKE', ...(withLists.includes(field.key) ? ['IN', 'NOT IN'] : [])];
  if (known === undefined || !allowed.includes(known)) throw refuse();
  return { field, comparator: known, value: compared };
}

function fieldOf(
  identifier: string,
  attributes: readonly (VersionField & { kind: 'attribute' })['key'][],
): VersionField {
  const { type, name } = splitIdentifier(identifier);
  if (type !== null && !['attribute', 'tag', 'tags'].includes(type))
    throw invalid(`Invalid entity type '${type}'. Valid entity types are ('attribute', 'tag', 'tags')`);
  if (type === 'tag' || type === 'tags') return { kind: 'tag', key: bareName(name) };
  const attribute = attributes.find((own) => own === bareName(name));
  if (attribute === undefined)
    throw invalid(`Invalid attribute key '${name}' specified. Valid keys are '${setText(attributes)}'`);
  return { kind: 'attribute', key: attribute };
}

/** Prompts are found only by a filter that says so; then the tag stays in the filter, else it is dropped from it. */
function chooseKind(comparisons: readonly Comparison[]): Found<VersionQuery> {
  const isTag = ({ field }: Comparison) => field.kind === 'tag' && field.key === promptTag;
  const first = comparisons.find(isTag);
  const value = String(first?.value).toLowerCase();
  const wantsPrompts =
    first !== undefined &&
    ((first.comparator === '=' && value === 'true') || (first.comparator === '!=' && value === 'false'));
  return wantsPrompts
    ? { kind: 'prompts', comparisons }
    : { kind: 'models', comparisons: comparisons.filter((comparison) => !isTag(comparison)) };
}

export function modelOrder(clauses: readonly string[]): ModelQuery['order'] {
  const order = clauses.map((clause) => {
    const { identifier, isDescending } = parseOrderBy(clause);
    const key = bareName(identifier);
    const column: ModelOrderKey | null =
      key === 'name'
        ? 'name'
        : key === 'timestamp' || key === 'last_updated_timestamp'
          ? 'last_updated_timestamp'
          : null;
    if (column === null)
      throw invalid(
        `Invalid order by key '${key}' specified. Valid keys are '${setText(['name', 'timestamp'])}'`,
      );
    return { key: column, isDescending };
  });
  refuseDuplicates(
    order.map(({ key }) => key),
    clauses,
  );
  return order;
}

const versionOrderKeys = ['name', 'version_number', 'creation_timestamp', 'last_updated_timestamp'] as const;

export function versionOrder(clauses: readonly string[]): VersionQuery['order'] {
  const order = clauses.map((clause) => {
    const { identifier, isDescending } = parseOrderBy(clause);
    const { type, name } = splitIdentifier(identifier);
    const column: VersionOrderKey | undefined =
      type === null || type === 'attribute'
        ? versionOrderKeys.find((own) => own === bareName(name))
        : undefined;
    if (column === undefined)
      throw invalid(
        `Invalid attribute key '${bareName(name)}' specified. Valid keys are '${setText(versionOrderKeys)}'`,
      );
    return { key: column, isDescending };
  });
  refuseDuplicates(
    order.map(({ key }) => key),
    clauses,
  );
  return order;
}
