import { comparators, type Comparator } from '../store/index.ts';
import {
  all,
  type RunAttribute,
  type RunComparison,
  type RunCondition,
  type RunField,
  type RunOrderKey,
} from '../tracking/index.ts';
import {
  bareName,
  listItems,
  notParsed,
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

const kinds: Readonly<Record<string, RunField['kind']>> = {
  metric: 'metric',
  metrics: 'metric',
  parameter: 'param',
  parameters: 'param',
  param: 'param',
  params: 'param',
  tag: 'tag',
  tags: 'tag',
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute',
  dataset: 'dataset',
  datasets: 'dataset',
};

const attributes: Readonly<Record<string, RunAttribute>> = {
  artifact_uri: 'artifact_uri',
  end_time: 'end_time',
  run_id: 'run_id',
  run_name: 'run_name',
  start_time: 'start_time',
  status: 'status',
  user_id: 'user_id',
  created: 'start_time',
  Created: 'start_time',
};
const nameAliases: Readonly<Record<string, RunAttribute>> = {
  'run name': 'run_name',
  'Run name': 'run_name',
  'Run Name': 'run_name',
};
const filterAttributes = { ...attributes, ...nameAliases };
const datasetKeys = ['name', 'digest', 'context'] as const;

const numberComparators = ['>', '>=', '!=', '=', '<', '<='];
const textComparators = ['!=', '=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'];
const pairComparators = ['!=', '=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'];

/**
 * Reads the filter and the order of a search of runs; fields, then the order, then comparators, which decides which mistake
 * is named. @throws {MlflowError}
 */
export function runSearch(
  filter: string,
  clauses: readonly string[],
): { where: RunCondition; order: RunOrderKey[] } {
  const raw = parseFilter(filter, (clauses) =>
    clauses.length === 0
      ? notParsed(filter)
      : invalid(`Invalid clause(s) in filter string: ${clauses.map((clause) => `'${clause}'`).join(', ')}`),
  );
  const read = raw.map((comparison) => {
    const field = fieldOf(comparison.identifier, filterAttributes);
    return { comparison, field, value: valueOf(field, comparison) };
  });
  const order = runOrder(clauses);
  const comparisons = read.map(({ comparison, field, value }) => {
    return { field, comparator: comparatorOf(field, comparison.comparator), value };
  });
  for (const { comparator, value } of comparisons) refuseListFor(comparator, value);
  return { where: all(comparisons.map(conditionOf)), order };
}

/**
 * To MLflow a run's name is its tag `mlflow.runName`, so that none is found by a name whose tag was taken away. Here a name
 * is kept once, and runs that no client made have it without the tag.
 */
function conditionOf(comparison: RunComparison): RunCondition {
  const { field, comparator } = comparison;
  const isName = field.kind === 'attribute' ? field.key === 'run_name' : isNameTag(field);
  if (!isName) return { kind: 'compare', comparison };
  if (comparator === 'IS NULL') return { kind: 'not', of: hasNameTag };
  if (comparator === 'IS NOT NULL') return hasNameTag;
  const byName = { ...comparison, field: { kind: 'attribute', key: 'run_name' } } as const;
  return all([{ kind: 'compare', comparison: byName }, hasNameTag]);
}

const nameTag = { kind: 'tag', key: 'mlflow.runName' } as const;
const isNameTag = ({ kind, key }: RunField) => kind === nameTag.kind && key === nameTag.key;

/** Whether a run's tags, as a client is shown them, hold its name. */
const hasNameTag: RunCondition = {
  kind: 'any',
  of: [
    {
      kind: 'compare',
      comparison: { field: { kind: 'attribute', key: 'source' }, comparator: '!=', value: 'mlflow' },
    },
    { kind: 'compare', comparison: { field: nameTag, comparator: 'IS NOT NULL', value: null } },
  ],
};

function runOrder(clauses: readonly string[]): RunOrderKey[] {
  const order = clauses.map((clause) => {
    const { identifier, isDescending } = parseOrderBy(clause);
    const field = fieldOf(identifier, attributes);
    if (field.kind === 'dataset') throw invalid("Invalid identifier type 'dataset'");
    return { field, isDescending };
  });
  refuseDuplicates(
    order.map(({ field }) => `${field.kind} ${field.key}`),
    clauses,
  );
  return order;
}

function fieldOf(identifier: string, known: Readonly<Record<string, RunAttribute>>): RunField {
  const { type, name } = splitIdentifier(identifier);
  const bareType = type === null ? 'attribute' : bareName(type);
  const kind = Object.hasOwn(kinds, bareType) ? kinds[bareType] : undefined;
  if (kind === undefined)
    throw invalid(
      `Invalid entity type '${bareType}'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']`,
    );
  const key = bareName(name);
  if (kind === 'attribute') {
    const attribute = Object.hasOwn(known, key) ? known[key] : undefined;
    if (attribute === undefined)
      throw invalid(
        `Invalid attribute key '${key}' specified. Valid keys are '${setText(Object.keys(known))}'`,
      );
    return { kind, key: attribute };
  }
  if (kind === 'dataset') {
    const found = datasetKeys.find((own) => own === key);
    if (found === undefined)
      throw invalid(`Invalid dataset key '${key}' specified. Valid keys are '${setText(datasetKeys)}'`);
    return { kind, key: found };
  }
  return { kind, key };
}

const isNumeric = (field: RunField): boolean =>
  field.kind === 'metric' ||
  (field.kind === 'attribute' && (field.key === 'start_time' || field.key === 'end_time'));

/** MLflow's own word for the kind, as its messages have it. */
const kindWord = (field: RunField): string => (field.kind === 'param' ? 'parameter' : field.kind);

function valueOf(field: RunField, { identifier, value }: RawComparison): RunComparison['value'] {
  if (value.kind === 'none') {
    if (field.kind !== 'tag' && field.kind !== 'param')
      throw invalid(
        `IS NULL / IS NOT NULL is only supported for tags and params, not for '${kindWord(field)}' '${bareName(splitIdentifier(identifier).name)}'`,
      );
    return null;
  }
  if (isNumeric(field)) {
    if (value.kind === 'integer' || value.kind === 'float') return Number(value.text);
    throw invalid(
      field.kind === 'metric'
        ? `Expected numeric value type for metric. Found ${value.text}`
        : `Expected numeric value type for numeric attribute: ${bareName(splitIdentifier(identifier).name)}. Found ${value.text}`,
    );
  }
  if (value.kind === 'text' || value.kind === 'identifier') return quotedText(value.text);
  if (value.kind === 'list') return listOf(field, identifier, value);
  throw invalid(
    field.kind === 'attribute'
      ? `Expected a quoted string value for attributes. Got value ${value.text}`
      : field.kind === 'dataset'
        ? `Expected a quoted string value for dataset attributes. Got value ${value.text}`
        : `Expected a quoted string value for ${kindWord(field)} (e.g. 'my-value'). Got value ${value.text}`,
  );
}

function listOf(field: RunField, identifier: string, value: RawValue & { kind: 'list' }): string[] {
  if (field.kind === 'attribute' && bareName(splitIdentifier(identifier).name) !== 'run_id')
    throw invalid("Only ['run_id'] attributes support comparison with a list of quoted string values.");
  if (field.kind !== 'attribute' && field.kind !== 'dataset')
    throw invalid(
      `Expected a quoted string value for ${kindWord(field)} (e.g. 'my-value'). Got value ${value.text}`,
    );
  return listItems(value);
}

function comparatorOf(field: RunField, comparator: string): Comparator {
  const allowed = isNumeric(field)
    ? numberComparators
    : field.kind === 'param' || field.kind === 'tag'
      ? pairComparators
      : textComparators;
  const known = comparators.find((own) => own === comparator);
  if (known === undefined || !allowed.includes(comparator)) {
    // MLflow names the comparators of texts for times as well, and closes the quote for some kinds only.
    const named = field.kind === 'attribute' ? textComparators : allowed;
    const closes = field.kind === 'param' || (field.kind === 'attribute' && !isNumeric(field));
    throw invalid(`Invalid comparator '${comparator}' not one of '${setText(named)}${closes ? "'" : ''}`);
  }
  return known;
}
