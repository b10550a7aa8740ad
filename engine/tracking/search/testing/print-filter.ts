import { assertNever } from '../../../../contract/index.ts';
import type { RunCondition, RunField } from '../run-condition.ts';

/** For tests: a filter as text, with every group in brackets. */
export function printFilter(condition: RunCondition): string {
  switch (condition.kind) {
    case 'words':
      return condition.isPrefix ? condition.text : quoted(condition.text);
    case 'not':
      return `NOT ${printFilter(condition.of)}`;
    case 'all':
    case 'any':
      return `(${condition.of.map(printFilter).join(condition.kind === 'all' ? ' AND ' : ' or ')})`;
    case 'compare': {
      const { field, comparator, value } = condition.comparison;
      if (field.kind === 'attribute' && field.key === 'starred' && comparator === '=') return 'starred';
      const left = `${fieldText(field)} ${comparator}`;
      if (value === null) return left;
      if (Array.isArray(value)) return `${left} (${value.map(valueText).join(', ')})`;
      return `${left} ${valueText(value as string | number)}`;
    }
    default:
      return assertNever(condition);
  }
}

const attributeWords: Readonly<Record<string, string>> = {
  run_name: 'name',
  state: 'status',
  start_time: 'started',
  end_time: 'attributes.end_time',
  created_at: 'created',
};

function fieldText(field: RunField): string {
  if (field.kind === 'attribute') return attributeWords[field.key] ?? field.key;
  const name = /^[\w./]+$/.test(field.key) ? field.key : `\`${field.key.replaceAll('`', '``')}\``;
  return `${field.kind}s.${name}`;
}

const valueText = (value: string | number) => (typeof value === 'number' ? String(value) : quoted(value));
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
