import type { RunOrder } from '../../../contract/index.ts';

/** `metrics.loss, started desc` as keys, the first counting most. Null for what is no such list. */
export function parseOrder(text: string): RunOrder[] | null {
  const keys = text.match(/(?:"[^"]*"|`[^`]*`|[^,])+/g) ?? [];
  const order = keys.map((key) => /^\s*(.+?)(?:\s+(asc|desc))?\s*$/is.exec(key));
  if (order.length === 0 || order.some((key) => key === null)) return null;
  return order.map((key) => ({ by: key?.[1] ?? '', descending: key?.[2]?.toLowerCase() === 'desc' }));
}
