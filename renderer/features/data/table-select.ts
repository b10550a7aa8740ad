import type { SortedBy } from '../sql/index.ts';

/** The SELECT over a table `t` of the rows for which a condition holds, in an order; empty and null for all of them as they come. */
export function tableSelect(condition: string, sorted: SortedBy | null): string {
  return [
    'SELECT * FROM t',
    ...(condition.trim() === '' ? [] : [`WHERE ${condition.trim()}`]),
    ...(sorted === null
      ? []
      : [
          `ORDER BY "${sorted.column.replaceAll('"', '""')}"${sorted.isDescending ? ' DESC' : ''} NULLS LAST`,
        ]),
  ].join(' ');
}
