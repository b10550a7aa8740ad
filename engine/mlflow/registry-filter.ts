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
  refuseListFor,
  setText,
  splitIdentifier,
  type RawComparison,
  type RawValue,
} from './filter.ts';
import { invalid } from './mlflow-error.ts';
import { parseOrderBy, refuseDuplicates } from './order-by.ts';
import { floatText, reprString } from './python-text.ts';

const promptTag = 'mlflow.prompt.is_prompt';

/** What a search of the registry asks for: `comparisons`, and whether it means models or prompts. */
type Found<Q extends { comparisons: unknown }> = Pick<
  Q & { kind: 'models' | 'prompts' },
  'comparisons' | 'kind'
>;

/**
 * Reads the filter and the order of a search of registered models; fields, then the order, then comparators, which decides
 * which mistake is named. @throws {MlflowError}
 */
export function modelSearch(
  filter: string,
  clauses: readonly string[],
): Found<ModelQuery> & Pick<ModelQuery, 'order'> {
  const read = fieldsOf(filter, 'registered model', ['name'], ['name']);
  const order = modelOrder(clauses);
  return { ...(chooseKind(read.map(comparisonOf)) as Found<ModelQuery>), order };
}

/** Reads the filter of a search of model versions. @throws {MlflowError} */
export function versionFilter(filter: string): Found<VersionQuery> {
  return chooseKind(
    fieldsOf(
      filter,
      'model version',
      ['name', 'version_number', 'run_id', 'source_path'],
      ['name', 'run_id'],
    ).map(comparisonOf),
  );
}

type Comparison = VersionQuery['comparisons'][number];

type Key = (VersionField & { kind: 'attribute' })['key'];

/** A comparison whose comparator is not judged yet. */
interface ReadField {
  readonly raw: RawComparison;
  readonly field: VersionField;
  readonly value: string | string[];
  readonly withLists: readonly string[];
}

function fieldsOf(
  filter: string,
  of: 'registered model' | 'model version',
  attributes: readonly Key[],
  withLists: readonly string[],
): ReadField[] {
  return parseFilter(filter).map((raw) => {
    if (raw.value.kind === 'none') throw invalid(`IS NULL / IS NOT NULL is not supported for ${of} search.`);
    const field = fieldOf(raw.identifier, attributes);
    return { raw, field, value: valueOf(raw.value, field, attributes, withLists), withLists };
  });
}

const comparisonOf = ({ raw, field, value, withLists }: ReadField): Comparison => ({
  field,
  ...compared(raw, field, value, withLists),
});

function valueOf(
  value: Exclude<RawValue, { kind: 'none' }>,
  field: VersionField,
  attributes: readonly Key[],
  withLists: readonly string[],
): string | string[] {
  if (value.kind === 'text' || value.kind === 'identifier') return quotedText(value.text);
  if (field.kind === 'tag')
    throw invalid(`Expected a quoted string value for tag (e.g. 'my-value'). Got value ${value.text}`);
  if (value.kind === 'list') {
    if (!withLists.includes(field.key))
      throw invalid(
        `Only [${withLists.map(reprString).join(', ')}] attributes support comparison with a list of quoted string values.`,
      );
    return listItems(value);
  }
  if (field.key !== 'version_number')
    throw invalid(
      attributes.length === 1
        ? `Expected a quoted string value or a list of quoted string values for attributes. Got value ${value.text}`
        : "Only the '{'version_number', 'creation_timestamp', 'last_updated_timestamp'}' attributes support comparison with numeric values.",
    );
  return value.text;
}

function compared(
  { comparator, value: raw }: RawComparison,
  field: VersionField,
  value: string | string[],
  withLists: readonly string[],
): Pick<Comparison, 'comparator' | 'value'> {
  const isNumber = field.kind === 'attribute' && field.key === 'version_number';
  const takesLists = field.kind === 'attribute' && withLists.includes(field.key);
  const allowed = isNumber
    ? ['=', '!=', '<', '<=', '>', '>=']
    : ['=', '!=', 'LIKE', 'ILIKE', ...(takesLists ? ['IN', 'NOT IN'] : [])];
  const known = comparators.find((own) => own === comparator && allowed.includes(own));
  if (known === undefined)
    throw invalid(
      `Invalid comparator for ${field.kind === 'tag' ? 'tag' : isNumber ? `attribute ${field.key}` : 'attribute'}: ${comparator}`,
    );
  refuseListFor(known, value);
  if (!isNumber || Array.isArray(value)) return { comparator: known, value };
  if (!/^\s*[-+]?\d+\s*$/.test(value))
    throw invalid(
      `Invalid value for numeric attribute '${field.key}': ${raw.kind === 'float' ? floatText(Number(value)) : reprString(value)}`,
    );
  return { comparator: known, value: Number(value) };
}

function fieldOf(identifier: string, attributes: readonly Key[]): VersionField {
  const { type, name } = splitIdentifier(identifier);
  if (type !== null && !['attribute', 'tag', 'tags'].includes(type))
    throw invalid(`Invalid entity type '${type}'. Valid entity types are ('attribute', 'tag', 'tags')`);
  if (type === 'tag' || type === 'tags') return { kind: 'tag', key: bareName(name) };
  // No quotes or backticks around it.
  const attribute = attributes.find((own) => own === name);
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

function modelOrder(clauses: readonly string[]): ModelQuery['order'] {
  const order = clauses.map((clause) => {
    const { identifier: key, isDescending } = parseOrderBy(clause);
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
    if (type !== null && !['attribute', 'attributes', 'tag', 'tags'].includes(type))
      throw invalid(
        `Invalid entity type '${type}'. Valid entity types are ('attribute', 'attributes', 'tag', 'tags')`,
      );
    if (type === 'tag' || type === 'tags')
      throw invalid(
        `Invalid order by key '${bareName(name)}' specified. Valid keys are ${setText(versionOrderKeys)}`,
      );
    const column: VersionOrderKey | undefined = versionOrderKeys.find((own) => own === bareName(name));
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
